#pragma once

#include "core/store/session.h"

#include <QJsonObject>

namespace birch {

/// Which scalar results. What is left open holds for all.
struct ResultFilter {
    QString name;                  ///< "gap"
    std::optional<double> minimum; ///< in \a unit, included
    std::optional<double> maximum;
    QString unit; ///< results in other units that convert to it are found too
    QString method;
    QString sample; ///< human id or uid
    std::optional<qint64> sinceUs;
    int page = 1;
    int perPage = 50;
};

struct FoundResult {
    QString uid;
    QString analysisId;
    QString method;
    QString sample;
    QString name;
    std::optional<double> value; ///< as stored
    QString unit;
    std::optional<double> uncertainty;
    QString text;
    qint64 us = 0; ///< when the analysis began

    QJsonObject toJson() const;
};

/// Newest first.
struct ResultPage {
    QList<FoundResult> results;
    qint64 total = 0;
    int page = 1;
    int perPage = 0;
};

/// Errors: BadInput - no result of that name is in a unit that fits; names those there are.
Result<ResultPage> findResults(Connection &connection, const Session &session,
                               const ResultFilter &filter);

/// What the analyses came to, all in one.
struct AnalysisStatistics {
    QMap<QString, qint64> countByState;
    double successRate = 0; ///< completed over completed and failed; 0 without either
    // Of the result asked for, in its unit:
    QString result;
    QString unit;
    qint64 count = 0;
    double mean = 0;
    double median = 0;
    double minimum = 0;
    double maximum = 0;
    std::optional<FoundResult> latest;

    QJsonObject toJson() const;
};

/// \a filter.name "": without the numbers of a result. In \a filter.unit, else in the unit of the
/// latest one; results in units that do not convert to it are left out.
Result<AnalysisStatistics> analysisStatistics(Connection &connection, const Session &session,
                                              const ResultFilter &filter);

} // namespace birch
