#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QHostAddress>
#include <QList>

#include <optional>

/// Messages of DNS as multicast DNS uses them (RFC 1035, 6762): what service discovery needs.
/// Pure: no device, no clock.
namespace birch::dns {

enum class Type : quint16 { A = 1, Pointer = 12, Text = 16, Aaaa = 28, Service = 33 };

/// A domain name as its labels: that of an instance may hold dots and spaces.
using Name = QByteArrayList;

/// Names are the same whatever the case of their ASCII letters; this text is, too.
QByteArray keyOf(const Name &name);
/// "scope-1.local"
QString hostText(const Name &name);
/// From "_lxi._tcp.local".
Name nameFrom(QByteArrayView dotted);

struct Question {
    Name name;
    quint16 type = 0;

    bool operator==(const Question &) const = default;
};

/// A record of the Internet class, in so far as its type is one of Type; else its name alone.
struct Record {
    Name name;
    quint16 type = 0;
    quint32 secondsToLive = 0; ///< 0: it is withdrawn
    Name target;               ///< Pointer, Service
    quint16 port = 0;          ///< Service
    QByteArrayList texts;      ///< Text: "key=value" each
    QHostAddress address;      ///< A, Aaaa
};

struct Message {
    quint16 id = 0;
    bool isResponse = false;
    bool isTruncated = false;
    QList<Question> questions;
    QList<Record> records; ///< of all three sections, in their order
};

/// Nothing: it is no message, is cut off, or has a name that never ends.
std::optional<Message> parse(QByteArrayView datagram);
/// A query. Names longer than DNS allows are left out.
QByteArray queryFor(quint16 id, const QList<Question> &questions);

} // namespace birch::dns
