#include "drivers/transport/trace_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

using Kind = TraceRecord::Kind;
using std::chrono::nanoseconds;

constexpr qsizetype kLongestText = 32 * 1024 * 1024; // of one connection
constexpr qint64 kSecond = 1'000'000'000;
constexpr auto kMark = "birch trace 1";

struct KindName {
    Kind kind;
    const char *name;
    bool hasBytes;
};
constexpr KindName kKinds[] = {{Kind::Connect, "connect", false}, {Kind::Close, "close", false},
                               {Kind::Lost, "lost", true},        {Kind::Clear, "clear", false},
                               {Kind::Send, ">", true},           {Kind::Receive, "<", true},
                               {Kind::End, "<.", true},           {Kind::Forget, "forget", false},
                               {Kind::StatusByte, "status", true}};

const KindName &nameOf(Kind kind)
{
    for (const KindName &known : kKinds) {
        if (known.kind == kind)
            return known;
    }
    Q_UNREACHABLE();
}

QByteArray nineDigits(qint64 value)
{
    return QByteArray::number(value).rightJustified(9, '0');
}

QByteArray utcText(nanoseconds wall)
{
    const auto time = QDateTime::fromSecsSinceEpoch(wall.count() / kSecond, Qt::UTC);
    return time.toString(u"yyyy-MM-ddThh:mm:ss"_s).toLatin1() + '.' +
           nineDigits(wall.count() % kSecond) + 'Z';
}

QByteArray quoted(const QByteArray &bytes)
{
    static constexpr char kHex[] = "0123456789abcdef";
    QByteArray text;
    text.reserve(bytes.size() + 2);
    text += '"';
    for (const char c : bytes) {
        if (c == '"' || c == '\\')
            text.append('\\').append(c);
        else if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else if (c >= ' ' && c <= '~')
            text += c;
        else
            text.append("\\x").append(kHex[quint8(c) >> 4]).append(kHex[quint8(c) & 15]);
    }
    return text + '"';
}

QByteArray lineOf(const TraceRecord &record, nanoseconds first)
{
    const qint64 since = std::max<qint64>(0, (record.steady - first).count());
    return utcText(record.wall) + " +" + QByteArray::number(since / kSecond) + '.' +
           nineDigits(since % kSecond) + ' ' + traceEventText(record) + '\n';
}

QByteArray textOf(const LinkTrace &trace)
{
    QByteArrayList lines; // the newest first, until there is no room
    qsizetype size = 0;
    qint64 dropped = trace.dropped;
    const nanoseconds first = trace.records.isEmpty() ? nanoseconds() : trace.records[0].steady;
    for (qsizetype i = trace.records.size() - 1; i >= 0; --i) {
        const QByteArray line = lineOf(trace.records[i], first);
        if (size + line.size() > kLongestText) {
            dropped += i + 1;
            break;
        }
        size += line.size();
        lines.prepend(line);
    }
    const QByteArray name = trace.name.isEmpty() ? QByteArray("-") : trace.name.toUtf8();
    QByteArray text = "connection " + name + ' ' + trace.address.toUtf8() + '\n';
    if (dropped > 0)
        text += "dropped " + QByteArray::number(dropped) + '\n';
    return text + lines.join();
}

std::optional<qint64> number(QByteArrayView text, qint64 largest)
{
    qint64 value = 0;
    if (text.isEmpty() || text.size() > 18)
        return std::nullopt;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value <= largest ? std::optional(value) : std::nullopt;
}

/// "seconds.nanoseconds"
std::optional<nanoseconds> secondsIn(QByteArrayView text)
{
    const qsizetype dot = text.indexOf('.');
    if (dot < 0 || text.size() - dot != 10)
        return std::nullopt;
    const auto whole = number(text.first(dot), 9'000'000'000);
    const auto rest = number(text.sliced(dot + 1), kSecond - 1);
    if (!whole || !rest)
        return std::nullopt;
    return nanoseconds(*whole * kSecond + *rest);
}

std::optional<nanoseconds> utcIn(QByteArrayView text)
{
    if (text.size() != 30 || text.back() != 'Z' || text[19] != '.')
        return std::nullopt;
    QDateTime time =
        QDateTime::fromString(QString::fromLatin1(text.first(19)), u"yyyy-MM-ddThh:mm:ss"_s);
    time.setTimeSpec(Qt::UTC);
    const auto rest = number(text.sliced(20, 9), kSecond - 1);
    const qint64 seconds = time.isValid() ? time.toSecsSinceEpoch() : -1;
    if (!rest || seconds < 0 || seconds > 9'000'000'000)
        return std::nullopt;
    return nanoseconds(seconds * kSecond + *rest);
}

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<QByteArray> unquoted(QByteArrayView text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return std::nullopt;
    text = text.sliced(1, text.size() - 2);
    QByteArray bytes;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            return std::nullopt;
        if (text[i] != '\\') {
            bytes += text[i];
            continue;
        }
        if (++i >= text.size())
            return std::nullopt;
        if (text[i] == 'n' || text[i] == 'r') {
            bytes += text[i] == 'n' ? '\n' : '\r';
        } else if (text[i] == '\\' || text[i] == '"') {
            bytes += text[i];
        } else {
            const bool isHex = text[i] == 'x' && i + 2 < text.size();
            const int high = isHex ? hexDigit(text[i + 1]) : -1;
            const int low = isHex ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            bytes += char(high << 4 | low);
            i += 2;
        }
    }
    return bytes;
}

QByteArrayView takeWord(QByteArrayView &rest)
{
    const qsizetype end = rest.indexOf(' ');
    const QByteArrayView word = end < 0 ? rest : rest.first(end);
    rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
    return word;
}

std::optional<TraceRecord> recordIn(QByteArrayView line)
{
    const auto wall = utcIn(takeWord(line));
    const QByteArrayView since = takeWord(line);
    const auto steady = since.startsWith('+') ? secondsIn(since.sliced(1)) : std::nullopt;
    const QByteArrayView name = takeWord(line);
    for (const KindName &known : kKinds) {
        if (!wall || !steady || name != QByteArrayView(known.name))
            continue;
        TraceRecord record{known.kind, *steady, *wall, {}, 0};
        if (!known.hasBytes)
            return line.isEmpty() ? std::optional(record) : std::nullopt;
        std::optional<qint64> total;
        if (!line.startsWith('"')) {
            total = number(takeWord(line), qint64(1) << 50);
            if (!total)
                return std::nullopt;
        }
        auto bytes = unquoted(line);
        if (!bytes || (total && *total < bytes->size()))
            return std::nullopt;
        record.bytes = *std::move(bytes);
        record.total = total.value_or(record.bytes.size());
        return record;
    }
    return std::nullopt;
}

Error badLine(qsizetype line)
{
    return {ErrorCode::BadInput,
            QCoreApplication::translate("LinkTrace", "Line %1 of the trace can not be understood; "
                                                     "take the file as it was written, unchanged")
                .arg(line)};
}

} // namespace

QByteArray traceEventText(const TraceRecord &record)
{
    const KindName &kind = nameOf(record.kind);
    QByteArray text = kind.name;
    if (!kind.hasBytes)
        return text;
    if (!record.isWhole())
        text += ' ' + QByteArray::number(record.total);
    return text + ' ' + quoted(record.bytes);
}

QByteArray traceToText(const QList<LinkTrace> &traces)
{
    QByteArray text = QByteArray(kMark) + '\n';
    for (const LinkTrace &trace : traces)
        text += textOf(trace);
    return text;
}

Result<QList<LinkTrace>> traceFromText(QByteArrayView text)
{
    QList<LinkTrace> traces;
    qsizetype count = 0;
    while (!text.isEmpty()) {
        const qsizetype end = text.indexOf('\n');
        QByteArrayView line = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        ++count;
        if (count == 1) {
            if (line != QByteArrayView(kMark))
                return badLine(1);
        } else if (line.startsWith("connection ")) {
            (void)takeWord(line);
            const QString name = QString::fromUtf8(takeWord(line));
            if (name.isEmpty() || line.isEmpty())
                return badLine(count);
            traces.append({name == u"-" ? QString() : name, QString::fromUtf8(line), 0, {}});
        } else if (line.startsWith("dropped ") && !traces.isEmpty() &&
                   traces.last().records.isEmpty()) {
            const auto dropped = number(line.sliced(8), qint64(1) << 50);
            if (!dropped)
                return badLine(count);
            traces.last().dropped = *dropped;
        } else {
            auto record = recordIn(line);
            if (!record || traces.isEmpty())
                return badLine(count);
            traces.last().records.append(*std::move(record));
        }
    }
    if (count == 0)
        return badLine(1);
    return traces;
}

} // namespace birch
