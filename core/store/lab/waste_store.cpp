#include "core/store/lab/waste_store.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/write_transaction.h"

#include <QDate>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Wastes", text);
}

/// The date field that a status fills in when a container gets it.
QString dateOf(const QString &status)
{
    static const QMap<QString, QString> dates{{u"awaiting_collection"_s, u"requested_on"_s},
                                              {u"collected"_s, u"collected_on"_s},
                                              {u"disposed"_s, u"disposed_on"_s}};
    return dates.value(status);
}

void stamp(const EntityWrite &write, QVariantMap *values, const QString &field)
{
    if (!field.isEmpty() && write.upcoming(*values, field).toString().isEmpty())
        values->insert(field, QDate::currentDate().toString(Qt::ISODate));
}

Status prepareWaste(const EntityWrite &write, QVariantMap *values)
{
    const double percent = write.upcoming(*values, u"fill_percent"_s).toDouble();
    values->insert(u"fill_status"_s, wasteFillStatus(percent));
    if (percent >= 90)
        stamp(write, values, u"full_on"_s);
    if (!write.before) {
        if (write.origin == Origin::Person)
            stamp(write, values, u"opened_on"_s);
        return ok();
    }
    const QString from = write.before->text(u"status"_s);
    const QString to = write.upcoming(*values, u"status"_s).toString();
    if (from == to)
        return ok();
    if (Status allowed = checkWasteStep(from, to); !allowed)
        return allowed;
    stamp(write, values, dateOf(to));
    return ok();
}
} // namespace

QString wasteFillStatus(double percent)
{
    if (percent <= 0)
        return u"empty"_s;
    if (percent < 50)
        return u"partial"_s;
    if (percent < 90)
        return u"nearly_full"_s;
    return percent <= 100 ? u"full"_s : u"overfull"_s;
}

Status checkWasteStep(const QString &from, const QString &to)
{
    static const QMap<QString, QStringList> steps{
        {u"active"_s, {u"awaiting_collection"_s, u"closed"_s}},
        {u"awaiting_collection"_s, {u"active"_s, u"collected"_s, u"closed"_s}},
        {u"collected"_s, {u"disposed"_s}},
        {u"disposed"_s, {}},
        {u"closed"_s, {u"awaiting_collection"_s, u"collected"_s}}};
    if (from == to || steps.value(from).contains(to))
        return ok();
    const QStringList next = steps.value(from);
    return Error{ErrorCode::Conflict,
                 next.isEmpty() ? tr("A container that is %1 stays so: make a new one").arg(from)
                                : tr("A container that is %1 can not become %2: it can become %3")
                                      .arg(from, to, next.join(u", "_s))};
}

EntityHooks wasteHooks()
{
    return {u"wastes"_s, prepareWaste, nullptr};
}

Result<EntityRecord> replaceWaste(Connection &connection, const Session &session,
                                  const QString &key)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    EntityRepository wastes(connection, *entityByTable(u"wastes"_s));
    const auto old = wastes.find(session, key);
    if (!old)
        return old;
    if (old.value().trashedUs)
        return Error{ErrorCode::Conflict,
                     tr("%1 is in the trash: restore it first").arg(old.value().text(u"name"_s))};
    QVariantMap values{{u"replaces"_s, old.value().uid}};
    for (const QString &field :
         {u"name"_s, u"waste_type"_s, u"container_type"_s, u"container_size"_s, u"contents"_s,
          u"ph_range"_s, u"epa_waste_code"_s, u"un_number"_s, u"sds_reference"_s,
          u"special_handling"_s}) {
        if (old.value().values.contains(field))
            values.insert(field, old.value().values.value(field));
    }
    for (const QString &field : {u"lab"_s, u"project"_s, u"owner"_s}) {
        if (old.value().referenceUids.contains(field))
            values.insert(field, old.value().referenceUids.value(field));
    }
    auto made = wastes.insert(session, values);
    if (!made)
        return made;
    const QString status = old.value().text(u"status"_s);
    if (status == u"active"_s || status == u"awaiting_collection"_s) {
        const auto closed =
            wastes.update(session, old.value(), {{u"status"_s, u"closed"_s}}, Origin::Store);
        if (!closed)
            return closed;
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

} // namespace birch
