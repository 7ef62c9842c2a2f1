#pragma once

#include <QByteArrayList>
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace birch::test {

/// Columns before the values, without the time.
inline int settingsOf(const QJsonArray &columns)
{
    return int(std::count_if(columns.begin(), columns.end(), [](const QJsonValue &column) {
        const QString role = column[QStringLiteral("role")].toString();
        return role == u"index" || role == u"setpoint" || role == u"readback";
    }));
}

/// Rows of a table as CSV. Where it was taken is the same to the last bit; what was read has noise,
/// which depends on how often was read there.
inline bool isSameRow(const QByteArray &got, const QByteArray &wanted, int settings)
{
    const QByteArrayList mine = got.split(','), theirs = wanted.split(',');
    if (mine.size() != theirs.size())
        return false;
    for (qsizetype i = 0; i < mine.size(); ++i) {
        bool isNumber = false, isNumberToo = false;
        const double a = mine[i].toDouble(&isNumber), b = theirs[i].toDouble(&isNumberToo);
        const double tolerance = 1e-8 + 0.4 * std::max(std::abs(a), std::abs(b));
        const bool isNear =
            i >= settings && isNumber && isNumberToo && std::abs(a - b) <= tolerance;
        if (mine[i] != theirs[i] && !isNear)
            return false;
    }
    return true;
}

} // namespace birch::test
