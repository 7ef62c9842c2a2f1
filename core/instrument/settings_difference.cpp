#include "core/instrument/settings_difference.h"

#include "core/base/unit.h"

#include <QCoreApplication>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

// Instruments print six digits and more; what is closer than this was rounded on its way.
constexpr double kRounding = 1e-9;

QString tr(const char *text)
{
    return QCoreApplication::translate("SettingsDifference", text);
}

QString errorOf(const QJsonObject &settings, const QString &key)
{
    for (const QJsonValue &error : settings[u"_errors"_s].toArray()) {
        if (error.toString().startsWith(key + u": "_s))
            return error.toString().mid(key.size() + 2);
    }
    return {};
}

/// Compares one instrument.
class Comparison
{
public:
    Comparison(QString nickname, const SettingsSnapshot &then, const SettingsSnapshot &now)
        : m_nickname(std::move(nickname))
        , m_thenFacts(then.instruments[m_nickname].toObject())
        , m_nowFacts(now.instruments[m_nickname].toObject())
        , m_then(then.settings[m_nickname].toObject())
        , m_now(now.settings[m_nickname].toObject())
    {
    }

    QList<SettingDifference> differences()
    {
        fact(u"identity"_s, true, tr("another instrument answers, or it says another name"));
        fact(u"version"_s, false, tr("its definition file has changed since"));
        QStringList known;
        for (const QJsonValue &value : parameters()) {
            parameter(value.toObject());
            known << value[u"key"_s].toString();
        }
        for (auto value = m_then.begin(); value != m_then.end(); ++value) {
            if (value.key() != u"_errors" && !known.contains(value.key()) && !m_nowFacts.isEmpty())
                gone(value.key(), value.value());
        }
        return m_found;
    }

private:
    QJsonArray parameters() const
    {
        const QJsonArray now = m_nowFacts[u"parameters"_s].toArray();
        return now.isEmpty() ? m_thenFacts[u"parameters"_s].toArray() : now;
    }

    void fact(const QString &key, bool isAlarm, const QString &note)
    {
        const QString then = m_thenFacts[key].toString();
        const QString now = m_nowFacts[key].toString();
        if (then.isEmpty() || now.isEmpty() || then == now)
            return;
        SettingDifference difference;
        difference.instrument = m_nickname;
        difference.parameter = key == u"version" ? u"definition"_s : key;
        difference.then = key == u"version" ? then.left(12) : then;
        difference.now = key == u"version" ? now.left(12) : now;
        difference.note = note;
        difference.isAlarm = isAlarm;
        m_found << difference;
    }

    void parameter(const QJsonObject &facts)
    {
        const QString key = facts[u"key"_s].toString();
        const QJsonValue then = m_then.value(key);
        const QJsonValue now = m_now.value(key);
        if (then.isUndefined() || isSameSetting(then, now, facts[u"tolerance"_s].toDouble()))
            return;
        const bool isReadOnly = facts[u"read_only"_s].toBool();
        const bool isVolatile = facts[u"volatile"_s].toBool();
        SettingDifference difference{
            m_nickname, key,         facts[u"unit"_s].toString(), then, now,
            {},         !isReadOnly, !isReadOnly && !isVolatile};
        if (now.isUndefined()) {
            const QString error = errorOf(m_now, key);
            difference.note = error.isEmpty() ? tr("it could not be read") : error;
        } else if (isReadOnly) {
            difference.note = tr("read-only");
        } else if (isVolatile) {
            difference.note = tr("changes by itself");
        }
        difference.isSettable = !isReadOnly && !isVolatile;
        m_found << difference;
    }

    void gone(const QString &key, const QJsonValue &then)
    {
        m_found << SettingDifference{m_nickname,
                                     key,
                                     {},
                                     then,
                                     QJsonValue(QJsonValue::Undefined),
                                     tr("its definition does not offer it any more"),
                                     false,
                                     true};
    }

    QString m_nickname;
    QJsonObject m_thenFacts;
    QJsonObject m_nowFacts;
    QJsonObject m_then;
    QJsonObject m_now;
    QList<SettingDifference> m_found;
};

} // namespace

QJsonObject instrumentFacts(const InstrumentSpec &spec, const QString &identity)
{
    QJsonArray parameters;
    for (const ParameterSpec &parameter : spec.parameters) {
        if (!parameter.inSnapshot)
            continue;
        QJsonObject facts{{u"key"_s, parameter.key}};
        if (!parameter.label.isEmpty())
            facts[u"label"_s] = parameter.label;
        if (!parameter.unit.isEmpty())
            facts[u"unit"_s] = parameter.unit;
        if (parameter.tolerance > 0)
            facts[u"tolerance"_s] = parameter.tolerance;
        if (parameter.isReadOnly)
            facts[u"read_only"_s] = true;
        if (parameter.isVolatile)
            facts[u"volatile"_s] = true;
        parameters.append(facts);
    }
    return {{u"definition"_s, spec.definitionId},
            {u"version"_s, spec.definitionVersion},
            {u"identity"_s, identity},
            {u"parameters"_s, parameters}};
}

QString settingText(const QJsonValue &value, const QString &unit)
{
    if (value.isUndefined() || value.isNull())
        return u"?"_s;
    if (value.isBool())
        return value.toBool() ? tr("on") : tr("off");
    if (value.isDouble())
        return unit.isEmpty() ? numberToText(value.toDouble())
                              : numberToText(value.toDouble()) + u' ' + unit;
    return value.toString();
}

QString SettingDifference::valueText(const QJsonValue &value) const
{
    return settingText(value, unit);
}

QString SettingDifference::text() const
{
    const QString what = tr("%1: was %2, is %3").arg(name(), valueText(then), valueText(now));
    return note.isEmpty() ? what : u"%1 (%2)"_s.arg(what, note);
}

bool isSameSetting(const QJsonValue &a, const QJsonValue &b, double tolerance)
{
    if (!a.isDouble() || !b.isDouble())
        return a == b;
    const double x = a.toDouble();
    const double y = b.toDouble();
    const double rounding = kRounding * std::max(std::abs(x), std::abs(y));
    return std::abs(x - y) <= std::max(tolerance, rounding);
}

QList<SettingDifference> settingDifferences(const SettingsSnapshot &then,
                                            const SettingsSnapshot &now)
{
    QStringList nicknames = then.settings.keys() + then.instruments.keys();
    nicknames.removeDuplicates();
    nicknames.sort();
    QList<SettingDifference> found;
    for (const QString &nickname : std::as_const(nicknames))
        found += Comparison(nickname, then, now).differences();
    return found;
}

bool isAnyAlarm(const QList<SettingDifference> &differences)
{
    return std::any_of(differences.begin(), differences.end(),
                       [](const SettingDifference &one) { return one.isAlarm; });
}

QJsonArray differencesJson(const QList<SettingDifference> &differences, SettingsChoice choice)
{
    QJsonArray list;
    for (const SettingDifference &one : differences) {
        QJsonObject json{{u"instrument"_s, one.instrument},
                         {u"parameter"_s, one.parameter},
                         {u"unit"_s, one.unit},
                         {u"alarm"_s, one.isAlarm},
                         {u"settable"_s, one.isSettable},
                         {u"note"_s, one.note}};
        const auto value = [](const QJsonValue &of) {
            return of.isUndefined() ? QJsonValue() : of;
        };
        json[u"then"_s] = value(one.then);
        json[u"now"_s] = value(one.now);
        json[u"proposed"_s] = value(one.proposed(choice));
        list.append(json);
    }
    return list;
}

} // namespace birch
