#include "drivers/simulator/faulty_writer.h"

namespace birch {

namespace {
QByteArray garbled(QByteArray reply)
{
    // Printable, so that only the text is wrong; no number, which nobody could tell from a reading.
    static constexpr char kNoise[] = "!$%&*<=>?@^_~|";
    for (char &c : reply)
        c = kNoise[quint8(c) % (sizeof(kNoise) - 1)];
    return reply;
}
} // namespace

FaultyWriter::FaultyWriter(Write toClient, Cut cutOff, QObject *parent)
    : QObject(parent)
    , m_write(std::move(toClient))
    , m_cut(std::move(cutOff))
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        const Piece piece = std::move(m_pieces.front());
        m_pieces.pop_front();
        write(piece);
        flush();
    });
}

void FaultyWriter::send(const QByteArray &reply, const QByteArray &terminator,
                        const std::vector<Fault> &faults)
{
    using Kind = Fault::Kind;
    if (isReset(faults)) {
        forget();
        return m_cut(true);
    }
    if (findFault(faults, Kind::Hang))
        return;
    const bool isGarbled = findFault(faults, Kind::Garble) != nullptr;
    QByteArray bytes = (isGarbled ? garbled(reply) : reply) + terminator;
    if (const Fault *late = findFault(faults, Kind::Late)) {
        QTimer::singleShot(late->time, Qt::PreciseTimer, this, [this, bytes, age = m_forgotten] {
            if (age == m_forgotten)
                m_write(bytes, true);
        });
        return;
    }
    const Fault *delay = findFault(faults, Kind::Delay);
    const auto pause = delay ? delay->time : std::chrono::milliseconds(0);
    if (findFault(faults, Kind::Cut)) {
        append({bytes.first(bytes.size() / 2), pause, false, true});
    } else if (const Fault *split = findFault(faults, Kind::Split)) {
        for (qsizetype i = 0; i < bytes.size(); ++i)
            append({bytes.sliced(i, 1), i == 0 ? pause : split->time, i == bytes.size() - 1});
    } else {
        append({bytes, pause});
    }
    flush();
}

void FaultyWriter::forget()
{
    m_pieces.clear();
    m_timer.stop();
    ++m_forgotten;
}

void FaultyWriter::append(Piece piece)
{
    m_pieces.push_back(std::move(piece));
}

void FaultyWriter::flush()
{
    while (!m_pieces.empty() && !m_timer.isActive()) {
        if (m_pieces.front().pause.count() > 0) {
            m_timer.start(m_pieces.front().pause);
            return;
        }
        const Piece piece = std::move(m_pieces.front());
        m_pieces.pop_front();
        write(piece);
    }
}

void FaultyWriter::write(const Piece &piece)
{
    m_write(piece.bytes, piece.isEnd);
    if (piece.isLast) {
        m_pieces.clear();
        m_cut(false);
    }
}

} // namespace birch
