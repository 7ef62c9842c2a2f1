#include "core/engine/safe_drive.h"

#include "core/base/unit.h"
#include "core/instrument/settings_difference.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

SafeDrive::SafeDrive(InstrumentHost &host, Clock &clock, Nanoseconds answerTimeout)
    : m_host(host)
    , m_clock(clock)
    , m_answerTimeout(answerTimeout)
{
}

void SafeDrive::start(const QList<Target> &targets)
{
    for (const Target &target : targets) {
        if (target.movement < 0) {
            m_settings.append(target);
            continue;
        }
        const SettleRule &rule = m_host.spec().movements.at(target.movement).settle;
        m_travels.insert_or_assign(target.movement,
                                   Travel{target, SettleWatch(target.value.toDouble(), rule),
                                          m_clock.bootNs() + rule.timeout.count()});
    }
    answered(); // the time runs from here
    watchForAnswers();
    if (m_host.connectionState() == ConnectionState::Open)
        return beginAll();
    m_host.open(
        m_answerTimeout, this,
        [this](const Status &opened) {
            if (!opened)
                return endAll(opened.error().message);
            answered();
            haltAll();
            beginAll();
        },
        Priority::Safe);
}

/// In the queue of the instrument before what drives it; one that fails shows in the drive too.
void SafeDrive::haltAll()
{
    const auto &movements = m_host.spec().movements;
    for (int i = 0; i < movements.size(); ++i) {
        if (movements[i].hasStop)
            m_host.stop(Priority::Safe, i, m_answerTimeout, this,
                        [this](const Status &) { answered(); });
    }
}

void SafeDrive::beginAll()
{
    for (const auto &[movement, travel] : m_travels) {
        m_host.begin(Priority::Safe, movement, travel.target.value.toDouble(), m_answerTimeout,
                     this,
                     [this, index = movement](const Status &status) { begun(index, status); });
    }
    for (const Target &setting : std::as_const(m_settings))
        beginSetting(setting);
}

void SafeDrive::beginSetting(const Target &setting)
{
    m_host.setParameter(Priority::Safe, setting.parameter, setting.value, m_answerTimeout, this,
                        [this, key = setting.parameter](const Status &status) {
                            if (!status)
                                return endSetting(key, status.error());
                            answered();
                            m_host.parameter(Priority::Safe, key, m_answerTimeout, this,
                                             [this, key](const Result<QVariant> &readback) {
                                                 checkSetting(key, readback);
                                             });
                        });
}

void SafeDrive::checkSetting(const QString &key, const Result<QVariant> &readback)
{
    if (!readback)
        return endSetting(key, readback.error());
    answered();
    const auto it = std::ranges::find(m_settings, key, &Target::parameter);
    if (it == m_settings.end())
        return;
    const ParameterSpec &spec = *m_host.spec().parameter(key);
    const auto now = QJsonValue::fromVariant(readback.value());
    if (!isSameSetting(QJsonValue::fromVariant(it->value), now, spec.tolerance))
        return endSetting(key, {ErrorCode::Protocol,
                                tr("it reads %1 afterwards").arg(settingText(now, spec.unit))});
    const int position = it->position;
    m_settings.erase(it);
    emit arrived(position, readback.value());
    endIfDone();
}

void SafeDrive::begun(int movement, const Status &status)
{
    if (!status)
        return end(movement, status.error());
    answered();
    poll(movement);
}

void SafeDrive::poll(int movement)
{
    m_host.state(Priority::Safe, movement, m_answerTimeout, this,
                 [this, movement](const Result<MovementState> &state) { polled(movement, state); });
}

void SafeDrive::polled(int movement, const Result<MovementState> &state)
{
    const auto it = m_travels.find(movement);
    if (it == m_travels.end())
        return;
    if (!state)
        return end(movement, state.error());
    answered();
    Travel &travel = it->second;
    if (travel.watch.hasArrived(state.value(), now())) {
        const int position = travel.target.position;
        m_travels.erase(it);
        emit arrived(position, state.value().readback);
        return endIfDone();
    }
    if (m_clock.bootNs() >= travel.giveUpNs)
        return end(movement, notSettled(travel, state.value().readback));
    const Nanoseconds wait = travel.watch.nextPoll(now()) - now();
    m_clock.after(std::min(wait, m_answerTimeout / 2), this, [this, movement] { poll(movement); });
}

/// Polls are closer together than the answer timeout, so silence means that the instrument hangs.
void SafeDrive::watchForAnswers()
{
    const auto silence = Nanoseconds(m_clock.bootNs() - m_lastAnswerNs);
    if (silence >= m_answerTimeout) {
        const double seconds = std::chrono::duration<double>(m_answerTimeout).count();
        return endAll(tr("no answer for %1 s").arg(numberToText(seconds)));
    }
    m_clock.after(m_answerTimeout - silence, this, [this] { watchForAnswers(); });
}

void SafeDrive::end(int movement, const Error &error)
{
    const auto it = m_travels.find(movement);
    if (it == m_travels.end())
        return;
    const int position = it->second.target.position;
    m_travels.erase(it);
    fail(position, error);
}

void SafeDrive::endSetting(const QString &key, const Error &error)
{
    const auto it = std::ranges::find(m_settings, key, &Target::parameter);
    if (it == m_settings.end())
        return;
    const int position = it->position;
    m_settings.erase(it);
    fail(position, error);
}

void SafeDrive::fail(int position, const Error &error)
{
    const bool isHopeless = error.code == ErrorCode::OutOfRange ||
                            error.code == ErrorCode::NotFound || error.code == ErrorCode::BadInput;
    emit failed(position, error.message, !isHopeless);
    endIfDone();
}

void SafeDrive::endAll(const QString &why)
{
    for (const auto &[movement, travel] : std::exchange(m_travels, {}))
        emit failed(travel.target.position, why, true);
    for (const Target &setting : std::exchange(m_settings, {}))
        emit failed(setting.position, why, true);
    endIfDone();
}

void SafeDrive::endIfDone()
{
    if (!m_travels.empty() || !m_settings.isEmpty() || std::exchange(m_isOver, true))
        return;
    emit ended();
}

Error SafeDrive::notSettled(const Travel &travel, double readback) const
{
    const MovementSpec &spec = m_host.spec().movements.at(travel.target.movement);
    return {ErrorCode::Timeout,
            tr("still at %1 %2 after %3 s")
                .arg(numberToText(readback), spec.unit,
                     numberToText(std::chrono::duration<double>(spec.settle.timeout).count()))};
}

} // namespace birch
