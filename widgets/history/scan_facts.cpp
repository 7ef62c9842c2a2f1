#include "widgets/history/scan_facts.h"

#include "widgets/models/number_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ScanFacts", text);
}

QString dayAndTime(qint64 us)
{
    return QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(us / 1000),
                                 u"yyyy-MM-dd HH:mm:ss"_s);
}

} // namespace

QString factsOf(const ScanRecord &scan)
{
    const QLocale locale(QLocale::English);
    QStringList facts{tr("Started %1").arg(dayAndTime(scan.startedUs))};
    if (scan.endedUs)
        facts << tr("Ended %1, took %2")
                     .arg(dayAndTime(*scan.endedUs), displayDuration(std::chrono::microseconds(
                                                         *scan.endedUs - scan.startedUs)));
    facts << tr("Station %1").arg(scan.station);
    for (const StoredObject &object : scan.objects)
        facts << tr("Rows of %1: %2; columns: %3")
                     .arg(object.schema.name, locale.toString(object.rowsStored))
                     .arg(object.schema.columns.size());
    if (scan.epoch > 1)
        facts << tr("Continuations: %1").arg(scan.epoch - 1);
    facts << tr("Version %1").arg(scan.softwareVersion);
    facts << tr("Last changed %1 by %2").arg(dayAndTime(scan.updatedUs), scan.updatedBy);
    return facts.join(u'\n');
}

QString logLine(const ScanLogEntry &entry)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(entry.timeNs / 1'000'000);
    return u"%1  %2  %3"_s.arg(QLocale::c().toString(when, u"HH:mm:ss"_s),
                               entry.level.leftJustified(7), entry.message);
}

} // namespace birch
