#include "core/engine/safe_sequence.h"

#include "core/engine/safe_drive.h"
#include "core/instrument/bench.h"
#include "core/instrument/settings_difference.h"

#include <algorithm>
#include <limits>
#include <tuple>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kBeforeAll = std::numeric_limits<qint64>::min();

QString withUnit(const QVariant &value, const SafeTarget &target)
{
    return settingText(QJsonValue::fromVariant(value), target.unit);
}

bool isUnfinished(const SafeTarget &target)
{
    return target.outcome == SafeOutcome::Waiting || target.outcome == SafeOutcome::Driving ||
           target.outcome == SafeOutcome::Pending;
}

QList<SafeTarget> safeTargets(const InstrumentHost &host)
{
    QList<SafeTarget> found;
    const auto add = [&](int movement, const QString &key, const QString &unit,
                         const QVariant &value, int order) {
        SafeTarget target;
        target.instrument = host.nickname();
        target.movement = movement;
        target.parameter = movement < 0 ? key : QString();
        target.name = host.nickname() + u'.' + key;
        target.unit = unit;
        target.target = value;
        target.order = order;
        found.append(target);
    };
    const InstrumentSpec &spec = host.spec();
    for (int i = 0; i < spec.movements.size(); ++i) {
        const MovementSpec &movement = spec.movements[i];
        if (movement.safeValue)
            add(i, movement.name, movement.unit, *movement.safeValue, movement.safeOrder);
    }
    for (const ParameterSpec &parameter : spec.parameters) {
        if (!parameter.safeValue.isNull())
            add(-1, parameter.key, parameter.unit, parameter.safeValue, parameter.safeOrder);
    }
    return found;
}
} // namespace

SafeSequence::SafeSequence(Bench &bench, Clock &clock, SafeOptions options, QObject *parent)
    : QObject(parent)
    , m_bench(bench)
    , m_clock(clock)
    , m_options(options)
{
}

SafeSequence::~SafeSequence() = default;

void SafeSequence::start(const QStringList &nicknames)
{
    QStringList wanted = nicknames;
    if (wanted.isEmpty()) {
        for (const InstrumentHost *host : m_bench.hosts())
            wanted.append(host->nickname());
    }
    if (m_isRunning) {
        for (const SafeTarget &target : m_report.targets)
            wanted.removeAll(target.instrument);
        for (const QString &nickname : m_added)
            wanted.removeAll(nickname);
        m_added.append(wanted);
        return;
    }
    wanted.append(m_report.pendingInstruments());
    wanted.removeDuplicates();
    m_isRunning = true;
    m_order = kBeforeAll;
    m_report = {};
    while (!m_drives.empty())
        drop(m_drives.begin()->first);
    m_retries.clear();
    addTargets(wanted);
    QMetaObject::invokeMethod(
        this, [this] { nextOrder(); }, Qt::QueuedConnection);
}

/// Positions of what is in the report already stay as they are: drives refer to them.
void SafeSequence::addTargets(const QStringList &nicknames)
{
    QList<SafeTarget> added;
    for (const QString &nickname : nicknames) {
        InstrumentHost *host = m_bench.find(nickname);
        if (!host) {
            const QString text =
                tr("%1 is not on the bench, so it is not made safe: switch it off by hand")
                    .arg(nickname);
            QMetaObject::invokeMethod(
                this, [this, text] { log(u"error"_s, text); }, Qt::QueuedConnection);
            continue;
        }
        host->cancel(); // whatever it does now must not hold us up
        added.append(safeTargets(*host));
    }
    // The movements of an instrument before its settings, both in their declared order.
    std::stable_sort(added.begin(), added.end(), [](const SafeTarget &a, const SafeTarget &b) {
        return std::tie(a.order, a.instrument) < std::tie(b.order, b.instrument);
    });
    m_report.targets.append(added);
}

void SafeSequence::nextOrder()
{
    std::optional<int> next;
    for (const SafeTarget &target : m_report.targets) {
        if (target.outcome == SafeOutcome::Waiting && target.order > m_order)
            next = next ? std::min(*next, target.order) : target.order;
    }
    if (!next)
        return finishRun();
    m_order = *next;
    QStringList nicknames;
    for (SafeTarget &target : m_report.targets) {
        if (target.outcome != SafeOutcome::Waiting || target.order != m_order)
            continue;
        if (m_retries.contains(target.instrument))
            target.outcome = SafeOutcome::Pending; // missing since a lower order
        else if (!nicknames.contains(target.instrument))
            nicknames.append(target.instrument);
    }
    if (nicknames.isEmpty())
        return nextOrder();
    m_awaited = QSet<QString>(nicknames.begin(), nicknames.end());
    for (const QString &nickname : std::as_const(nicknames))
        drive(nickname);
}

void SafeSequence::finishRun()
{
    if (!m_added.isEmpty()) {
        m_order = kBeforeAll;
        addTargets(std::exchange(m_added, {}));
        return nextOrder();
    }
    m_isRunning = false;
    const QStringList pending = m_report.pendingInstruments();
    if (pending.isEmpty())
        log(u"safe"_s, tr("Every movement and setting has had its safe value"));
    else
        log(u"error"_s,
            tr("Not safe yet: %1. They are tried again until they answer; switch them off "
               "by hand where that can not wait")
                .arg(pending.join(u", "_s)));
    emit finished(m_report);
}

void SafeSequence::drive(const QString &nickname)
{
    m_missed.remove(nickname);
    QList<SafeDrive::Target> targets;
    for (const int position : due(nickname)) {
        SafeTarget &target = m_report.targets[position];
        if (target.outcome == SafeOutcome::Waiting)
            target.outcome = SafeOutcome::Driving; // what is tried again stays pending until done
        targets.append({position, target.movement, target.parameter, target.target});
    }
    auto &slot = m_drives[nickname];
    slot = std::make_unique<SafeDrive>(*m_bench.find(nickname), m_clock, m_options.answerTimeout);
    connect(slot.get(), &SafeDrive::arrived, this, &SafeSequence::settled);
    connect(slot.get(), &SafeDrive::failed, this, &SafeSequence::missed);
    connect(slot.get(), &SafeDrive::ended, this, [this, nickname] { driveEnded(nickname); });
    slot->start(targets);
}

/// It may be inside one of its own signals: not deleted at once.
void SafeSequence::drop(const QString &nickname)
{
    auto dropped = m_drives.extract(nickname);
    if (!dropped)
        return;
    dropped.mapped()->disconnect(this);
    dropped.mapped().release()->deleteLater();
}

void SafeSequence::driveEnded(const QString &nickname)
{
    drop(nickname);
    if (!hasPending(nickname))
        m_retries.erase(nickname);
    else if (m_missed.contains(nickname))
        scheduleRetry(nickname);
    else
        drive(nickname); // it answers again: the next order that it missed
    if (m_awaited.remove(nickname) && m_awaited.isEmpty() && m_isRunning)
        nextOrder();
}

void SafeSequence::scheduleRetry(const QString &nickname)
{
    Retry &entry = m_retries[nickname];
    entry.delay = entry.delay == Nanoseconds::zero()
                      ? m_options.firstRetry
                      : std::min(2 * entry.delay, m_options.lastRetry);
    entry.round = ++m_rounds;
    m_clock.after(entry.delay, this, [this, nickname, round = entry.round] {
        const auto it = m_retries.find(nickname);
        if (it != m_retries.end() && it->second.round == round)
            drive(nickname);
    });
}

void SafeSequence::settled(int position, const QVariant &readback)
{
    SafeTarget &target = m_report.targets[position];
    target.outcome = SafeOutcome::Done;
    target.readback = readback;
    target.message.clear();
    log(u"safe"_s,
        tr("%1 → %2, read back %3")
            .arg(target.name, withUnit(target.target, target), withUnit(readback, target)));
    noteChange();
}

void SafeSequence::missed(int position, const QString &why, bool isWorthRetry)
{
    SafeTarget &target = m_report.targets[position];
    const bool isNews = target.message != why;
    target.outcome = isWorthRetry ? SafeOutcome::Pending : SafeOutcome::Failed;
    target.message = why;
    if (isWorthRetry)
        m_missed.insert(target.instrument);
    if (isNews) {
        const QString text =
            isWorthRetry ? tr("%1 is not at its safe value %2 (%3); it is tried again")
                         : tr("%1 can not be brought to its safe value %2 (%3): do it by hand");
        log(u"error"_s, text.arg(target.name, withUnit(target.target, target), why));
    }
    noteChange();
}

void SafeSequence::dismiss(const QString &nickname)
{
    bool isKnown = false;
    for (SafeTarget &target : m_report.targets) {
        if (target.instrument != nickname || !isUnfinished(target))
            continue;
        target.outcome = SafeOutcome::Dismissed;
        isKnown = true;
    }
    if (!isKnown)
        return;
    m_retries.erase(nickname);
    drop(nickname); // what it asked for may still be carried out: it is a safe value
    log(u"safe"_s, tr("%1 was dismissed: it is not known to be safe, the operator takes care of it")
                       .arg(nickname));
    noteChange();
    if (m_awaited.remove(nickname) && m_awaited.isEmpty() && m_isRunning)
        QMetaObject::invokeMethod(
            this, [this] { nextOrder(); }, Qt::QueuedConnection);
}

/// What an instrument does next: the lowest order of what it missed, else its part of this order.
QList<int> SafeSequence::due(const QString &nickname) const
{
    const SafeOutcome wanted = hasPending(nickname) ? SafeOutcome::Pending : SafeOutcome::Waiting;
    qint64 lowest = std::numeric_limits<qint64>::max();
    QList<int> positions;
    for (int i = 0; i < m_report.targets.size(); ++i) {
        const SafeTarget &target = m_report.targets[i];
        if (target.instrument != nickname || target.outcome != wanted || target.order > lowest)
            continue;
        if (target.order < lowest)
            positions.clear();
        lowest = target.order;
        positions.append(i);
    }
    return positions;
}

bool SafeSequence::hasPending(const QString &nickname) const
{
    return m_report.pendingInstruments().contains(nickname);
}

void SafeSequence::noteChange()
{
    if (!m_isRunning)
        emit changed(m_report);
}

void SafeSequence::log(const QString &level, const QString &message)
{
    emit step({m_clock.wallNs(), level, message});
}

} // namespace birch
