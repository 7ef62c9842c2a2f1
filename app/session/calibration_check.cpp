#include "app/session/calibration_check.h"

#include "core/store/lab/record_rules.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("CalibrationCheck", text);
}

Problem overdue(const QString &what, const QDate &due, const QDate &date)
{
    const QString since = date.isValid()
                              ? tr(" (the last one was on %1)").arg(date.toString(Qt::ISODate))
                              : QString();
    return {.field = what,
            .message = tr("The calibration of %1 is overdue since %2%3")
                           .arg(what, due.toString(Qt::ISODate), since),
            .remedy = tr("Have it calibrated and enter date and due date, or go on with what it "
                         "says")};
}

/// The newest that the bench says of it; invalid: nothing.
QDate newestDate(const InstrumentSpec &spec)
{
    QDate newest;
    for (const Calibration &one : spec.calibrations) {
        if (one.date.isValid() && (!newest.isValid() || one.date > newest))
            newest = one.date;
    }
    return newest;
}

} // namespace

Problems calibrationWarnings(const QStringList &nicknames, const BenchSpecs &bench,
                             const QDate &today)
{
    Problems warnings;
    for (const QString &nickname : nicknames) {
        const InstrumentSpec spec = bench.value(nickname);
        QDate own; // what its columns take from it is told once
        for (const Calibration &one : spec.calibrations) {
            if (one.column.isEmpty())
                own = one.due;
            if (!one.isOverdue(today) || (!one.column.isEmpty() && one.due == own))
                continue;
            warnings << overdue(one.column.isEmpty() ? nickname : nickname + u'.' + one.column,
                                one.due, one.date);
        }
    }
    return warnings;
}

Result<Problems> storedCalibrationWarnings(Connection &connection, const Session &session,
                                           const QString &station, const QStringList &nicknames,
                                           const BenchSpecs &bench, const QDate &today)
{
    QMap<QString, QString> nicknameOf; // by uid, of the instrument and of its equipment
    const Status read = connection.select(
        u"SELECT b.nickname, i.uid, e.uid FROM instrument_bindings b JOIN instruments i ON i.id = "
        "b.instrument_id JOIN stations s ON s.id = b.station_id LEFT JOIN equipment e ON e.id = "
        "i.equipment_id WHERE s.name = ? AND b.is_primary AND b.trashed_at IS NULL"_s,
        {station}, [&](const SqlRow &row) {
            if (!nicknames.contains(row.text(0)))
                return;
            nicknameOf.insert(row.text(1), row.text(0));
            if (!row.isNull(2))
                nicknameOf.insert(row.text(2), row.text(0));
        });
    if (!read)
        return read.error();
    Problems warnings;
    if (nicknameOf.isEmpty())
        return warnings;
    const auto due = dueCalibrations(connection, session, today.addDays(-1).toString(Qt::ISODate));
    if (!due)
        return due.error();
    for (const EntityRecord &record : due.value()) {
        const QString nickname = nicknameOf.value(record.referenceUids.value(u"object"_s));
        const QDate date = QDate::fromString(record.text(u"calibrated_on"_s), Qt::ISODate);
        if (nickname.isEmpty() || newestDate(bench.value(nickname)) > date)
            continue;
        const QString quantity = record.text(u"quantity"_s);
        warnings << overdue(quantity.isEmpty() ? nickname : nickname + u'.' + quantity,
                            QDate::fromString(record.text(u"due_on"_s), Qt::ISODate), date);
    }
    return warnings;
}

} // namespace birch
