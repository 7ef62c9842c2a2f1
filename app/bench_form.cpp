#include "app/bench_form.h"

namespace birch {

namespace {

std::optional<BenchTarget> targetOf(const std::optional<double> &value, int order)
{
    return value ? std::optional(BenchTarget{*value, order}) : std::nullopt;
}

QList<BenchEdit> movementEdits(const QString &nickname, const MovementForm &before,
                               const MovementForm &now)
{
    QList<BenchEdit> edits;
    const MovementSpec spec = now.defined;
    if (now.limits != before.limits)
        edits.append([=, limits = now.limits](const QByteArray &text) {
            return withLimits(text, nickname, spec.name, limits);
        });
    if (now.safe != before.safe)
        edits.append([=, target = targetOf(now.safe, spec.safeOrder)](const QByteArray &text) {
            return withSafeValue(text, nickname, spec.name, target);
        });
    if (now.pause != before.pause)
        edits.append([=, target = targetOf(now.pause, spec.pauseOrder)](const QByteArray &text) {
            return withPauseValue(text, nickname, spec.name, target);
        });
    return edits;
}

} // namespace

QList<BenchEdit> benchEdits(const InstrumentForm &before, const InstrumentForm &now)
{
    QList<BenchEdit> edits;
    const QString nickname = before.nickname;
    if (now.address != before.address)
        edits.append([=, address = now.address](const QByteArray &text) {
            return withAddress(text, nickname, address);
        });
    if (now.definition != before.definition)
        edits.append([=, definition = now.definition](const QByteArray &text) {
            return withDefinition(text, nickname, definition);
        });
    for (qsizetype i = 0; i < std::min(before.movements.size(), now.movements.size()); ++i)
        edits += movementEdits(nickname, before.movements[i], now.movements[i]);
    for (const QString &column : QStringList(QString()) + now.columns) {
        const auto calibrationIn = [&](const InstrumentForm &form) -> std::optional<Calibration> {
            const auto it = form.calibrations.constFind(column);
            return it == form.calibrations.cend() ? std::nullopt : std::optional(*it);
        };
        const auto calibration = calibrationIn(now);
        if (calibration != calibrationIn(before))
            edits.append([=](const QByteArray &text) {
                return withCalibration(text, nickname, column, calibration);
            });
    }
    if (now.nickname != nickname)
        edits.append([=, name = now.nickname](const QByteArray &text) {
            return withNickname(text, nickname, name);
        });
    return edits;
}

InstrumentForm formOf(const BenchEntry &entry)
{
    InstrumentForm form;
    form.nickname = entry.nickname;
    form.definition = entry.spec.definitionId;
    form.address = entry.address;
    const QList<MovementSpec> &defined = entry.definition->spec.movements;
    for (qsizetype i = 0; i < defined.size(); ++i) {
        const MovementSpec &now = entry.spec.movements[i];
        MovementForm movement{defined[i], {}, {}, {}};
        if (now.limits != defined[i].limits)
            movement.limits = now.limits;
        if (now.safeValue != defined[i].safeValue)
            movement.safe = now.safeValue;
        if (now.pauseValue != defined[i].pauseValue)
            movement.pause = now.pauseValue;
        form.movements.append(movement);
    }
    Calibration whole; // what a column has from the instrument is not said of the column
    for (Calibration calibration : entry.spec.calibrations) {
        if (calibration.column.isEmpty()) {
            whole = calibration;
        } else {
            const auto leave = [](auto &own, const auto &inherited) {
                if (own == inherited)
                    own = std::remove_reference_t<decltype(own)>();
            };
            leave(calibration.date, whole.date);
            leave(calibration.due, whole.due);
            leave(calibration.by, whole.by);
            leave(calibration.certificate, whole.certificate);
        }
        form.calibrations.insert(calibration.column, calibration);
    }
    for (const MeasurementSpec &measurement : entry.spec.measurements) {
        for (const ColumnSpec &column : measurement.columns) {
            const QString full = measurement.name + u'.' + column.name;
            if (column.type == ColumnType::Float64)
                form.columns.append(form.calibrations.contains(full) ? full : column.name);
        }
    }
    return form;
}

} // namespace birch
