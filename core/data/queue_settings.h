#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace birch {

/// What a queue does after a scan that failed.
enum class FailedScan : quint8 {
    Continue, ///< with the next one
    Stop,
    Retry ///< continues, and runs the failed ones once more at the end
};
QString failedScanName(FailedScan policy); ///< as stored: "continue" "stop" "retry"
std::optional<FailedScan> failedScanFromName(const QString &name);

inline constexpr int kMaxParallelScans = 64;

/// How a queue is run. A value.
struct QueueSettings {
    FailedScan onFailure = FailedScan::Continue;
    int parallel = 1; ///< scans at once on one station, as far as their instruments are others

    QJsonObject toJson() const;
    static QueueSettings fromJson(const QJsonObject &json); ///< what is not told is as by default
    bool operator==(const QueueSettings &) const = default;
};

} // namespace birch
