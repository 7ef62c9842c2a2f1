#include "core/base/line_difference.h"

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMostCells = 4'000'000; // of the comparison: 2 MB, some milliseconds

QStringList linesOf(const QByteArray &text)
{
    QStringList lines = QString::fromUtf8(text).remove(u'\r').split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast(); // the end of the last line begins none
    return lines;
}

/// How long the longest common rest is from every pair of places on.
class CommonRests
{
public:
    CommonRests(const QStringList &then, const QStringList &now)
        : m_width(size_t(now.size()) + 1)
        , m_lengths((size_t(then.size()) + 1) * m_width)
    {
        for (qsizetype i = then.size() - 1; i >= 0; --i) {
            for (qsizetype j = now.size() - 1; j >= 0; --j)
                m_lengths[cell(i, j)] = then[i] == now[j] ? quint16(at(i + 1, j + 1) + 1)
                                                          : std::max(at(i + 1, j), at(i, j + 1));
        }
    }

    quint16 at(qsizetype i, qsizetype j) const { return m_lengths[cell(i, j)]; }

private:
    size_t cell(qsizetype i, qsizetype j) const { return size_t(i) * m_width + size_t(j); }

    size_t m_width;
    std::vector<quint16> m_lengths;
};

QString changed(QChar sign, qsizetype line, const QString &text)
{
    return u"%1 %2: %3"_s.arg(sign).arg(line + 1).arg(text);
}
} // namespace

QStringList lineDifference(const QByteArray &then, const QByteArray &now)
{
    const QStringList was = linesOf(then);
    const QStringList is = linesOf(now);
    const qsizetype shorter = std::min(was.size(), is.size());
    qsizetype before = 0;
    while (before < shorter && was[before] == is[before])
        ++before;
    qsizetype after = 0;
    while (after < shorter - before && was[was.size() - 1 - after] == is[is.size() - 1 - after])
        ++after;
    const QStringList gone = was.mid(before, was.size() - before - after);
    const QStringList come = is.mid(before, is.size() - before - after);
    const bool isComparable = (gone.size() + 1) * (come.size() + 1) <= kMostCells &&
                              std::min(gone.size(), come.size()) < 65535;
    const CommonRests rests =
        isComparable ? CommonRests(gone, come) : CommonRests(QStringList(), QStringList());
    QStringList changes;
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < gone.size() || j < come.size()) {
        const bool isInBoth = i < gone.size() && j < come.size();
        if (isInBoth && isComparable && gone[i] == come[j]) {
            ++i;
            ++j;
        } else if (i < gone.size() &&
                   (!isInBoth || !isComparable || rests.at(i + 1, j) >= rests.at(i, j + 1))) {
            changes << changed(u'-', before + i, gone[i]);
            ++i;
        } else {
            changes << changed(u'+', before + j, come[j]);
            ++j;
        }
    }
    return changes;
}

} // namespace birch
