#include "core/engine/settings_restore.h"

#include <chrono>

namespace birch {

namespace {

constexpr Nanoseconds kSetTimeout = std::chrono::seconds(10);

/// As the instrument wants it; JSON knows but one kind of number.
QVariant valueFor(const ParameterSpec &spec, const QJsonValue &value)
{
    if (spec.type == ParameterType::Integer && value.isDouble())
        return QVariant(value.toInteger());
    if (spec.type == ParameterType::Number && value.isDouble())
        return QVariant(value.toDouble());
    return value.toVariant();
}

} // namespace

SettingsRestore::SettingsRestore(const Bench &bench, Log log, Restored restored)
    : m_bench(bench)
    , m_log(std::move(log))
    , m_restored(std::move(restored))
{
}

void SettingsRestore::restore(const QList<SettingDifference> &differences,
                              std::function<void(const Status &)> done)
{
    m_waiting = differences;
    m_waiting.removeIf([](const SettingDifference &one) { return !one.isSettable; });
    m_done = std::move(done);
    QMetaObject::invokeMethod(this, &SettingsRestore::next, Qt::QueuedConnection);
}

void SettingsRestore::drop()
{
    m_waiting.clear();
    m_done = nullptr;
}

void SettingsRestore::next()
{
    if (m_waiting.isEmpty())
        return answer(ok());
    m_current = m_waiting.takeFirst();
    m_host = m_bench.find(m_current.instrument);
    const ParameterSpec *spec = m_host ? m_host->spec().parameter(m_current.parameter) : nullptr;
    if (!spec)
        return answer(Error{ErrorCode::NotFound,
                            tr("%1 is not on this bench: add it, or keep the settings as they are")
                                .arg(m_current.name())});
    m_host->setParameter(
        Priority::Step, m_current.parameter, valueFor(*spec, m_current.then), kSetTimeout, this,
        [this](const Result<std::monostate> &set) {
            if (!set)
                return answer(set.error().within(
                    tr("Setting %1 back to %2")
                        .arg(m_current.name(), m_current.valueText(m_current.then))));
            readBack();
        });
}

void SettingsRestore::readBack()
{
    m_host->parameter(
        Priority::Step, m_current.parameter, kSetTimeout, this,
        [this](const Result<QVariant> &value) {
            if (!value)
                return answer(value.error().within(tr("Reading %1 back").arg(m_current.name())));
            compare(value.value());
        });
}

void SettingsRestore::compare(const QVariant &value)
{
    const QJsonValue readback = QJsonValue::fromVariant(value);
    const ParameterSpec *spec = m_host->spec().parameter(m_current.parameter);
    if (!isSameSetting(m_current.then, readback, spec->tolerance))
        return answer(
            Error{ErrorCode::OutOfRange,
                  tr("%1 reads %2 after it was set back to %3: look at the instrument, or keep the "
                     "settings as they are")
                      .arg(m_current.name(), m_current.valueText(readback),
                           m_current.valueText(m_current.then))});
    m_log(QStringLiteral("info"),
          tr("%1 set back from %2 to %3, reads %4")
              .arg(m_current.name(), m_current.valueText(m_current.now),
                   m_current.valueText(m_current.then), m_current.valueText(readback)));
    m_restored(m_current, readback);
    next();
}

void SettingsRestore::answer(const Status &status)
{
    m_waiting.clear();
    const auto done = std::exchange(m_done, nullptr);
    if (done)
        done(status);
}

} // namespace birch
