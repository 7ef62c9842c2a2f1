#include "core/data/queue_settings.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kPolicies{u"continue", u"stop", u"retry"};
}

QString failedScanName(FailedScan policy)
{
    return QString::fromUtf16(kPolicies[size_t(policy)]);
}

std::optional<FailedScan> failedScanFromName(const QString &name)
{
    for (size_t i = 0; i < kPolicies.size(); ++i) {
        if (name == QStringView(kPolicies[i]))
            return FailedScan(i);
    }
    return {};
}

QJsonObject QueueSettings::toJson() const
{
    return {{u"on_failure"_s, failedScanName(onFailure)}, {u"parallel"_s, parallel}};
}

QueueSettings QueueSettings::fromJson(const QJsonObject &json)
{
    QueueSettings settings;
    settings.onFailure =
        failedScanFromName(json[u"on_failure"_s].toString()).value_or(settings.onFailure);
    settings.parallel = std::clamp(json[u"parallel"_s].toInt(1), 1, kMaxParallelScans);
    return settings;
}

} // namespace birch
