#include "core/engine/scan_timing.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kNames{"move"_L1,    "settle"_L1,   "read"_L1,  "in process"_L1,
                            "store"_L1,   "wait"_L1,     "pause"_L1, "retry"_L1,
                            "restore"_L1, "branches"_L1, "watch"_L1, "overhead"_L1};
constexpr auto kEngineKey = "engine"_L1; // as in PlanExecutor::position()
constexpr auto kTimingKey = "timing"_L1;
constexpr auto kWallKey = "wallNs"_L1;
constexpr auto kPartsKey = "parts"_L1;
} // namespace

QString timePartName(TimePart part)
{
    return kNames[size_t(part)];
}

void ScanTiming::end(qint64 bootNs)
{
    m_wallBeforeNs = wallNs(bootNs);
    m_beganNs = -1;
}

qint64 ScanTiming::wallNs(qint64 bootNs) const
{
    return m_wallBeforeNs + (m_beganNs < 0 ? 0 : bootNs - m_beganNs);
}

qint64 ScanTiming::unattributedNs(qint64 wallNs) const
{
    for (const Entry &entry : m_entries) {
        if (entry.lane.isEmpty())
            wallNs -= entry.ns;
    }
    return wallNs;
}

QJsonObject ScanTiming::toJson(qint64 bootNs) const
{
    QJsonArray parts;
    for (const Entry &entry : m_entries) {
        parts.append(QJsonObject{{u"lane"_s, entry.lane},
                                 {u"node"_s, entry.node.toString(QUuid::WithoutBraces)},
                                 {u"part"_s, timePartName(entry.part)},
                                 {u"instruments"_s, QJsonArray::fromStringList(entry.instruments)},
                                 {u"ns"_s, entry.ns},
                                 {u"count"_s, entry.count}});
    }
    return {{kWallKey, wallNs(bootNs)}, {kPartsKey, parts}};
}

ScanTiming ScanTiming::fromJson(const QJsonObject &json)
{
    ScanTiming timing;
    timing.m_wallBeforeNs = json.value(kWallKey).toInteger();
    for (const QJsonValue &value : json.value(kPartsKey).toArray()) {
        const QJsonObject part = value.toObject();
        const auto name = std::find(kNames.begin(), kNames.end(), part[u"part"_s].toString());
        if (name == kNames.end())
            continue;
        timing.m_entries.push_back({part[u"lane"_s].toString(), NodeId(part[u"node"_s].toString()),
                                    TimePart(name - kNames.begin()),
                                    part[u"instruments"_s].toVariant().toStringList(),
                                    part[u"ns"_s].toInteger(), part[u"count"_s].toInteger()});
    }
    return timing;
}

QJsonObject ScanTiming::ofPosition(const QJsonObject &position)
{
    return position.value(kEngineKey).toObject().value(kTimingKey).toObject();
}

void ScanTiming::putInto(QJsonObject &position, const QJsonObject &timing)
{
    QJsonObject engine = position.value(kEngineKey).toObject();
    engine.insert(kTimingKey, timing);
    position.insert(kEngineKey, engine);
}

} // namespace birch
