#include "drivers/discovery/dns_message.h"

#include <QtEndian>

namespace birch::dns {

namespace {

constexpr qsizetype kLongestMessage = 9000; // RFC 6762, 17
constexpr qsizetype kLongestName = 255;
constexpr qsizetype kLongestLabel = 63;
constexpr quint16 kInternet = 1;
constexpr quint16 kClassMask = 0x7fff; // the top bit: flush the cache, or answer by unicast

/// Reads a message from its beginning; after the first thing that does not fit nothing is good.
class Reader
{
public:
    explicit Reader(QByteArrayView whole)
        : m_whole(whole)
    {
    }
    bool isGood() const { return m_isGood; }
    qsizetype at() const { return m_at; }
    void jump(qsizetype to) { m_at = to; }
    void refuse() { m_isGood = false; }

    quint16 half()
    {
        const QByteArrayView bytes = take(2);
        return m_isGood ? qFromBigEndian<quint16>(bytes.data()) : 0;
    }
    quint32 word()
    {
        const quint32 high = half();
        return high << 16 | half();
    }
    QByteArrayView take(qsizetype size)
    {
        if (!m_isGood || size > m_whole.size() - m_at) {
            m_isGood = false;
            return {};
        }
        const QByteArrayView bytes = m_whole.sliced(m_at, size);
        m_at += size;
        return bytes;
    }

    /// A name may go on where another one stands, before it; ever further to the front, so it ends.
    Name name()
    {
        Name labels;
        qsizetype size = 1;
        qsizetype before = m_at; // where a pointer must point to lie in front of
        qsizetype resume = -1;   // behind the first pointer
        for (;;) {
            const QByteArrayView head = take(1);
            if (!m_isGood)
                return {};
            const auto length = quint8(head[0]);
            if (length == 0)
                break;
            if ((length & 0xc0) == 0xc0) {
                const QByteArrayView low = take(1);
                const qsizetype to = m_isGood ? (length & 0x3f) << 8 | quint8(low[0]) : before;
                if (to >= before)
                    return fail();
                resume = resume < 0 ? m_at : resume;
                m_at = before = to;
                continue;
            }
            size += 1 + length;
            const QByteArrayView label = length > kLongestLabel ? QByteArrayView() : take(length);
            if (!m_isGood || label.size() != length || size > kLongestName)
                return fail();
            labels.append(label.toByteArray());
        }
        if (resume >= 0)
            m_at = resume;
        return labels;
    }

private:
    Name fail()
    {
        m_isGood = false;
        return {};
    }

    const QByteArrayView m_whole;
    qsizetype m_at = 0;
    bool m_isGood = true;
};

QByteArrayList textsIn(QByteArrayView data)
{
    QByteArrayList texts;
    while (!data.isEmpty()) {
        const qsizetype size = std::min<qsizetype>(quint8(data[0]), data.size() - 1);
        if (size > 0)
            texts.append(data.sliced(1, size).toByteArray());
        data = data.sliced(1 + size);
    }
    return texts;
}

void readData(Reader &reader, qsizetype size, Record &record)
{
    const qsizetype end = reader.at() + size;
    switch (Type(record.type)) {
    case Type::A: {
        const QByteArrayView bytes = reader.take(size);
        if (bytes.size() == 4)
            record.address.setAddress(qFromBigEndian<quint32>(bytes.data()));
        break;
    }
    case Type::Aaaa: {
        const QByteArrayView bytes = reader.take(size);
        if (bytes.size() == 16)
            record.address.setAddress(reinterpret_cast<const quint8 *>(bytes.data()));
        break;
    }
    case Type::Text:
        record.texts = textsIn(reader.take(size));
        break;
    case Type::Service:
        (void)reader.word(); // priority, weight: there is one of each
        record.port = reader.half();
        [[fallthrough]];
    case Type::Pointer:
        record.target = reader.name();
        break;
    default:
        (void)reader.take(size);
        break;
    }
    if (reader.at() > end)
        reader.refuse(); // a name ran over the end of its record
    reader.jump(end);
}

std::optional<Record> readRecord(Reader &reader)
{
    Record record;
    record.name = reader.name();
    record.type = reader.half();
    const quint16 kind = reader.half() & kClassMask;
    record.secondsToLive = reader.word();
    const qsizetype size = reader.half();
    if (kind != kInternet) {
        record.type = 0;
        (void)reader.take(size);
    } else {
        readData(reader, size, record);
    }
    return reader.isGood() ? std::optional(record) : std::nullopt;
}

bool fits(const Name &name)
{
    qsizetype size = 1;
    for (const QByteArray &label : name) {
        if (label.isEmpty() || label.size() > kLongestLabel)
            return false;
        size += 1 + label.size();
    }
    return size <= kLongestName;
}

void append(QByteArray &to, quint16 value)
{
    char bytes[2];
    qToBigEndian(value, bytes);
    to.append(bytes, 2);
}

} // namespace

QByteArray keyOf(const Name &name)
{
    QByteArray key;
    for (const QByteArray &label : name) {
        key.append(char(label.size())); // unlike a dot, a length can not be mistaken
        key.append(label.toLower());
    }
    return key;
}

QString hostText(const Name &name)
{
    return QString::fromUtf8(name.join('.'));
}

Name nameFrom(QByteArrayView dotted)
{
    return dotted.toByteArray().split('.');
}

std::optional<Message> parse(QByteArrayView datagram)
{
    if (datagram.size() > kLongestMessage)
        return std::nullopt;
    Reader reader(datagram);
    Message message;
    message.id = reader.half();
    const quint16 flags = reader.half();
    message.isResponse = (flags & 0x8000) != 0;
    message.isTruncated = (flags & 0x0200) != 0;
    const quint16 questions = reader.half();
    const quint32 records = quint32(reader.half()) + reader.half() + reader.half();
    for (quint16 i = 0; i < questions && reader.isGood(); ++i) {
        Question question;
        question.name = reader.name();
        question.type = reader.half();
        (void)reader.half();
        message.questions.append(question);
    }
    for (quint32 i = 0; i < records && reader.isGood(); ++i) {
        if (auto record = readRecord(reader))
            message.records.append(*std::move(record));
    }
    return reader.isGood() ? std::optional(message) : std::nullopt;
}

QByteArray queryFor(quint16 id, const QList<Question> &questions)
{
    QByteArray bytes;
    quint16 count = 0;
    for (const Question &question : questions) {
        if (!fits(question.name))
            continue;
        for (const QByteArray &label : question.name)
            bytes.append(char(label.size())).append(label);
        bytes.append('\0');
        append(bytes, question.type);
        append(bytes, kInternet);
        ++count;
    }
    QByteArray header;
    for (const quint16 value : {id, quint16(0), count, quint16(0), quint16(0), quint16(0)})
        append(header, value);
    return header + bytes;
}

} // namespace birch::dns
