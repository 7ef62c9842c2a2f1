#include "core/base/setting_value.h"

#include "core/base/unit.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QStringList>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::Setting", text);
}

Error bad(const QString &message)
{
    return {ErrorCode::BadInput, message};
}

bool isInRange(const SettingSpec &spec, double value)
{
    return (spec.minimum == 0 && spec.maximum == 0) ||
           (value >= spec.minimum && value <= spec.maximum);
}

Error outOfRange(const SettingSpec &spec, const QString &text)
{
    return bad(tr("\"%1\" is out of range; write a value from %2 to %3 %4")
                   .arg(text, numberToText(spec.minimum), numberToText(spec.maximum),
                        QString::fromUtf16(spec.unit))
                   .trimmed());
}

Result<SettingValue> parseFlag(const QString &text)
{
    const QString word = text.toLower();
    if (QStringList{u"on"_s, u"true"_s, u"yes"_s, u"1"_s}.contains(word))
        return SettingValue(true);
    if (QStringList{u"off"_s, u"false"_s, u"no"_s, u"0"_s}.contains(word))
        return SettingValue(false);
    return bad(tr("\"%1\" is neither on nor off; write one of the two").arg(text));
}

Result<SettingValue> parseText(const SettingSpec &spec, const QString &text)
{
    if (spec.id != Setting::StationName)
        return SettingValue(text);
    if (text.isEmpty() || text.size() > 32 || stationNameFrom(text) != text.toUpper())
        return bad(tr("\"%1\" is no station name; write up to 32 of A-Z, 0-9 and -").arg(text));
    return SettingValue(text.toUpper());
}

Result<SettingValue> parseChoice(const SettingSpec &spec, const QString &text)
{
    const QStringList choices = QString::fromUtf16(spec.choices).split(u' ');
    if (choices.contains(text.toLower()))
        return SettingValue(text.toLower());
    return bad(tr("\"%1\" is not one of %2; write one of them").arg(text, choices.join(u", "_s)));
}

Result<SettingValue> parseInteger(const SettingSpec &spec, const QString &text)
{
    bool isNumber = false;
    const qint64 value = text.toLongLong(&isNumber);
    if (!isNumber)
        return bad(tr("\"%1\" is not a whole number; write one").arg(text));
    if (!isInRange(spec, double(value)))
        return outOfRange(spec, text);
    return SettingValue(value);
}

} // namespace

Result<SettingValue> parseSetting(const SettingSpec &spec, const QString &text, const QString &home,
                                  const QString &folder)
{
    const QString trimmed = text.trimmed();
    switch (spec.type) {
    case SettingType::Text:
        return parseText(spec, trimmed);
    case SettingType::Choice:
        return parseChoice(spec, trimmed);
    case SettingType::Flag:
        return parseFlag(trimmed);
    case SettingType::Integer:
        return parseInteger(spec, trimmed);
    case SettingType::Path: {
        if (trimmed.isEmpty())
            return bad(tr("The path is empty; write one, or remove the setting"));
        if (trimmed == u"~" || trimmed.startsWith(u"~/"))
            return SettingValue(QDir::cleanPath(home + trimmed.mid(1)));
        return SettingValue(QDir::cleanPath(QDir(folder).absoluteFilePath(trimmed)));
    }
    case SettingType::Bytes: {
        const auto bytes = bytesFromText(trimmed);
        if (!bytes)
            return bytes.error();
        if (!isInRange(spec, double(bytes.value())))
            return outOfRange(spec, trimmed);
        return SettingValue(bytes.value());
    }
    case SettingType::Duration: {
        const auto seconds = quantityFromText(trimmed, Unit(u"s"_s));
        if (!seconds)
            return seconds.error();
        if (!isInRange(spec, seconds.value()))
            return outOfRange(spec, trimmed);
        return SettingValue(seconds.value());
    }
    }
    return Error{ErrorCode::Internal, u"Unknown type of setting"_s};
}

Result<qint64> bytesFromText(const QString &text)
{
    static const QRegularExpression form(
        uR"(^([0-9]+(?:\.[0-9]+)?)\s*((?:[kKMGT]i)|[kMGT]?)B?$)"_s);
    const auto match = form.match(text.trimmed());
    static const QStringList binary{u""_s, u"Ki"_s, u"Mi"_s, u"Gi"_s, u"Ti"_s};
    static const QStringList decimal{u""_s, u"k"_s, u"M"_s, u"G"_s, u"T"_s};
    QString prefix = match.captured(2);
    if (prefix == u"ki")
        prefix = u"Ki"_s;
    const bool isBinary = binary.contains(prefix);
    const qsizetype power = isBinary ? binary.indexOf(prefix) : decimal.indexOf(prefix);
    const double bytes = match.captured(1).toDouble() * std::pow(isBinary ? 1024.0 : 1000.0, power);
    if (!match.hasMatch() || power < 0 || bytes != std::floor(bytes) || bytes > 9e15)
        return bad(tr("\"%1\" is no number of bytes; write one such as 4096, 256 KiB or 64 MiB")
                       .arg(text));
    return qint64(bytes);
}

QString stationNameFrom(const QString &text)
{
    static const QRegularExpression other(u"[^A-Z0-9]+"_s);
    QString name = text.toUpper();
    name.replace(other, u"-"_s);
    name = name.left(32);
    while (name.startsWith(u'-'))
        name.remove(0, 1);
    while (name.endsWith(u'-'))
        name.chop(1);
    return name.isEmpty() ? u"STATION"_s : name;
}

} // namespace birch
