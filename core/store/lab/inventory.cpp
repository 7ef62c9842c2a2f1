#include "core/store/lab/inventory.h"

#include "core/base/unit.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QDate>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Inventory", text);
}

struct Stock {
    QString uid;
    double quantity = 0;
    Unit unit;
};

/// In the order in which it is used up; locked until the transaction ends.
Result<QList<Stock>> stocksOf(Connection &connection, qint64 precursor)
{
    QList<Stock> stocks;
    const Status done = connection.select(
        u"SELECT uid, quantity, unit FROM precursor_inventory WHERE precursor_id = ? AND "
        "trashed_at IS NULL ORDER BY opened_on IS NULL, opened_on, received_on IS NULL, "
        "received_on, id"_s +
            connection.dialect().forUpdate(),
        {precursor}, [&stocks](const SqlRow &row) {
            stocks << Stock{row.text(0), row.real(1), Unit(row.text(2))};
        });
    if (!done)
        return done.error();
    return stocks;
}

Result<double> total(const QList<Stock> &stocks, const Unit &unit)
{
    double sum = 0;
    for (const Stock &stock : stocks) {
        const auto amount = stock.unit.convert(stock.quantity, unit);
        if (!amount)
            return amount.error();
        sum += amount.value();
    }
    return sum;
}

/// What a precursor's stock and dates say; "" where they say nothing.
QString statusFrom(const EntityRecord &precursor, const QList<Stock> &stocks)
{
    const QString expires = precursor.text(u"expiration_date"_s);
    if (!expires.isEmpty() && expires < QDate::currentDate().toString(Qt::ISODate))
        return u"expired"_s;
    if (stocks.isEmpty())
        return {};
    const bool isEmpty = std::all_of(stocks.begin(), stocks.end(),
                                     [](const Stock &stock) { return stock.quantity <= 0; });
    if (isEmpty)
        return u"empty"_s;
    const QVariant low = precursor.values.value(u"low_below"_s);
    if (!low.isValid())
        return {};
    const auto sum = total(stocks, Unit(precursor.text(u"low_unit"_s)));
    return sum && sum.value() < low.toDouble() ? u"low"_s : QString();
}

Status refreshStatus(Connection &connection, const Session &session, const QString &uid,
                     bool isUsed)
{
    EntityRepository precursors(connection, *entityByTable(u"precursors"_s));
    const auto precursor = precursors.find(session, uid);
    if (!precursor)
        return precursor.error();
    const auto stocks = stocksOf(connection, precursor.value().id);
    if (!stocks)
        return stocks.error();
    const QString before = precursor.value().text(u"status"_s);
    QString status = statusFrom(precursor.value(), stocks.value());
    if (status.isEmpty()) {
        const bool wasSpecial =
            before == u"low"_s || before == u"empty"_s || before == u"expired"_s;
        status = isUsed || wasSpecial ? u"in_use"_s : before;
    }
    if (status == before)
        return ok();
    const auto done =
        precursors.update(session, precursor.value(), {{u"status"_s, status}}, Origin::Store);
    return done ? ok() : Status(done.error());
}

Status take(Connection &connection, const Session &session, const QList<Stock> &stocks,
            double amount, const Unit &unit)
{
    EntityRepository repository(connection, *entityByTable(u"precursor_inventory"_s));
    for (const Stock &stock : stocks) {
        if (amount <= 0)
            break;
        const auto wanted = unit.convert(amount, stock.unit);
        if (!wanted)
            return wanted.error();
        const double used = std::min(wanted.value(), stock.quantity);
        if (used <= 0)
            continue;
        const auto record = repository.find(session, stock.uid);
        if (!record)
            return record.error();
        QVariantMap changes{{u"quantity"_s, stock.quantity - used}};
        if (!record.value().values.contains(u"opened_on"_s))
            changes.insert(u"opened_on"_s, QDate::currentDate().toString(Qt::ISODate));
        const auto done = repository.update(session, record.value(), changes, Origin::Store);
        if (!done)
            return done.error();
        const auto taken = stock.unit.convert(used, unit);
        if (!taken)
            return taken.error();
        amount = used < wanted.value() ? amount - taken.value() : 0;
    }
    return ok();
}

Status finishStock(const EntityWrite &write, const EntityRecord &stock)
{
    return refreshStatus(write.connection, write.session, stock.referenceUids.value(u"precursor"_s),
                         false);
}

Status finishPrecursor(const EntityWrite &write, const EntityRecord &precursor)
{
    const bool matters = write.isChanged(precursor, u"expiration_date"_s) ||
                         write.isChanged(precursor, u"low_below"_s) ||
                         write.isChanged(precursor, u"low_unit"_s);
    if (!matters || write.origin == Origin::Store)
        return ok();
    return refreshStatus(write.connection, write.session, precursor.uid, false);
}

Status prepareRun(const EntityWrite &write, QVariantMap *values)
{
    const QString from = write.before ? write.before->text(u"status"_s) : QString();
    const QString to = write.upcoming(*values, u"status"_s).toString();
    if (from == u"completed"_s && to != from)
        return Error{ErrorCode::Conflict,
                     tr("The run %1 is completed and has used up what it took: add a new run")
                         .arg(write.before->text(u"run_id"_s))};
    if (!write.before || from == to)
        return ok();
    const auto stamp = [&](const QString &field) {
        if (!write.upcoming(*values, field).isValid())
            values->insert(field, nowUs());
    };
    if (to != u"pending"_s)
        stamp(u"started_at"_s);
    if (to == u"completed"_s || to == u"failed"_s)
        stamp(u"completed_at"_s);
    return ok();
}

Status finishRun(const EntityWrite &write, const EntityRecord &run)
{
    if (!write.before || !write.isChanged(run, u"status"_s) ||
        run.text(u"status"_s) != u"completed"_s)
        return ok();
    struct Used {
        QString precursor;
        double amount;
        QString unit;
    };
    QList<Used> all;
    // A precursor whose stock nobody counts has none to take from.
    if (Status done = write.connection.select(
            u"SELECT p.uid, l.quantity, l.unit FROM fabrication_run_precursors l "
            "JOIN precursors p ON p.id = l.precursor_id WHERE l.run_id = ? AND l.quantity > 0 AND "
            "l.trashed_at IS NULL AND EXISTS (SELECT 1 FROM precursor_inventory i WHERE "
            "i.precursor_id = p.id AND i.trashed_at IS NULL) ORDER BY p.id"_s,
            {run.id},
            [&all](const SqlRow &row) {
                all << Used{row.text(0), row.real(1), row.text(2)};
            });
        !done)
        return done;
    for (const Used &used : std::as_const(all)) {
        const auto done = consumePrecursor(write.connection, write.session, used.precursor,
                                           used.amount, used.unit);
        if (!done)
            return done.error().within(tr("Completing the run %1").arg(run.text(u"run_id"_s)));
    }
    return ok();
}
} // namespace

Result<StockUse> consumePrecursor(Connection &connection, const Session &session,
                                  const QString &precursorKey, double amount,
                                  const QString &unitText)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    if (!(amount > 0) || !std::isfinite(amount))
        return Error{ErrorCode::BadInput, tr("Nothing can not be used up: give an amount above 0")};
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    EntityRepository precursors(connection, *entityByTable(u"precursors"_s));
    const auto precursor = precursors.find(session, precursorKey);
    if (!precursor)
        return precursor.error();
    const QString name = precursor.value().text(u"name"_s);
    const auto stocks = stocksOf(connection, precursor.value().id);
    if (!stocks)
        return stocks.error();
    const Unit unit(unitText);
    const auto there = total(stocks.value(), unit);
    if (!there)
        return there.error().within(tr("Stock of %1").arg(name));
    if (there.value() < amount)
        return Error{ErrorCode::Conflict,
                     tr("There is not enough of %1: %2 %3 are wanted, %4 %3 are there. Enter what "
                        "was received, or use less")
                         .arg(name, numberToText(amount), unitText, numberToText(there.value()))};
    if (Status done = take(connection, session, stocks.value(), amount, unit); !done)
        return done.error();
    if (Status done = refreshStatus(connection, session, precursor.value().uid, true); !done)
        return done.error();
    const auto after = precursors.get(session, precursor.value().id);
    if (!after)
        return after.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return StockUse{amount, there.value() - amount, after.value().text(u"status"_s)};
}

Result<QList<EntityRecord>> expiringPrecursors(Connection &connection, const Session &session,
                                               const QString &until)
{
    EntityRepository precursors(connection, *entityByTable(u"precursors"_s));
    QList<qint64> rows;
    const Status done = connection.select(
        u"SELECT id FROM precursors WHERE expiration_date <= ? AND trashed_at IS NULL AND "
        "archived_at IS NULL AND status <> 'empty' ORDER BY expiration_date, id LIMIT 1000"_s,
        {until}, [&rows](const SqlRow &row) { rows << row.integer(0); });
    if (!done)
        return done.error();
    QList<EntityRecord> records;
    for (const qint64 row : std::as_const(rows)) {
        auto record = precursors.get(session, row);
        if (!record)
            return record.error();
        records << std::move(record).value();
    }
    return records;
}

EntityHooks stockHooks()
{
    return {u"precursor_inventory"_s, nullptr, finishStock};
}

EntityHooks precursorHooks()
{
    return {u"precursors"_s, nullptr, finishPrecursor};
}

EntityHooks fabricationHooks()
{
    return {u"fabrication_runs"_s, prepareRun, finishRun};
}

} // namespace birch
