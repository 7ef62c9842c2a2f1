#include "core/data/scan_timing.h"

#include "core/base/id.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct PartName {
    QLatin1StringView name;
    const char *label;
};
constexpr std::array<PartName, kTimeParts> kParts{{
    {"setup"_L1, QT_TRANSLATE_NOOP("TimePart", "set-up")},
    {"restore"_L1, QT_TRANSLATE_NOOP("TimePart", "bringing back")},
    {"move"_L1, QT_TRANSLATE_NOOP("TimePart", "move")},
    {"settle"_L1, QT_TRANSLATE_NOOP("TimePart", "settle")},
    {"trigger"_L1, QT_TRANSLATE_NOOP("TimePart", "trigger")},
    {"read"_L1, QT_TRANSLATE_NOOP("TimePart", "read")},
    {"transfer"_L1, QT_TRANSLATE_NOOP("TimePart", "transfer")},
    {"store"_L1, QT_TRANSLATE_NOOP("TimePart", "store")},
    {"wait"_L1, QT_TRANSLATE_NOOP("TimePart", "wait")},
    {"pause"_L1, QT_TRANSLATE_NOOP("TimePart", "pause")},
    {"retry"_L1, QT_TRANSLATE_NOOP("TimePart", "retry")},
    {"branches"_L1, QT_TRANSLATE_NOOP("TimePart", "branches")},
    {"overhead"_L1, QT_TRANSLATE_NOOP("TimePart", "overhead")},
    {"ending"_L1, QT_TRANSLATE_NOOP("TimePart", "ending")},
}};
constexpr auto kWallKey = "wall_ns"_L1;
constexpr auto kPartsKey = "parts"_L1;
constexpr auto kLaneKey = "lane"_L1;
constexpr auto kNodeKey = "node"_L1;
constexpr auto kOperationKey = "operation"_L1;
constexpr auto kPartKey = "part"_L1;
constexpr auto kCountKey = "count"_L1;
constexpr auto kNsKey = "ns"_L1;
constexpr auto kLongestKey = "longest_ns"_L1;

qint64 natural(const QJsonValue &value)
{
    return std::max<qint64>(0, value.toInteger());
}
} // namespace

QString timePartName(TimePart part)
{
    return kParts[size_t(part)].name;
}

std::optional<TimePart> timePartFromName(const QString &name)
{
    const auto at = std::find_if(kParts.begin(), kParts.end(),
                                 [&name](const PartName &part) { return part.name == name; });
    return at == kParts.end() ? std::nullopt : std::optional(TimePart(at - kParts.begin()));
}

QString timePartLabel(TimePart part)
{
    return QCoreApplication::translate("TimePart", kParts[size_t(part)].label);
}

bool isDeadTime(TimePart part)
{
    switch (part) {
    case TimePart::Trigger:
    case TimePart::Read:
    case TimePart::Wait:
    case TimePart::Pause:
    case TimePart::Branches:
        return false;
    default:
        return true;
    }
}

void ScanTiming::add(const TimingEntry &more)
{
    const auto same = std::find_if(entries.begin(), entries.end(), [&more](const auto &entry) {
        return entry.part == more.part && entry.node == more.node && entry.lane == more.lane &&
               entry.operation == more.operation;
    });
    if (same == entries.end())
        return entries.append(more);
    same->count += more.count;
    same->ns += more.ns;
    same->longestNs = std::max(same->longestNs, more.longestNs);
}

qint64 ScanTiming::sumNs(TimePart part) const
{
    qint64 ns = 0;
    for (const TimingEntry &entry : entries)
        ns += entry.part == part && entry.lane.isEmpty() ? entry.ns : 0;
    return ns;
}

qint64 ScanTiming::unattributedNs() const
{
    qint64 ns = wallNs;
    for (const TimingEntry &entry : entries)
        ns -= entry.lane.isEmpty() ? entry.ns : 0;
    return ns;
}

QJsonObject scanTimingToJson(const ScanTiming &timing)
{
    QJsonArray parts;
    for (const TimingEntry &entry : timing.entries) {
        parts.append(QJsonObject{{kLaneKey, entry.lane},
                                 {kNodeKey, entry.node.isNull() ? QString() : uidText(entry.node)},
                                 {kOperationKey, entry.operation},
                                 {kPartKey, timePartName(entry.part)},
                                 {kCountKey, entry.count},
                                 {kNsKey, entry.ns},
                                 {kLongestKey, entry.longestNs}});
    }
    return {{kWallKey, timing.wallNs}, {kPartsKey, parts}};
}

ScanTiming scanTimingFromJson(const QJsonObject &json)
{
    ScanTiming timing;
    timing.wallNs = natural(json.value(kWallKey));
    for (const QJsonValue &value : json.value(kPartsKey).toArray()) {
        const QJsonObject entry = value.toObject();
        if (const auto part = timePartFromName(entry.value(kPartKey).toString()))
            timing.entries.append({entry.value(kLaneKey).toString(),
                                   QUuid::fromString(entry.value(kNodeKey).toString()),
                                   entry.value(kOperationKey).toString(), *part,
                                   natural(entry.value(kCountKey)), natural(entry.value(kNsKey)),
                                   natural(entry.value(kLongestKey))});
    }
    return timing;
}

} // namespace birch
