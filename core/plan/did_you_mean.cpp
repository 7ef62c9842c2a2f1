#include "core/plan/did_you_mean.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Levenshtein distance, letter case aside.
int distance(const QString &a, const QString &b)
{
    std::vector<int> row(size_t(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        int diagonal = row[0];
        row[0] = int(i) + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const int substitution = diagonal + (a[i].toLower() == b[j].toLower() ? 0 : 1);
            diagonal = row[size_t(j) + 1];
            row[size_t(j) + 1] = std::min({substitution, diagonal + 1, row[size_t(j)] + 1});
        }
    }
    return row.back();
}

} // namespace

QString didYouMean(const QString &typed, const QStringList &candidates)
{
    constexpr qsizetype kLongestCompared = 100; // names are short; files from elsewhere may not be
    constexpr qsizetype kShown = 12;
    QString nearest;
    int best = std::max(1, int(typed.size()) / 3) + 1;
    if (typed.size() <= kLongestCompared) {
        for (const QString &candidate : candidates) {
            const int d = distance(typed, candidate.left(kLongestCompared));
            if (d < best) {
                best = d;
                nearest = candidate;
            }
        }
    }
    const auto tr = [](const char *text) {
        return QCoreApplication::translate("DidYouMean", text);
    };
    if (!nearest.isEmpty())
        return tr("Did you mean \"%1\"?").arg(nearest);
    if (candidates.isEmpty())
        return tr("There is none to choose from");
    return tr("Choose one of: %1")
        .arg(candidates.mid(0, kShown).join(u", "_s)
             + (candidates.size() > kShown ? u", …"_s : QString()));
}

} // namespace birch
