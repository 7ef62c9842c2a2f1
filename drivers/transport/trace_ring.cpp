#include "drivers/transport/trace_ring.h"

#include <algorithm>
#include <cstring>

namespace birch {

struct TraceRing::Header {
    qint64 steady;
    qint64 wall;
    qint64 total;
    qint32 kept;
    TraceRecord::Kind kind;
};

namespace {
using Kind = TraceRecord::Kind;

bool isSent(Kind kind)
{
    return kind == Kind::Send;
}

bool isReceived(Kind kind)
{
    return kind == Kind::Receive || kind == Kind::End;
}

/// Of one direction, as one text: a secret may lie across records.
void cover(const SecretMask &secrets, QList<TraceRecord> *records, bool (*isMeant)(Kind))
{
    QByteArray all;
    for (const TraceRecord &record : std::as_const(*records)) {
        if (isMeant(record.kind))
            all += record.bytes;
    }
    const QByteArray covered = secrets.masked(QByteArrayView(all));
    if (covered == all)
        return;
    qsizetype at = 0;
    for (TraceRecord &record : *records) {
        if (!isMeant(record.kind))
            continue;
        record.bytes = covered.sliced(at, record.bytes.size());
        at += record.bytes.size();
    }
}
} // namespace

TraceRing::TraceRing(qsizetype capacity)
    : m_capacity(std::max<qsizetype>(capacity, 4096))
    , m_longest(m_capacity > kUsual ? m_capacity / 2 : m_capacity / 64)
{
}

void TraceRing::add(TraceRecord::Kind kind, QByteArrayView bytes)
{
    using namespace std::chrono;
    Header header{steady_clock::now().time_since_epoch().count(),
                  duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count(),
                  bytes.size(), qint32(std::min(bytes.size(), m_longest)), kind};
    const std::lock_guard lock(m_mutex);
    if (!m_memory)
        m_memory.reset(new char[size_t(m_capacity)]); // not cleared: untouched pages cost nothing
    makeRoom(qsizetype(sizeof header) + header.kept);
    put(&header, sizeof header);
    put(bytes.data(), header.kept);
}

void TraceRing::makeRoom(qsizetype size)
{
    while (m_capacity - m_size < size) {
        Header oldest;
        get(m_start, &oldest, sizeof oldest);
        const qsizetype length = qsizetype(sizeof oldest) + oldest.kept;
        m_start = (m_start + length) % m_capacity;
        m_size -= length;
        ++m_dropped;
    }
}

void TraceRing::put(const void *from, qsizetype size)
{
    const qsizetype at = (m_start + m_size) % m_capacity;
    const qsizetype first = std::min(size, m_capacity - at);
    if (first > 0)
        std::memcpy(m_memory.get() + at, from, size_t(first));
    if (size > first)
        std::memcpy(m_memory.get(), static_cast<const char *>(from) + first, size_t(size - first));
    m_size += size;
}

void TraceRing::get(qsizetype at, void *into, qsizetype size) const
{
    const qsizetype first = std::min(size, m_capacity - at);
    if (first > 0)
        std::memcpy(into, m_memory.get() + at, size_t(first));
    if (size > first)
        std::memcpy(static_cast<char *>(into) + first, m_memory.get(), size_t(size - first));
}

void TraceRing::setSecrets(std::shared_ptr<const SecretMask> secrets)
{
    const std::lock_guard lock(m_mutex);
    m_secrets = std::move(secrets);
}

LinkTrace TraceRing::snapshot(const QString &name, const QString &address) const
{
    LinkTrace trace = copied(name, address);
    const auto secrets = [this] {
        const std::lock_guard lock(m_mutex);
        return m_secrets;
    }();
    if (secrets && !secrets->isEmpty()) {
        cover(*secrets, &trace.records, isSent);
        cover(*secrets, &trace.records, isReceived);
    }
    return trace;
}

LinkTrace TraceRing::copied(const QString &name, const QString &address) const
{
    LinkTrace trace{name, address, 0, {}};
    const std::lock_guard lock(m_mutex);
    trace.dropped = m_dropped;
    for (qsizetype done = 0; done < m_size;) {
        Header header;
        const auto at = [&](qsizetype offset) { return (m_start + done + offset) % m_capacity; };
        get(at(0), &header, sizeof header);
        TraceRecord record{header.kind, std::chrono::nanoseconds(header.steady),
                           std::chrono::nanoseconds(header.wall), QByteArray(header.kept, '\0'),
                           header.total};
        get(at(sizeof header), record.bytes.data(), header.kept);
        trace.records.append(std::move(record));
        done += qsizetype(sizeof header) + header.kept;
    }
    return trace;
}

} // namespace birch
