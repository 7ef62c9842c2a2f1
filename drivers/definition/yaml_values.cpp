// What single keys hold: texts, numbers, durations, lists of them.
#include "core/base/unit.h"
#include "drivers/definition/yaml_reader.h"

#include <QCoreApplication>

#include <cmath>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::YamlReader)
};

constexpr double kLongestSeconds = 864'000; // ten days: beyond it somebody confused the units

std::optional<double> finiteNumber(const YAML::Node &node)
{
    if (!node.IsScalar())
        return std::nullopt;
    bool isNumber = false;
    const double value = QString::fromStdString(node.Scalar()).toDouble(&isNumber);
    if (!isNumber || !std::isfinite(value))
        return std::nullopt;
    return value;
}
} // namespace

std::optional<QString> YamlReader::text(const QString &key)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    if (node.IsScalar())
        return scalarOf(node);
    problem(key, Text::tr("\"%1\" must be a text").arg(key),
            Text::tr("Write one value behind the colon, in quotes where it holds : or #"));
    return std::nullopt;
}

QString YamlReader::requiredText(const QString &key, const QString &example)
{
    const bool isThere = has(key);
    const QString value = text(key).value_or(QString());
    if (!isThere || (value.isEmpty() && isScalar(key))) {
        problem(key, Text::tr("\"%1\" is missing").arg(key),
                Text::tr("Add it, for example: %1: %2").arg(key, example));
    }
    return value;
}

std::optional<double> YamlReader::number(const QString &key)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    const auto value = finiteNumber(node);
    if (!value) {
        problem(key, Text::tr("\"%1\" must be a finite number").arg(key),
                Text::tr("Write a plain number such as 0.5 or 1e-3, without a unit"));
    }
    return value;
}

std::optional<qint64> YamlReader::integer(const QString &key, qint64 low, qint64 high)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    bool isInteger = false;
    const qint64 value = node.IsScalar() ? scalarOf(node).toLongLong(&isInteger) : 0;
    if (isInteger && value >= low && value <= high)
        return value;
    problem(key,
            Text::tr("\"%1\" must be a whole number from %2 to %3").arg(key).arg(low).arg(high),
            Text::tr("Write a whole number in that range"));
    return std::nullopt;
}

std::optional<bool> YamlReader::flag(const QString &key)
{
    const auto value = text(key);
    if (!value)
        return std::nullopt;
    if (*value == u"true")
        return true;
    if (*value == u"false")
        return false;
    problem(key, Text::tr("\"%1\" must be true or false").arg(key),
            Text::tr("Write true or false, without quotes"));
    return std::nullopt;
}

std::optional<Nanoseconds> YamlReader::duration(const QString &key)
{
    const auto value = text(key);
    if (!value)
        return std::nullopt;
    const auto seconds = quantityFromText(*value, Unit(u"s"_s), QuantityKind::Difference);
    if (seconds && seconds.value() >= 0 && seconds.value() <= kLongestSeconds)
        return Nanoseconds(qint64(std::llround(seconds.value() * 1e9)));
    problem(key, Text::tr("\"%1\" must be a duration from 0 to ten days").arg(key),
            Text::tr("Write a number and a unit, for example 200 ms or 5 s"));
    return std::nullopt;
}

std::optional<Limits> YamlReader::limits(const QString &key)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    if (node.IsSequence() && node.size() == 2) {
        const auto low = finiteNumber(node[0]);
        const auto high = finiteNumber(node[1]);
        if (low && high && *low <= *high)
            return Limits{*low, *high};
    }
    problem(key, Text::tr("\"%1\" must be a list of two numbers, the lower first").arg(key),
            Text::tr("Write for example %1: [-10, 10]").arg(key));
    return std::nullopt;
}

std::optional<int> YamlReader::choice(const QString &key, const QStringList &names)
{
    const auto value = text(key);
    if (!value)
        return std::nullopt;
    const qsizetype index = names.indexOf(*value);
    if (index >= 0)
        return int(index);
    problem(key, Text::tr("\"%1\" can not be \"%2\"").arg(key, *value),
            Text::tr("Write one of: %1").arg(names.join(u", ")));
    return std::nullopt;
}

std::optional<QList<double>> YamlReader::numbers(const QString &key)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    QList<double> values;
    if (node.IsSequence()) {
        for (const auto &item : node) {
            if (const auto value = finiteNumber(item))
                values.append(*value);
        }
        if (size_t(values.size()) == node.size() && !values.isEmpty())
            return values;
    }
    problem(key, Text::tr("\"%1\" must be a list of finite numbers").arg(key),
            Text::tr("Write for example %1: [400, 500, 600]").arg(key));
    return std::nullopt;
}

std::optional<QStringList> YamlReader::texts(const QString &key)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    if (node.IsScalar())
        return QStringList{scalarOf(node)};
    QStringList values;
    if (node.IsSequence()) {
        for (const auto &item : node) {
            if (item.IsScalar())
                values.append(scalarOf(item));
        }
        if (size_t(values.size()) == node.size())
            return values;
    }
    problem(key, Text::tr("\"%1\" must be a list of texts").arg(key),
            Text::tr("Write for example %1: [\"OL\", \"----\"]").arg(key));
    return std::nullopt;
}

} // namespace birch
