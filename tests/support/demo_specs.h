#pragma once

#include "core/plan/compile_context.h"

namespace birch::test {

/// A bench that exists in numbers only: enough to compile trees against.
inline BenchSpecs demoSpecs()
{
    MovementSpec bias;
    bias.name = QStringLiteral("bias");
    bias.unit = QStringLiteral("V");
    bias.limits = {-10, 10};
    MeasurementSpec iv;
    iv.name = QStringLiteral("iv");
    ColumnSpec voltage;
    voltage.name = QStringLiteral("voltage");
    voltage.unit = QStringLiteral("V");
    ColumnSpec current;
    current.name = QStringLiteral("current");
    current.unit = QStringLiteral("A");
    iv.columns = {voltage, current};
    InstrumentSpec smu;
    smu.definitionId = QStringLiteral("demo-smu");
    smu.movements = {bias};
    smu.measurements = {iv};

    MovementSpec x;
    x.name = QStringLiteral("x");
    x.unit = QStringLiteral("mm");
    x.limits = {0, 100};
    x.hasStop = true;
    InstrumentSpec stage;
    stage.definitionId = QStringLiteral("demo-stage");
    stage.movements = {x};
    return {{QStringLiteral("smu"), smu}, {QStringLiteral("stage"), stage}};
}

} // namespace birch::test
