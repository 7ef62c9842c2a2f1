#include "app/session/settings_apply.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kOpen{10};
constexpr std::chrono::seconds kSnapshot{10};

bool isTaken(const ParameterSpec &spec, const QJsonValue &value)
{
    switch (spec.type) {
    case ParameterType::Number:
    case ParameterType::Integer:
        return value.isDouble() && spec.limits.contain(value.toDouble()) &&
               isOnGrid(value.toDouble(), spec.step);
    case ParameterType::Bool:
        return value.isBool();
    case ParameterType::Choice:
        return spec.choices.contains(value.toString());
    case ParameterType::Text:
        return value.isString();
    }
    return false;
}
} // namespace

Status checkSettings(const InstrumentSpec &spec, const QJsonObject &values)
{
    QStringList refused;
    for (const ParameterSpec &parameter : spec.parameters) {
        const QJsonValue value = values[parameter.key];
        if (value.isUndefined() || parameter.isReadOnly || isTaken(parameter, value))
            continue;
        SettingDifference said;
        said.unit = parameter.unit;
        refused << SettingsApply::tr("%1 = %2").arg(parameter.key, said.valueText(value));
    }
    if (refused.isEmpty())
        return ok();
    return Error{ErrorCode::BadInput,
                 SettingsApply::tr("%1 does not take %2: nothing was set; correct the settings or "
                                   "save them anew")
                     .arg(spec.model, refused.join(u", "_s))};
}

SettingsApply::SettingsApply(const Bench &bench, const QString &nickname, const QString &owner)
    : m_bench(bench)
    , m_nickname(nickname)
    , m_owner(owner)
{
}

SettingsApply::~SettingsApply()
{
    if (m_restore)
        m_restore->drop();
    InstrumentHost *host = m_bench.find(m_nickname);
    if (m_isHeld && host)
        host->releaseLease(m_owner);
}

void SettingsApply::compare(const StoredSettings &wanted, std::function<void(Differences)> reply)
{
    m_differences.clear();
    InstrumentHost *host = m_bench.find(m_nickname);
    const auto refuse = [this, reply](const Error &error) {
        QMetaObject::invokeMethod(
            this, [reply, error] { reply(error); }, Qt::QueuedConnection);
    };
    if (!host)
        return refuse({ErrorCode::NotFound,
                       tr("The bench has no instrument \"%1\"; choose one of it").arg(m_nickname)});
    if (const Status fits = checkSettings(host->spec(), wanted.values); !fits)
        return refuse(fits.error());
    if (const Status held = host->acquireLease(m_owner); !held)
        return refuse(held.error());
    m_isHeld = true;
    host->open(kOpen, this, [this, wanted, reply](const Status &opened) {
        if (!opened)
            return reply(opened.error());
        read(wanted, reply);
    });
}

void SettingsApply::read(const StoredSettings &wanted,
                         const std::function<void(Differences)> &reply)
{
    InstrumentHost *host = m_bench.find(m_nickname);
    host->snapshot(Priority::Panel, kSnapshot, this,
                   [this, host, wanted, reply](const Result<QVariantMap> &now) {
                       if (!now)
                           return reply(now.error());
                       const StoredSettings present{QJsonObject::fromVariantMap(now.value()),
                                                    instrumentFacts(host->spec(), {})};
                       StoredSettings then = wanted;
                       then.facts.remove(u"identity"_s); // they are the model's
                       m_differences = settingDifferences(then.snapshot(m_nickname),
                                                          present.snapshot(m_nickname));
                       reply(m_differences);
                   });
}

void SettingsApply::apply(std::function<void(Status)> reply)
{
    m_restore = std::make_unique<SettingsRestore>(
        m_bench, [](const QString &, const QString &) {},
        [](const SettingDifference &, const QJsonValue &) {});
    m_restore->restore(m_differences, [reply](const Status &done) { reply(done); });
}

} // namespace birch
