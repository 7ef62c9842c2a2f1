#pragma once

#include "core/data/sentinel_record.h"
#include "core/engine/sentinel_port.h"
#include "core/notify/notice.h"
#include "drivers/definition/bench_file.h"

#include <QMap>

#include <mutex>

namespace birch {

/// What the sentinel is given before it guards: enough to make the bench safe alone. Its
/// definitions come from where the program had them, and have to be the same ones.
struct SentinelHandover {
    ProcessIdentity workstation;
    QUuid database; ///< null: none
    QString spoolDir;
    Nanoseconds beat{};
    int missed = 0;
    QString benchFile;
    QByteArray benchText;
    QMap<QString, QString> addresses;   ///< nickname -> in use now
    QMap<QString, QString> definitions; ///< nickname -> version
    QString station;
    QList<NoticeTarget> people; ///< told should the workstation die or hang

    bool operator==(const SentinelHandover &) const = default;
};

/// The handover as it is now, for any thread.
class HandoverBox
{
public:
    void put(SentinelHandover handover)
    {
        const std::lock_guard lock(m_mutex);
        m_handover = std::move(handover);
    }
    SentinelHandover get() const
    {
        const std::lock_guard lock(m_mutex);
        return m_handover;
    }

private:
    mutable std::mutex m_mutex;
    SentinelHandover m_handover;
};

// The messages between both, told apart by "kind".
QJsonObject handoverMessage(const SentinelHandover &handover);
QJsonObject guardMessage(const GuardedRun &run);
inline constexpr char16_t kHandover[] = u"handover";
inline constexpr char16_t kGuard[] = u"guard";
inline constexpr char16_t kBeat[] = u"beat";       ///< answered with the same
inline constexpr char16_t kGoodbye[] = u"goodbye"; ///< everything is safe: it leaves
inline constexpr char16_t kRefused[] = u"refused"; ///< by the sentinel, with "message"
QJsonObject plainMessage(const char16_t *kind);

/// Errors: BadInput.
Result<SentinelHandover> handoverFrom(const QJsonObject &message);
Result<GuardedRun> guardFrom(const QJsonObject &message);

} // namespace birch
