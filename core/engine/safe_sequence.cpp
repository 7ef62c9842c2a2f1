#include "core/engine/safe_sequence.h"

#include "core/base/unit.h"
#include "core/engine/safe_drive.h"
#include "core/instrument/bench.h"

#include <algorithm>
#include <limits>
#include <tuple>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kBeforeAll = std::numeric_limits<qint64>::min();

QString withUnit(double value, const SafeMovement &movement)
{
    const QString number = numberToText(value);
    return movement.unit.isEmpty() ? number : number + u' ' + movement.unit;
}

bool isUnfinished(const SafeMovement &movement)
{
    return movement.outcome == SafeOutcome::Waiting || movement.outcome == SafeOutcome::Driving ||
           movement.outcome == SafeOutcome::Pending;
}

QList<SafeMovement> safeMovements(const InstrumentHost &host)
{
    QList<SafeMovement> found;
    const auto &specs = host.spec().movements;
    for (int i = 0; i < specs.size(); ++i) {
        if (!specs[i].safeValue)
            continue;
        SafeMovement movement;
        movement.instrument = host.nickname();
        movement.movement = i;
        movement.name = host.nickname() + u'.' + specs[i].name;
        movement.unit = specs[i].unit;
        movement.target = *specs[i].safeValue;
        movement.order = specs[i].safeOrder;
        found.append(movement);
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
        for (const SafeMovement &movement : m_report.movements)
            wanted.removeAll(movement.instrument);
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
    addMovements(wanted);
    QMetaObject::invokeMethod(
        this, [this] { nextOrder(); }, Qt::QueuedConnection);
}

/// Positions of what is in the report already stay as they are: drives refer to them.
void SafeSequence::addMovements(const QStringList &nicknames)
{
    QList<SafeMovement> added;
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
        added.append(safeMovements(*host));
    }
    std::sort(added.begin(), added.end(), [](const SafeMovement &a, const SafeMovement &b) {
        return std::tie(a.order, a.instrument, a.movement) <
               std::tie(b.order, b.instrument, b.movement);
    });
    m_report.movements.append(added);
}

void SafeSequence::nextOrder()
{
    std::optional<int> next;
    for (const SafeMovement &movement : m_report.movements) {
        if (movement.outcome == SafeOutcome::Waiting && movement.order > m_order)
            next = next ? std::min(*next, movement.order) : movement.order;
    }
    if (!next)
        return finishRun();
    m_order = *next;
    QStringList nicknames;
    for (SafeMovement &movement : m_report.movements) {
        if (movement.outcome != SafeOutcome::Waiting || movement.order != m_order)
            continue;
        if (m_retries.contains(movement.instrument))
            movement.outcome = SafeOutcome::Pending; // missing since a lower order
        else if (!nicknames.contains(movement.instrument))
            nicknames.append(movement.instrument);
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
        addMovements(std::exchange(m_added, {}));
        return nextOrder();
    }
    m_isRunning = false;
    const QStringList pending = m_report.pendingInstruments();
    if (pending.isEmpty())
        log(u"safe"_s, tr("Every movement has had its safe value"));
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
        SafeMovement &movement = m_report.movements[position];
        if (movement.outcome == SafeOutcome::Waiting)
            movement.outcome = SafeOutcome::Driving; // what is tried again stays pending until done
        targets.append({position, movement.movement, movement.target});
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

void SafeSequence::settled(int position, double readback)
{
    SafeMovement &movement = m_report.movements[position];
    movement.outcome = SafeOutcome::Done;
    movement.readback = readback;
    movement.message.clear();
    log(u"safe"_s,
        tr("%1 → %2, read back %3")
            .arg(movement.name, withUnit(movement.target, movement), withUnit(readback, movement)));
    noteChange();
}

void SafeSequence::missed(int position, const QString &why, bool isWorthRetry)
{
    SafeMovement &movement = m_report.movements[position];
    const bool isNews = movement.message != why;
    movement.outcome = isWorthRetry ? SafeOutcome::Pending : SafeOutcome::Failed;
    movement.message = why;
    if (isWorthRetry)
        m_missed.insert(movement.instrument);
    if (isNews) {
        const QString text =
            isWorthRetry ? tr("%1 is not at its safe value %2 (%3); it is tried again")
                         : tr("%1 can not be brought to its safe value %2 (%3): do it by hand");
        log(u"error"_s, text.arg(movement.name, withUnit(movement.target, movement), why));
    }
    noteChange();
}

void SafeSequence::dismiss(const QString &nickname)
{
    bool isKnown = false;
    for (SafeMovement &movement : m_report.movements) {
        if (movement.instrument != nickname || !isUnfinished(movement))
            continue;
        movement.outcome = SafeOutcome::Dismissed;
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
    for (int i = 0; i < m_report.movements.size(); ++i) {
        const SafeMovement &movement = m_report.movements[i];
        if (movement.instrument != nickname || movement.outcome != wanted ||
            movement.order > lowest)
            continue;
        if (movement.order < lowest)
            positions.clear();
        lowest = movement.order;
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
