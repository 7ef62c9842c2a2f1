#include "core/plan/watch_crowding.h"

#include "core/plan/duration_text.h"

#include <QCoreApplication>
#include <QSet>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("WatchCrowding", text);
}
} // namespace

void noteCrowding(const ScanNode &node, CompileContext &context, const QList<PlanRead> &reads,
                  Nanoseconds patience, qsizetype objectsBefore, const QString &consequence)
{
    QSet<QString> watched;
    for (const PlanRead &read : reads)
        watched.insert(read.instrument);
    for (qsizetype i = objectsBefore; i < context.objects().size(); ++i) {
        for (const PlanRead &read : context.objects()[i].reads) {
            if (!watched.contains(read.instrument) || read.spec.readTime <= patience)
                continue;
            return context.note(
                node, u"interval"_s,
                tr("%1 is read for about %2 inside it, and can not be read meanwhile: %3")
                    .arg(read.instrument + u'.' + read.spec.name, durationText(read.spec.readTime),
                         consequence),
                tr("Use a longer interval, or watch another instrument"));
        }
    }
}

} // namespace birch
