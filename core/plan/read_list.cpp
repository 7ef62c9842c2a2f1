#include "core/plan/read_list.h"

#include "core/plan/compile_context.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("ReadList", text);
}
} // namespace

FieldSpec measurementsField()
{
    FieldSpec measurements;
    measurements.key = u"measurements"_s;
    measurements.label = tr("Measurements");
    measurements.type = FieldType::Measurements;
    measurements.help = tr("What to read at the same time, e.g. smu.iv");
    measurements.isRequired = true;
    return measurements;
}

QList<PlanRead> compileReads(const ScanNode &node, CompileContext &context)
{
    QList<PlanRead> reads;
    QStringList seen;
    const QJsonArray names = node.fields.value(u"measurements"_s).toArray();
    for (qsizetype i = 0; i < names.size(); ++i) {
        const QString field = u"measurements.%1"_s.arg(i);
        const QString name = names[i].toString();
        if (seen.contains(name)) {
            context.problem(node, field, tr("\"%1\" is listed twice").arg(name),
                            tr("Remove one of the two; use repeats to read it more often"));
            continue;
        }
        seen.append(name);
        if (auto read = context.measurement(node, field, name))
            reads.append(*std::move(read));
    }
    return reads;
}

Nanoseconds readTime(const QList<PlanRead> &reads)
{
    QMap<QString, Nanoseconds> perInstrument;
    Nanoseconds longest{};
    for (const PlanRead &read : reads) {
        Nanoseconds &time = perInstrument[read.instrument];
        time += read.spec.readTime;
        longest = std::max(longest, time);
    }
    return longest;
}

} // namespace birch
