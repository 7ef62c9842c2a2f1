// NewAnalysis as people and programs write it: one JSON object.
#include "core/store/lab/analysis_store.h"
#include "core/store/store_time.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("AnalysisStore", text);
}

Error wrong(const QString &field, const QString &expected)
{
    return {ErrorCode::BadInput, tr("%1 must be %2: correct it").arg(field, expected)};
}

/// A number, or nothing where the key is absent or null.
Result<std::optional<double>> number(const QJsonObject &json, const QString &key)
{
    const QJsonValue value = json[key];
    if (value.isUndefined() || value.isNull())
        return std::optional<double>();
    if (!value.isDouble())
        return wrong(key, tr("a number"));
    return std::optional<double>(value.toDouble());
}

Result<std::optional<qint64>> time(const QJsonObject &json, const QString &key)
{
    const QJsonValue value = json[key];
    if (value.isUndefined() || value.isNull())
        return std::optional<qint64>();
    const auto us = timeFromIso(value.toString());
    if (!us)
        return wrong(key, tr("a time such as 2026-01-31T14:30:00Z"));
    return us;
}

Result<NewResult> resultFrom(const QJsonObject &json)
{
    NewResult result;
    result.name = json[u"name"].toString();
    result.unit = json[u"unit"].toString();
    result.text = json[u"text"].toString();
    const auto value = number(json, u"value"_s);
    const auto uncertainty = number(json, u"uncertainty"_s);
    if (!value || !uncertainty)
        return (value ? uncertainty.error() : value.error()).within(result.name);
    result.value = value.value();
    result.uncertainty = uncertainty.value();
    for (const QJsonValue item : json[u"array"].toArray()) {
        if (!item.isDouble())
            return wrong(result.name + u".array"_s, tr("a flat list of numbers"));
        result.array.push_back(item.toDouble());
    }
    for (const QJsonValue extent : json[u"shape"].toArray())
        result.shape << extent.toInteger(-1);
    return result;
}

const QStringList kKeys{u"method"_s,        u"name"_s,       u"sample"_s,
                        u"project"_s,       u"status"_s,     u"parameters"_s,
                        u"inputs"_s,        u"results"_s,    u"software_version"_s,
                        u"error_message"_s, u"started_at"_s, u"completed_at"_s};
} // namespace

Result<NewAnalysis> NewAnalysis::fromJson(const QJsonObject &json)
{
    for (const QString &key : json.keys()) {
        if (!kKeys.contains(key))
            return Error{
                ErrorCode::BadInput,
                tr("An analysis has no \"%1\": use one of %2").arg(key, kKeys.join(u", "_s))};
    }
    NewAnalysis analysis;
    analysis.method = json[u"method"].toString();
    analysis.name = json[u"name"].toString();
    analysis.sample = json[u"sample"].toString();
    analysis.project = json[u"project"].toString();
    analysis.status = json[u"status"].toString();
    analysis.parameters = json[u"parameters"].toObject();
    analysis.softwareVersion = json[u"software_version"].toString();
    analysis.errorMessage = json[u"error_message"].toString();
    const auto started = time(json, u"started_at"_s);
    const auto completed = time(json, u"completed_at"_s);
    if (!started || !completed)
        return started ? completed.error() : started.error();
    analysis.startedUs = started.value();
    analysis.completedUs = completed.value();
    for (const QJsonValue input : json[u"inputs"].toArray())
        analysis.inputs << AnalysisInput{
            input[u"scan"].toString(), input[u"measurement"].toString(), input[u"role"].toString()};
    for (const QJsonValue item : json[u"results"].toArray()) {
        auto result = resultFrom(item.toObject());
        if (!result)
            return result.error();
        analysis.results.push_back(std::move(result).value());
    }
    return analysis;
}

} // namespace birch
