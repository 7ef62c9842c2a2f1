#include "core/engine/space_watch.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr double kAgain = 1.1; // that much more than the level is space again

QString sizeText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1);
}
} // namespace

SpaceWatch::SpaceWatch(DataPlaces places, SpaceLevels levels, Clock &clock, SpaceOf spaceOf,
                       QObject *parent)
    : QObject(parent)
    , m_places(std::move(places))
    , m_levels(levels)
    , m_clock(clock)
    , m_spaceOf(std::move(spaceOf))
{
}

void SpaceWatch::setRunning(bool isRunning)
{
    if (m_isRunning == isRunning)
        return;
    m_isRunning = isRunning;
    ++m_round;
    m_warned.clear();
    m_isExhausted = false;
    if (m_isRunning)
        look();
}

void SpaceWatch::look()
{
    for (const QString &folder : {m_places.spoolFolder, m_places.databaseFolder}) {
        const auto space = folder.isEmpty() ? std::nullopt : m_spaceOf(folder);
        if (!space)
            continue;
        warn(folder, *space);
        if (folder == m_places.spoolFolder)
            pause(folder, *space);
    }
    m_clock.after(m_levels.interval, this, [this, round = m_round] {
        if (m_isRunning && round == m_round)
            look();
    });
}

void SpaceWatch::warn(const QString &folder, const DiskSpace &space)
{
    if (double(space.freeBytes) >= double(m_levels.warnBytes) * kAgain)
        m_warned.remove(space.disk);
    if (space.freeBytes >= m_levels.warnBytes || m_warned.contains(space.disk))
        return;
    m_warned.insert(space.disk);
    emit warned(tr("Only %1 are free at %2: make space there before it is full.")
                    .arg(sizeText(space.freeBytes), folder));
}

void SpaceWatch::pause(const QString &folder, const DiskSpace &space)
{
    if (space.freeBytes < m_levels.pauseBytes) {
        m_isExhausted = true;
        emit exhausted(tr("Only %1 are free at %2, where points are written first: make space "
                          "there.")
                           .arg(sizeText(space.freeBytes), folder));
    } else if (m_isExhausted && double(space.freeBytes) >= double(m_levels.pauseBytes) * kAgain) {
        m_isExhausted = false;
        emit relieved();
    }
}

} // namespace birch
