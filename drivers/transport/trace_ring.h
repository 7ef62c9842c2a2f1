#pragma once

#include "core/instrument/secret_mask.h"
#include "drivers/transport/trace.h"

#include <QByteArrayView>

#include <memory>
#include <mutex>

namespace birch {

/// The latest traffic of one connection, in a fixed amount of memory: what is older makes room.
/// Written by the thread of the connection, read by any: m_mutex guards all of it.
class TraceRing
{
public:
    static constexpr qsizetype kUsual = 256 * 1024;       ///< kept by every connection, always
    static constexpr qsizetype kLarge = 16 * 1024 * 1024; ///< for a trace that somebody asked for

    /// Memory is taken when the first record comes. Of a record at most a 64th of \a capacity is
    /// kept, or of a large ring half.
    explicit TraceRing(qsizetype capacity = kUsual);
    TraceRing(const TraceRing &) = delete;

    void add(TraceRecord::Kind kind, QByteArrayView bytes = {});
    /// What snapshots are not to tell.
    void setSecrets(std::shared_ptr<const SecretMask> secrets);
    /// \a name and \a address as given, with what is in the ring now; secrets covered, also where
    /// they came in pieces.
    LinkTrace snapshot(const QString &name, const QString &address) const;

private:
    struct Header;
    LinkTrace copied(const QString &name, const QString &address) const;
    void makeRoom(qsizetype size);
    void put(const void *from, qsizetype size);
    void get(qsizetype at, void *into, qsizetype size) const;

    const qsizetype m_capacity;
    const qsizetype m_longest; ///< bytes of one record
    mutable std::mutex m_mutex;
    std::shared_ptr<const SecretMask> m_secrets;
    std::unique_ptr<char[]> m_memory;
    qsizetype m_start = 0; ///< of the oldest record
    qsizetype m_size = 0;
    qint64 m_dropped = 0;
};

} // namespace birch
