#include "core/store/lab/result_query.h"

#include "core/base/unit.h"
#include "core/store/place_rules.h"
#include "core/store/store_time.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxPerPage = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("ResultQuery", text);
}

struct Condition {
    QString where;
    QVariantList values;

    void add(const QString &term, const QVariantList &bound)
    {
        where += (where.isEmpty() ? u" WHERE "_s : u" AND "_s) + term;
        values += bound;
    }
};

QString fromSql()
{
    return u" FROM analysis_results r JOIN analyses a ON a.id = r.analysis_id "
           "JOIN analysis_methods m ON m.id = a.method_id "
           "LEFT JOIN samples s ON s.id = a.sample_id"_s;
}

/// Conditions on the analysis alone.
Condition analysisCondition(const Session &session, const ResultFilter &filter)
{
    Condition condition;
    if (const Visibility mine = visibleRows(placeRule(u"analyses"_s), session, u"a"_s);
        !mine.sql.isEmpty())
        condition.add(mine.sql, mine.values);
    condition.add(u"a.trashed_at IS NULL"_s, {});
    if (!filter.method.isEmpty())
        condition.add(u"m.name = ?"_s, {filter.method});
    if (!filter.sample.isEmpty())
        condition.add(u"(s.sample_id = ? OR s.uid = ?)"_s,
                      {filter.sample, filter.sample.toLower()});
    if (filter.sinceUs)
        condition.add(u"a.started_at >= ?"_s, {*filter.sinceUs});
    return condition;
}

Result<QStringList> unitsOf(Connection &connection, const QString &name)
{
    QStringList units;
    const Status done = connection.select(
        u"SELECT DISTINCT coalesce(unit, '') FROM analysis_results WHERE name = ? "
        "AND trashed_at IS NULL"_s,
        {name}, [&units](const SqlRow &row) { units << row.text(0); });
    if (!done)
        return done.error();
    return units;
}

/// The bounds in every unit that results of the name are stored in: each row is compared as it is.
Status addRange(Connection &connection, const ResultFilter &filter, Condition *condition)
{
    if (!filter.minimum && !filter.maximum)
        return ok();
    const auto units = unitsOf(connection, filter.name);
    if (!units)
        return units.error();
    const Unit wanted(filter.unit);
    QStringList terms;
    QVariantList values;
    for (const QString &symbol : units.value()) {
        const auto low = wanted.convert(
            filter.minimum.value_or(-std::numeric_limits<double>::max()), Unit(symbol));
        const auto high = wanted.convert(
            filter.maximum.value_or(std::numeric_limits<double>::max()), Unit(symbol));
        if (!low || !high)
            continue;
        terms << u"(coalesce(r.unit, '') = ? AND r.value BETWEEN ? AND ?)"_s;
        values << symbol << low.value() << high.value();
    }
    if (terms.isEmpty() && !units.value().isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("No result \"%1\" is in a unit that fits \"%2\": they are in %3")
                         .arg(filter.name, filter.unit, units.value().join(u", "_s))};
    condition->add(terms.isEmpty() ? u"1 = 0"_s : u'(' + terms.join(u" OR "_s) + u')', values);
    return ok();
}

std::optional<double> optionalReal(const SqlRow &row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional<double>(row.real(column));
}

FoundResult foundResult(const SqlRow &row)
{
    return {row.text(0),          row.text(1), row.text(2),          row.text(3), row.text(4),
            optionalReal(row, 5), row.text(6), optionalReal(row, 7), row.text(8), row.integer(9)};
}

Status selectResults(Connection &connection, const Condition &condition, const QString &tail,
                     const QVariantList &more, const std::function<void(FoundResult)> &onResult)
{
    return connection.select(
        u"SELECT r.uid, a.analysis_id, m.name, s.sample_id, r.name, r.value, r.unit, "
        "r.uncertainty, r.text_value, coalesce(a.started_at, a.created_at)"_s +
            fromSql() + condition.where +
            u" ORDER BY coalesce(a.started_at, a.created_at) DESC, r.id DESC"_s + tail,
        condition.values + more, [&onResult](const SqlRow &row) { onResult(foundResult(row)); });
}

Result<Condition> resultCondition(Connection &connection, const Session &session,
                                  const ResultFilter &filter)
{
    Condition condition = analysisCondition(session, filter);
    condition.add(u"r.trashed_at IS NULL"_s, {});
    if (!filter.name.isEmpty())
        condition.add(u"r.name = ?"_s, {filter.name});
    if (Status done = addRange(connection, filter, &condition); !done)
        return done.error();
    return condition;
}

void addNumbers(std::vector<double> values, AnalysisStatistics *statistics)
{
    statistics->count = qint64(values.size());
    if (values.empty())
        return;
    std::ranges::sort(values);
    statistics->minimum = values.front();
    statistics->maximum = values.back();
    double sum = 0;
    for (const double value : values)
        sum += value;
    statistics->mean = sum / double(values.size());
    const size_t middle = values.size() / 2;
    statistics->median =
        values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Status addStates(Connection &connection, const Session &session, const ResultFilter &filter,
                 AnalysisStatistics *statistics)
{
    const Condition condition = analysisCondition(session, filter);
    const Status done = connection.select(
        u"SELECT a.status, count(*) FROM analyses a JOIN analysis_methods m ON m.id = a.method_id "
        "LEFT JOIN samples s ON s.id = a.sample_id"_s +
            condition.where + u" GROUP BY a.status"_s,
        condition.values, [statistics](const SqlRow &row) {
            statistics->countByState.insert(row.text(0), row.integer(1));
        });
    const double completed = double(statistics->countByState.value(u"completed"_s));
    const double failed = double(statistics->countByState.value(u"failed"_s));
    if (completed + failed > 0)
        statistics->successRate = completed / (completed + failed);
    return done;
}
} // namespace

QJsonObject FoundResult::toJson() const
{
    return {{u"uid"_s, uid},
            {u"analysis_id"_s, analysisId},
            {u"method"_s, method},
            {u"sample"_s, sample},
            {u"name"_s, name},
            {u"value"_s, value ? QJsonValue(*value) : QJsonValue()},
            {u"unit"_s, unit},
            {u"uncertainty"_s, uncertainty ? QJsonValue(*uncertainty) : QJsonValue()},
            {u"text"_s, text},
            {u"at"_s, isoTime(us)}};
}

QJsonObject AnalysisStatistics::toJson() const
{
    QJsonObject states;
    for (auto it = countByState.begin(); it != countByState.end(); ++it)
        states.insert(it.key(), it.value());
    QJsonObject json{{u"states"_s, states}, {u"success_rate"_s, successRate}};
    if (!result.isEmpty())
        json.insert(u"result"_s, QJsonObject{{u"name"_s, result},
                                             {u"unit"_s, unit},
                                             {u"count"_s, count},
                                             {u"mean"_s, mean},
                                             {u"median"_s, median},
                                             {u"minimum"_s, minimum},
                                             {u"maximum"_s, maximum},
                                             {u"latest"_s, latest ? QJsonValue(latest->toJson())
                                                                  : QJsonValue()}});
    return json;
}

Result<ResultPage> findResults(Connection &connection, const Session &session,
                               const ResultFilter &filter)
{
    if (filter.page < 1 || filter.perPage < 1 || filter.perPage > kMaxPerPage)
        return Error{
            ErrorCode::BadInput,
            tr("Pages begin at 1 and hold 1 to %1 rows: ask for another one").arg(kMaxPerPage)};
    if ((filter.minimum || filter.maximum) && filter.name.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("A range needs the name of the result: give it, e.g. gap")};
    const auto condition = resultCondition(connection, session, filter);
    if (!condition)
        return condition.error();
    ResultPage page{{}, 0, filter.page, filter.perPage};
    const auto counted = connection.firstRow(
        u"SELECT count(*)"_s + fromSql() + condition.value().where, condition.value().values);
    if (!counted)
        return counted.error();
    page.total = counted.value()->first().toLongLong();
    const Status done =
        selectResults(connection, condition.value(), u" LIMIT ? OFFSET ?"_s,
                      {filter.perPage, qint64(filter.page - 1) * filter.perPage},
                      [&page](FoundResult found) { page.results.append(std::move(found)); });
    if (!done)
        return done.error();
    return page;
}

Result<AnalysisStatistics> analysisStatistics(Connection &connection, const Session &session,
                                              const ResultFilter &filter)
{
    AnalysisStatistics statistics;
    if (Status done = addStates(connection, session, filter, &statistics); !done)
        return done.error();
    if (filter.name.isEmpty())
        return statistics;
    const auto condition = resultCondition(connection, session, filter);
    if (!condition)
        return condition.error();
    statistics.result = filter.name;
    statistics.unit = filter.unit;
    std::vector<double> values;
    const Status done =
        selectResults(connection, condition.value(), {}, {}, [&](const FoundResult &found) {
            if (!found.value)
                return;
            if (!statistics.latest && filter.unit.isEmpty())
                statistics.unit = found.unit;
            const auto value = Unit(found.unit).convert(*found.value, Unit(statistics.unit));
            if (!value)
                return;
            if (!statistics.latest)
                statistics.latest = found;
            values.push_back(value.value());
        });
    if (!done)
        return done.error();
    addNumbers(std::move(values), &statistics);
    return statistics;
}

} // namespace birch
