#include "core/base/near_word.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace birch {

namespace {
/// Levenshtein's distance.
qsizetype distance(const QString &a, const QString &b)
{
    std::vector<qsizetype> row(size_t(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const qsizetype replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[size_t(j)];
            row[size_t(j)] = std::min({replaced, diagonal + 1, row[size_t(j) - 1] + 1});
        }
    }
    return row.back();
}
} // namespace

QString nearestWord(const QString &typed, const QStringList &words)
{
    constexpr qsizetype kLongest = 64; // of a name in our files; anything longer is no misprint
    if (typed.size() > kLongest)
        return {};
    QString nearest;
    qsizetype least = std::min<qsizetype>(3, typed.size()); // one letter is near to everything
    for (const QString &word : words) {
        const qsizetype off = distance(typed.toCaseFolded(), word.toCaseFolded());
        if (off < least) {
            least = off;
            nearest = word;
        }
    }
    return nearest;
}

} // namespace birch
