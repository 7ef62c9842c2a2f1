#include "widgets/models/dead_time.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kLeastNs = 1'000'000'000; // shares of less mean nothing
constexpr qsizetype kNamedParts = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("DeadTime", text);
}
} // namespace

QString deadTimeText(const PartTimes &parts)
{
    const qint64 whole =
        std::accumulate(parts.begin(), parts.end(), qint64(0)) - parts[size_t(TimePart::Pause)];
    if (whole < kLeastNs)
        return {};
    const auto percent = [whole](qint64 ns) { return int((100 * ns + whole / 2) / whole); };
    std::vector<TimePart> dead;
    qint64 sum = 0;
    for (int i = 0; i < kTimeParts; ++i) {
        if (!isDeadTime(TimePart(i)))
            continue;
        dead.push_back(TimePart(i));
        sum += parts[size_t(i)];
    }
    std::stable_sort(dead.begin(), dead.end(), [&parts](TimePart a, TimePart b) {
        return parts[size_t(a)] > parts[size_t(b)];
    });
    QStringList largest;
    for (const TimePart part : dead) {
        const int share = percent(parts[size_t(part)]);
        if (share > 0 && largest.size() < kNamedParts)
            largest << u"%1 %2"_s.arg(timePartLabel(part).toLower()).arg(share);
    }
    const QString text = tr("dead time %1 %").arg(percent(sum));
    return largest.isEmpty() ? text : tr("%1 (%2)").arg(text, largest.join(u", "_s));
}

} // namespace birch
