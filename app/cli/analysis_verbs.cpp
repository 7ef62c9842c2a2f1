#include "app/cli/entity_verbs.h"
#include "app/cli/text_table.h"
#include "core/base/json_file.h"
#include "core/store/lab/analysis_batch.h"
#include "core/store/lab/analysis_store.h"
#include "core/store/lab/result_query.h"
#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

int record(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const QString path = invocation.arguments().value(1);
    if (invocation.arguments().size() != 2)
        return invocation.usage(tr("Give one JSON file with the analysis."));
    Problems problems;
    const auto file = readJsonFile(path, &problems);
    if (!file)
        return invocation.fail(problems);
    const auto analysis = NewAnalysis::fromJson(file->root);
    if (!analysis)
        return invocation.fail(analysis.error().within(path));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    return printRecord(invocation, spec,
                       AnalysisStore(data.value()->connection())
                           .record(data.value()->session(), analysis.value()));
}

Result<std::optional<double>> numberOption(const Invocation &invocation, const QString &option)
{
    if (!invocation.isSet(option))
        return std::optional<double>();
    bool isNumber = false;
    const double number = invocation.value(option).toDouble(&isNumber);
    if (!isNumber)
        return Error{ErrorCode::BadInput,
                     tr("--%1 takes a number, not \"%2\".").arg(option, invocation.value(option))};
    return std::optional<double>(number);
}

Result<ResultFilter> resultFilter(const Invocation &invocation)
{
    ResultFilter filter;
    filter.name = invocation.arguments().value(1);
    filter.unit = invocation.value(u"unit"_s);
    filter.sample = invocation.value(u"sample"_s);
    filter.method = invocation.value(u"method"_s);
    const auto low = numberOption(invocation, u"min"_s);
    const auto high = numberOption(invocation, u"max"_s);
    if (!low || !high)
        return low ? high.error() : low.error();
    filter.minimum = low.value();
    filter.maximum = high.value();
    if (invocation.isSet(u"since"_s)) {
        filter.sinceUs = timeFromIso(invocation.value(u"since"_s));
        if (!filter.sinceUs)
            return Error{ErrorCode::BadInput,
                         tr("--since takes a time such as 2026-01-31, not \"%1\".")
                             .arg(invocation.value(u"since"_s))};
    }
    for (const auto &[option, number] :
         {std::pair(u"page"_s, &filter.page), std::pair(u"per-page"_s, &filter.perPage)}) {
        bool isNumber = true;
        if (invocation.isSet(option))
            *number = invocation.value(option).toInt(&isNumber);
        if (!isNumber || *number < 1)
            return Error{ErrorCode::BadInput, tr("--%1 takes a whole number from 1, not \"%2\".")
                                                  .arg(option, invocation.value(option))};
    }
    return filter;
}

void printResults(const Invocation &invocation, const ResultPage &page)
{
    TextTable table(
        {tr("analysis"), tr("result"), tr("value"), tr("±"), tr("unit"), tr("sample"), tr("at")});
    for (const FoundResult &found : page.results)
        table.add({found.analysisId, found.name,
                   found.value ? QString::number(*found.value, 'g', 10) : found.text,
                   found.uncertainty ? QString::number(*found.uncertainty, 'g', 3) : QString(),
                   found.unit, found.sample, isoTime(found.us).first(19)});
    if (!page.results.isEmpty()) {
        for (const QString &line : table.withoutEmptyColumns().lines(terminalWidth()))
            invocation.print(line);
    }
    invocation.print(tr("%1 altogether").arg(page.total));
}

int results(const Invocation &invocation, const Station &station, const EntitySpec &)
{
    const auto filter = resultFilter(invocation);
    if (!filter)
        return invocation.fail(filter.error());
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto page =
        findResults(data.value()->connection(), data.value()->session(), filter.value());
    if (!page)
        return invocation.fail(page.error());
    if (!invocation.isJson) {
        printResults(invocation, page.value());
        return kDone;
    }
    QJsonArray list;
    for (const FoundResult &found : page.value().results)
        list.append(found.toJson());
    invocation.printJson({{u"results"_s, list},
                          {u"total"_s, page.value().total},
                          {u"page"_s, page.value().page},
                          {u"per_page"_s, page.value().perPage}});
    return kDone;
}

int statistics(const Invocation &invocation, const Station &station, const EntitySpec &)
{
    const auto filter = resultFilter(invocation);
    if (!filter)
        return invocation.fail(filter.error());
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto found =
        analysisStatistics(data.value()->connection(), data.value()->session(), filter.value());
    if (!found)
        return invocation.fail(found.error());
    if (invocation.isJson) {
        invocation.printJson(found.value().toJson());
        return kDone;
    }
    const AnalysisStatistics &all = found.value();
    for (auto it = all.countByState.begin(); it != all.countByState.end(); ++it)
        invocation.print(u"%1  %2"_s.arg(it.key(), -12).arg(it.value()));
    invocation.print(u"%1  %2 %"_s.arg(tr("success"), -12).arg(100 * all.successRate, 0, 'f', 1));
    if (all.count > 0)
        invocation.print(tr("%1: %2 values, mean %3, median %4, from %5 to %6 %7")
                             .arg(all.result)
                             .arg(all.count)
                             .arg(all.mean)
                             .arg(all.median)
                             .arg(all.minimum)
                             .arg(all.maximum)
                             .arg(all.unit));
    return kDone;
}

int progress(const Invocation &invocation, const Station &station, const EntitySpec &)
{
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto now = AnalysisBatches(data.value()->connection())
                         .progress(data.value()->session(), invocation.arguments().value(1));
    if (!now)
        return invocation.fail(now.error());
    QJsonObject states;
    for (auto it = now.value().countByState.begin(); it != now.value().countByState.end(); ++it)
        states.insert(it.key(), it.value());
    if (invocation.isJson) {
        invocation.printJson({{u"status"_s, now.value().status},
                              {u"total"_s, now.value().total},
                              {u"states"_s, states}});
        return kDone;
    }
    invocation.print(u"%1  %2"_s.arg(tr("status"), -12).arg(now.value().status));
    for (auto it = states.begin(); it != states.end(); ++it)
        invocation.print(u"%1  %2"_s.arg(it.key(), -12).arg(it.value().toInteger()));
    return kDone;
}

} // namespace

std::vector<EntityVerb> analysisVerbs()
{
    const QStringList analyses{u"analyses"_s};
    return {{.name = u"record"_s,
             .arguments = u"FILE"_s,
             .summary = tr("stores one with inputs and results from a JSON file"),
             .run = record,
             .entities = analyses},
            {.name = u"results"_s,
             .arguments = u"[NAME]"_s,
             .summary = tr("results of this name, newest first"),
             .options = {{u"min"_s, tr("results: not below this."), u"NUMBER"_s},
                         {u"max"_s, tr("results: not above this."), u"NUMBER"_s},
                         {u"unit"_s, tr("results, statistics: unit of the numbers."), u"UNIT"_s},
                         {u"sample"_s, tr("results, statistics: of this sample."), u"SAMPLE"_s},
                         {u"method"_s, tr("results, statistics: by this method."), u"NAME"_s},
                         {u"since"_s, tr("results, statistics: begun then or later."), u"TIME"_s}},
             .run = results,
             .entities = analyses},
            {.name = u"statistics"_s,
             .arguments = u"[NAME]"_s,
             .summary = tr("states, success rate; mean, median and latest of a result"),
             .run = statistics,
             .entities = analyses},
            {.name = u"progress"_s,
             .arguments = u"ID"_s,
             .summary = tr("how far the batch is"),
             .run = progress,
             .entities = {u"analysis_batches"_s}}};
}

} // namespace birch::cli
