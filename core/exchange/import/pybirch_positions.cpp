#include "core/exchange/import/pybirch_positions.h"

#include "core/base/unit.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <cmath>
#include <optional>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

using Values = QList<double>;

/// More than PyBirch's window could draw: such a range is damage.
constexpr double kMaxRange = 100'000;

QString tr(const char *text)
{
    return QCoreApplication::translate("PybirchPositions", text);
}

std::optional<double> numberOf(const QJsonValue &value)
{
    bool isNumber = value.isDouble();
    const double number =
        isNumber ? value.toDouble() : value.toString().trimmed().toDouble(&isNumber);
    return isNumber && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// None: one of them is no number.
std::optional<Values> numbersOf(const QJsonArray &list)
{
    Values values;
    for (const QJsonValue &entry : list) {
        const auto number = numberOf(entry);
        if (!number)
            return std::nullopt;
        values.append(*number);
    }
    return values;
}

struct Range {
    double start = 0;
    double stop = 0;
    qsizetype points = 0;

    Values values() const
    {
        Values all;
        for (qsizetype i = 0; i < points; ++i)
            all.append(points == 1 ? start
                                   : start + (stop - start) * (double(i) / double(points - 1)));
        return all;
    }
};

std::optional<Range> rangeOf(const QJsonValue &typed)
{
    const auto numbers = numbersOf(typed.toArray());
    if (!numbers || numbers->size() != 3)
        return std::nullopt;
    const double points = numbers->at(2);
    if (points < 1 || points > kMaxRange || points != std::floor(points))
        return std::nullopt;
    return Range{numbers->at(0), numbers->at(1), qsizetype(points)};
}

bool isNear(const Values &a, const Values &b)
{
    if (a.size() != b.size())
        return false;
    for (qsizetype i = 0; i < a.size(); ++i) {
        if (std::abs(a[i] - b[i]) > 1e-9 * std::max({1.0, std::abs(a[i]), std::abs(b[i])}))
            return false;
    }
    return true;
}

QJsonValue quantity(double value, const QString &unit)
{
    return unit.isEmpty() ? QJsonValue(value) : QJsonValue(numberToText(value) + u' ' + unit);
}

QJsonObject listOf(const Values &values, const QString &unit)
{
    QJsonArray list;
    for (double value : values)
        list.append(quantity(value, unit));
    return {{u"kind"_s, u"list"_s}, {u"values"_s, list}};
}

/// What was typed, as far as it can be told without running Python.
std::optional<Values> typedValues(const QJsonObject &entries, const QString &mode)
{
    if (mode == u"discrete"_s) {
        QJsonArray parts;
        for (const QString &part : entries.value(mode).toString().split(u',', Qt::SkipEmptyParts))
            parts.append(part);
        return parts.isEmpty() ? std::nullopt : numbersOf(parts);
    }
    if (mode != u"range"_s || !rangeOf(entries.value(mode)))
        return std::nullopt;
    return rangeOf(entries.value(mode))->values();
}

} // namespace

PybirchPositions pybirchPositions(const QJsonObject &node, const QString &unit)
{
    PybirchPositions read;
    const QJsonObject entries = node.value(u"movement_entries"_s).toObject();
    const QString mode = entries.value(u"selected_mode"_s).toString();
    const QJsonValue kept = node.contains(u"movement_positions"_s)
                                ? node.value(u"movement_positions"_s)
                                : node.value(u"positions"_s);
    const Values computed = numbersOf(kept.toArray()).value_or(Values());
    const auto typed = typedValues(entries, mode);
    if (!typed && computed.isEmpty()) {
        read.fields = {{u"kind"_s, u"list"_s}};
        read.notUnderstood.append(
            mode == u"advanced"_s
                ? tr("The positions are Python, \"%1\", which is not run, and PyBirch had kept "
                     "none")
                      .arg(entries.value(mode).toString())
                : tr("There are no positions that can be read"));
        return read;
    }
    const Values &values = computed.isEmpty() ? *typed : computed;
    read.count = values.size();
    if (mode == u"advanced"_s)
        read.changed.append(tr("The positions were Python, \"%1\"; the %2 that PyBirch had "
                               "computed are taken")
                                .arg(entries.value(mode).toString())
                                .arg(computed.size()));
    else if (!typed)
        read.changed.append(tr("What was typed can not be read; the %1 positions that PyBirch had "
                               "computed are taken")
                                .arg(computed.size()));
    else if (!isNear(values, *typed))
        read.changed.append(tr("What was typed and the %1 positions that PyBirch used differ; the "
                               "latter are taken")
                                .arg(computed.size()));
    const bool isRange = mode == u"range"_s && typed && isNear(values, *typed) && typed->size() > 1;
    if (!isRange) {
        read.fields = listOf(values, unit);
        return read;
    }
    const Range range = *rangeOf(entries.value(mode));
    read.fields = {{u"kind"_s, u"linear"_s},
                   {u"start"_s, quantity(range.start, unit)},
                   {u"stop"_s, quantity(range.stop, unit)},
                   {u"points"_s, qint64(range.points)}};
    return read;
}

} // namespace birch
