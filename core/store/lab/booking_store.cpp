#include "core/store/lab/booking_store.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/lab/lab_zone.h"
#include "core/store/lab/recurrence.h"
#include "core/store/store_time.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxOccurrences = 366;

QString tr(const char *text)
{
    return QCoreApplication::translate("Bookings", text);
}

/// Takes room: what was refused or is over does not.
bool blocks(const QString &status)
{
    return status == u"pending"_s || status == u"confirmed"_s || status == u"in_progress"_s;
}

BookingSlot slotOf(const EntityRecord &booking)
{
    return {booking.values.value(u"start_at"_s).toLongLong(),
            booking.values.value(u"end_at"_s).toLongLong()};
}

QString localText(qint64 us, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(us / 1000, zone).toString(u"yyyy-MM-dd HH:mm"_s);
}

Result<qint64> equipmentRow(Connection &connection, const QString &uid)
{
    // Two who book at once wait here for each other. References take a weaker lock, which is why
    // this one must not be FOR UPDATE: both would hold theirs already.
    const QString lock = connection.dialect().isPostgres() ? u" FOR NO KEY UPDATE"_s : QString();
    const auto row = connection.firstRow(u"SELECT id FROM equipment WHERE uid = ?"_s + lock, {uid});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, tr("The equipment is gone: choose another one")};
    return row.value()->first().toLongLong();
}

Status refuseOverlap(const EntityWrite &write, const EntityRecord &booking, qint64 equipment,
                     const BookingRules &rules, const QTimeZone &zone)
{
    const BookingSlot slot = slotOf(booking);
    const qint64 buffer = rules.bufferMinutes * 60'000'000LL;
    const auto other = write.connection.firstRow(
        u"SELECT title, start_at, end_at FROM bookings WHERE equipment_id = ? AND id <> ? AND "
        "trashed_at IS NULL AND status IN ('pending', 'confirmed', 'in_progress') AND "
        "start_at < ? AND end_at > ? ORDER BY start_at LIMIT 1"_s,
        {equipment, booking.id, slot.endUs + buffer, slot.startUs - buffer});
    if (!other)
        return other.error();
    if (!other.value())
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("%1 to %2 is in conflict with \"%3\" (%4 to %5): choose another time")
                     .arg(localText(slot.startUs, zone), localText(slot.endUs, zone),
                          other.value()->at(0).toString(),
                          localText(other.value()->at(1).toLongLong(), zone),
                          localText(other.value()->at(2).toLongLong(), zone))};
}

Result<bool> isMember(const EntityWrite &write, const EntityRecord &booking)
{
    const auto row = write.connection.firstRow(
        u"SELECT 1 FROM lab_members m JOIN users u ON u.id = m.user_id JOIN labs l ON "
        "l.id = m.lab_id WHERE u.username = ? AND l.uid = ? AND m.trashed_at IS NULL"_s,
        {write.session.user, booking.referenceUids.value(u"lab"_s)});
    if (!row)
        return row.error();
    return row.value().has_value();
}

/// A new booking of a person: it waits for approval where that is needed.
Status setFirstStatus(const EntityWrite &write, const EntityRecord &booking,
                      const BookingRules &rules)
{
    if (write.before || !rules.requiresApproval || booking.text(u"status"_s) != u"confirmed"_s)
        return ok();
    const auto member = isMember(write, booking);
    if (!member)
        return member.error();
    if (write.session.role == Role::Admin || (rules.approvesMembers && member.value()))
        return ok();
    return write.connection.execute(u"UPDATE bookings SET status = 'pending' WHERE id = ?"_s,
                                    {booking.id});
}

Status addRepetitions(const EntityWrite &write, const EntityRecord &booking,
                      const BookingRules &rules, const QTimeZone &zone)
{
    const auto rule = Recurrence::parse(booking.text(u"recurrence_rule"_s));
    if (!rule)
        return rule.error();
    if (!rules.allowsRecurring)
        return Error{ErrorCode::BadInput, tr("It can not be booked repeatedly: book it once")};
    const BookingSlot first = slotOf(booking);
    const QDateTime start = QDateTime::fromMSecsSinceEpoch(first.startUs / 1000, zone);
    const QDateTime last = QDateTime::fromMSecsSinceEpoch(first.startUs / 1000, zone)
                               .addDays(7LL * rules.maxRecurringWeeks);
    QStringList problems;
    EntityRepository bookings(write.connection, *entityByTable(u"bookings"_s));
    for (const QDateTime &at : rule.value().occurrences(start, last, kMaxOccurrences)) {
        const qint64 startUs = at.toMSecsSinceEpoch() * 1000 + first.startUs % 1000;
        if (startUs == first.startUs)
            continue;
        QVariantMap values;
        for (const QString &field : {u"title"_s, u"description"_s, u"status"_s, u"notes"_s}) {
            if (booking.values.contains(field))
                values.insert(field, booking.values.value(field));
        }
        for (const QString &field : {u"equipment"_s, u"user"_s, u"project"_s}) {
            if (booking.referenceUids.contains(field))
                values.insert(field, booking.referenceUids.value(field));
        }
        values.insert(u"parent"_s, booking.uid);
        values.insert(u"start_at"_s, startUs);
        values.insert(u"end_at"_s, startUs + first.endUs - first.startUs);
        const auto made = bookings.insert(write.session, values, {}, {.origin = write.origin});
        if (!made && made.error().code != ErrorCode::Conflict &&
            made.error().code != ErrorCode::BadInput)
            return made.error();
        if (!made)
            problems << made.error().message;
    }
    if (problems.isEmpty())
        return ok();
    return Error{
        ErrorCode::Conflict,
        tr("Nothing was booked, because of these repetitions: %1").arg(problems.join(u"; "_s))};
}

Status checkApprover(const EntityWrite &write, const EntityRecord &booking)
{
    if (write.session.role == Role::Admin || write.origin == Origin::Store)
        return ok();
    const auto approver = write.connection.firstRow(
        u"SELECT u.username FROM equipment e LEFT JOIN booking_rules r ON r.equipment_id = e.id "
        "LEFT JOIN users u ON u.id = coalesce(r.approver_id, e.owner_id) WHERE e.uid = ?"_s,
        {booking.referenceUids.value(u"equipment"_s)});
    if (!approver)
        return approver.error();
    const QString name = approver.value() ? approver.value()->first().toString() : QString();
    if (!name.isEmpty() && name == write.session.user)
        return ok();
    return Error{ErrorCode::Denied, tr("Only %1 or an administrator may approve this booking")
                                        .arg(name.isEmpty() ? tr("its approver") : name)};
}

Status checkStep(const EntityWrite &write, const QString &from, const QString &to)
{
    static const QMap<QString, QStringList> steps{
        {u"pending"_s, {u"confirmed"_s, u"cancelled"_s}},
        {u"confirmed"_s, {u"in_progress"_s, u"cancelled"_s, u"no_show"_s, u"completed"_s}},
        {u"in_progress"_s, {u"completed"_s, u"cancelled"_s}},
        {u"completed"_s, {}},
        {u"cancelled"_s, {}},
        {u"no_show"_s, {}}};
    if (from == to || steps.value(from).contains(to))
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("A booking that is %1 can not become %2: %3")
                     .arg(from, to,
                          steps.value(from).isEmpty()
                              ? tr("make a new one for \"%1\"").arg(write.before->text(u"title"_s))
                              : tr("it can become %1").arg(steps.value(from).join(u", "_s)))};
}

Status prepareStep(const EntityWrite &write, QVariantMap *values)
{
    const QString from = write.before->text(u"status"_s);
    const QString to = write.upcoming(*values, u"status"_s).toString();
    if (Status allowed = checkStep(write, from, to); !allowed || from == to)
        return allowed;
    const auto stamp = [&](const QString &field) {
        if (!values->contains(field))
            values->insert(field, nowUs());
    };
    if (from == u"pending"_s && to == u"confirmed"_s) {
        if (Status may = checkApprover(write, *write.before); !may)
            return may;
        stamp(u"approved_at"_s);
        const auto known = write.connection.firstRow(u"SELECT 1 FROM users WHERE username = ?"_s,
                                                     {write.session.user});
        if (!known)
            return known.error();
        if (known.value() && !values->contains(u"approved_by"_s))
            values->insert(u"approved_by"_s, write.session.user);
    }
    if (to == u"in_progress"_s)
        stamp(u"actual_start_at"_s);
    if (to == u"completed"_s)
        stamp(u"actual_end_at"_s);
    return ok();
}

Status prepareBooking(const EntityWrite &write, QVariantMap *values)
{
    if (Status ordered = checkOrder({write.upcoming(*values, u"start_at"_s).toLongLong(),
                                     write.upcoming(*values, u"end_at"_s).toLongLong()});
        !ordered)
        return ordered;
    if (const QString rule = values->value(u"recurrence_rule"_s).toString(); !rule.isEmpty()) {
        if (const auto read = Recurrence::parse(rule); !read)
            return read.error();
    }
    return write.before ? prepareStep(write, values) : ok();
}

Status finishBooking(const EntityWrite &write, const EntityRecord &booking)
{
    const bool isMoved = write.isChanged(booking, u"start_at"_s) ||
                         write.isChanged(booking, u"end_at"_s) ||
                         write.isChanged(booking, u"equipment"_s);
    if (!blocks(booking.text(u"status"_s)) || (!isMoved && !write.isChanged(booking, u"status"_s)))
        return ok();
    const auto equipment =
        equipmentRow(write.connection, booking.referenceUids.value(u"equipment"_s));
    if (!equipment)
        return equipment.error();
    const auto rules = bookingRulesOf(write.connection, equipment.value());
    if (!rules)
        return rules.error();
    const auto zone = labZone(write.connection, booking.referenceUids.value(u"lab"_s));
    if (!zone)
        return zone.error();
    if (isMoved && write.origin == Origin::Person) {
        if (Status open = checkHours(rules.value(), slotOf(booking), zone.value()); !open)
            return open;
        // How far a repetition reaches ahead has a limit of its own.
        if (!booking.values.contains(u"parent"_s)) {
            if (Status soon = checkAdvance(rules.value(), slotOf(booking), nowUs()); !soon)
                return soon;
        }
    }
    if (Status unused =
            refuseOverlap(write, booking, equipment.value(), rules.value(), zone.value());
        !unused)
        return unused;
    if (Status done = setFirstStatus(write, booking, rules.value()); !done)
        return done;
    const bool repeats = !write.before && write.origin == Origin::Person &&
                         !booking.text(u"recurrence_rule"_s).isEmpty();
    return repeats ? addRepetitions(write, booking, rules.value(), zone.value()) : ok();
}

BookingRules rulesFrom(const SqlRow &row)
{
    BookingRules rules;
    rules.isEnabled = row.value(0).toBool();
    rules.minMinutes = int(row.integer(1));
    rules.maxMinutes = int(row.integer(2));
    rules.minAdvanceDays = int(row.integer(3));
    rules.maxAdvanceDays = int(row.integer(4));
    rules.bufferMinutes = int(row.integer(5));
    rules.requiresApproval = row.value(6).toBool();
    rules.approvesMembers = row.value(7).toBool();
    rules.allowsRecurring = row.value(8).toBool();
    rules.maxRecurringWeeks = int(row.integer(9));
    rules.availability = QJsonDocument::fromJson(row.text(10).toUtf8()).object();
    rules.blockedDates = QJsonDocument::fromJson(row.text(11).toUtf8()).array();
    return rules;
}

Status prepareRules(const EntityWrite &write, QVariantMap *values)
{
    BookingRules rules;
    rules.minMinutes = write.upcoming(*values, u"min_minutes"_s).toInt();
    rules.maxMinutes = write.upcoming(*values, u"max_minutes"_s).toInt();
    rules.availability = write.upcoming(*values, u"availability"_s).toJsonValue().toObject();
    rules.blockedDates = write.upcoming(*values, u"blocked_dates"_s).toJsonValue().toArray();
    return write.origin == Origin::Person ? checkReadable(rules) : ok();
}
} // namespace

Result<BookingRules> bookingRulesOf(Connection &connection, qint64 equipment)
{
    BookingRules rules;
    const Status done = connection.select(
        u"SELECT is_enabled, min_minutes, max_minutes, min_advance_days, max_advance_days, "
        "buffer_minutes, requires_approval, approves_members, allows_recurring, "
        "max_recurring_weeks, availability, blocked_dates FROM booking_rules "
        "WHERE equipment_id = ? AND trashed_at IS NULL"_s,
        {equipment}, [&rules](const SqlRow &row) { rules = rulesFrom(row); });
    if (!done)
        return done.error();
    return rules;
}

EntityHooks bookingHooks()
{
    return {u"bookings"_s, prepareBooking, finishBooking};
}

EntityHooks bookingRuleHooks()
{
    return {u"booking_rules"_s, prepareRules, nullptr};
}

} // namespace birch
