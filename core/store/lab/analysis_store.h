#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/session.h"

#include <vector>

namespace birch {

/// One number, text or array that an analysis found.
struct NewResult {
    QString name;
    std::optional<double> value = {};
    QString unit = {};
    std::optional<double> uncertainty = {}; ///< same unit, one standard deviation
    QString text = {};
    std::vector<double> array = {}; ///< in order of the last index first; empty: none
    QList<qint64> shape = {};       ///< of array = {}; empty: one dimension
};

/// What an analysis looked at.
struct AnalysisInput {
    QString scan;        ///< human id or uid
    QString measurement; ///< name within the scan; "": all of it
    QString role;
};

/// An analysis that was done, with what came out.
struct NewAnalysis {
    QString method; ///< name of an analysis method
    QString name;
    QString sample; ///< human id; "": that of the first input
    QString project;
    QString status; ///< "": completed
    QJsonObject parameters;
    QString softwareVersion;
    QString errorMessage;
    std::optional<qint64> startedUs; ///< microseconds UTC; none: now
    std::optional<qint64> completedUs;
    QList<AnalysisInput> inputs;
    std::vector<NewResult> results;

    /// {"method","name","sample","parameters",…,"inputs":[{"scan","measurement","role"}],
    /// "results":[{"name","value","unit","uncertainty","text","array","shape"}]}
    /// Errors: BadInput - names the field.
    static Result<NewAnalysis> fromJson(const QJsonObject &json);
};

struct ResultArray {
    QList<qint64> shape;
    std::vector<double> values;
};

/// Analyses with their inputs and results, each stored whole or not at all.
class AnalysisStore
{
    Q_DECLARE_TR_FUNCTIONS(AnalysisStore)
public:
    explicit AnalysisStore(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Errors: NotFound - method, scan, measurement or sample; BadInput - a shape that does not fit
    /// its array, two results of one name; Denied. Nothing is stored then.
    Result<EntityRecord> record(const Session &session, const NewAnalysis &analysis);
    /// The array of a result. Errors: NotFound - no such result, or it has no array.
    Result<ResultArray> array(const Session &session, const QString &resultUid);

private:
    Status addInputs(const Session &session, const QString &analysisUid,
                     const NewAnalysis &analysis);
    Status addResult(const Session &session, const QString &analysisUid, const NewResult &result);
    Status addArray(const EntityRecord &result, const std::vector<double> &values);
    Result<QString> measurementUid(const AnalysisInput &input);
    Result<QString> sampleOf(const NewAnalysis &analysis);

    Connection &m_connection;
};

} // namespace birch
