#include "drivers/definition/bench_edit.h"
#include "drivers/definition/yaml_edit.h"
#include "drivers/definition/yaml_place.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("BenchEdit", text);
}

constexpr qsizetype kEntry = 2; // instruments.NICKNAME: never goes with what is below it

QStringList pathOf(const QString &nickname, const QStringList &keys = {})
{
    return QStringList{u"instruments"_s, nickname} + keys;
}

Status hasInstrument(const QByteArray &text, const QString &nickname)
{
    const auto found = findYaml(text, pathOf(nickname));
    if (!found)
        return found.error();
    if (found.value().known < kEntry || !found.value().value.IsMap())
        return Error{ErrorCode::NotFound, tr("The bench has no instrument \"%1\"").arg(nickname)};
    return ok();
}

/// Of what has to be there.
Result<QByteArray> withText(const QByteArray &text, const QString &nickname, const QString &key,
                            const QString &value)
{
    if (const Status there = hasInstrument(text, nickname); !there)
        return there.error();
    const QStringList path = pathOf(nickname, {key});
    const auto found = findYaml(text, path);
    if (!found)
        return found.error();
    if (found.value().known < path.size())
        return Error{ErrorCode::BadInput,
                     tr("%1 has no %2 in the bench file; add it by hand").arg(nickname, key)};
    return withYamlText(text, path, value);
}

/// \a value in flow style, or nothing: then the key goes, with the mappings that it leaves empty.
Result<QByteArray> withOptional(const QByteArray &text, const QString &nickname,
                                const QStringList &keys, const std::optional<QByteArray> &value)
{
    if (const Status there = hasInstrument(text, nickname); !there)
        return there.error();
    const QStringList path = pathOf(nickname, keys);
    if (value)
        return withYamlValue(text, path, *value);
    const auto found = findYaml(text, path);
    if (!found)
        return found.error();
    if (found.value().known < path.size())
        return text;
    return withoutYamlKey(text, path, kEntry);
}

std::optional<QByteArray> targetText(const std::optional<BenchTarget> &target)
{
    if (!target)
        return std::nullopt;
    return "{value: " + yamlNumber(target->value) +
           ", order: " + QByteArray::number(target->order) + '}';
}

/// One key of a calibration after the other, so that comments between them stay.
Result<QByteArray> withCalibrationKeys(QByteArray text, const QString &nickname,
                                       const QStringList &keys, const Calibration &calibration)
{
    const auto date = [](const QDate &of) {
        return of.isValid() ? std::optional(of.toString(Qt::ISODate).toUtf8()) : std::nullopt;
    };
    const auto word = [](const QString &of) {
        return of.isEmpty() ? std::nullopt : std::optional(yamlScalar(of, true));
    };
    const auto number = [](double of, double usual) {
        return of == usual ? std::nullopt : std::optional(yamlNumber(of));
    };
    const bool hasValues = keys.size() > 1;
    const std::pair<QString, std::optional<QByteArray>> values[] = {
        {u"date"_s, date(calibration.date)},
        {u"due"_s, date(calibration.due)},
        {u"by"_s, word(calibration.by)},
        {u"certificate"_s, word(calibration.certificate)},
        {u"factor"_s, hasValues ? std::optional(yamlNumber(calibration.factor)) : std::nullopt},
        {u"offset"_s, number(hasValues ? calibration.offset : 0, 0)},
        {u"interval_days"_s, std::nullopt}, // the date it comes to is said instead
    };
    // What comes first: taking the only key out would take the mapping with it.
    for (const bool isAdding : {true, false}) {
        for (const auto &[key, value] : values) {
            if (value.has_value() != isAdding)
                continue;
            auto changed = withOptional(text, nickname, keys + QStringList{key}, value);
            if (!changed)
                return changed;
            text = std::move(changed).value();
        }
    }
    return text;
}

} // namespace

Result<QByteArray> withAddress(const QByteArray &text, const QString &nickname,
                               const QString &address)
{
    return withText(text, nickname, u"address"_s, address);
}

Result<QByteArray> withDefinition(const QByteArray &text, const QString &nickname,
                                  const QString &definition)
{
    return withText(text, nickname, u"definition"_s, definition);
}

Result<QByteArray> withNickname(const QByteArray &text, const QString &nickname,
                                const QString &name)
{
    if (const Status there = hasInstrument(text, nickname); !there)
        return there.error();
    if (const Status fits = checkNickname(name); !fits)
        return fits.error();
    return withYamlKey(text, pathOf(nickname), name);
}

Result<QByteArray> withoutInstrument(const QByteArray &text, const QString &nickname)
{
    if (const Status there = hasInstrument(text, nickname); !there)
        return there.error();
    return withoutYamlKey(text, pathOf(nickname), kEntry);
}

Result<QByteArray> withLimits(const QByteArray &text, const QString &nickname,
                              const QString &movement, const std::optional<Limits> &limits)
{
    std::optional<QByteArray> value;
    if (limits)
        value = '[' + yamlNumber(limits->low) + ", " + yamlNumber(limits->high) + ']';
    return withOptional(text, nickname, {u"movements"_s, movement, u"limits"_s}, value);
}

Result<QByteArray> withSafeValue(const QByteArray &text, const QString &nickname,
                                 const QString &movement, const std::optional<BenchTarget> &target)
{
    return withOptional(text, nickname, {u"movements"_s, movement, u"safe"_s}, targetText(target));
}

Result<QByteArray> withPauseValue(const QByteArray &text, const QString &nickname,
                                  const QString &movement, const std::optional<BenchTarget> &target)
{
    return withOptional(text, nickname, {u"movements"_s, movement, u"pause"_s}, targetText(target));
}

Result<QByteArray> withCalibration(const QByteArray &text, const QString &nickname,
                                   const QString &column,
                                   const std::optional<Calibration> &calibration)
{
    QStringList keys{u"calibration"_s};
    if (!column.isEmpty())
        keys += {u"columns"_s, column};
    if (!calibration)
        return withOptional(text, nickname, keys, std::nullopt);
    return withCalibrationKeys(text, nickname, keys, *calibration);
}

} // namespace birch
