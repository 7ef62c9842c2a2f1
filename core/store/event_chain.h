#pragma once

#include <QByteArray>
#include <QString>

namespace birch {

/// What the hash of one event covers: all of it but its detail, which counts by its own hash, so
/// that a chain holds when details are purged.
struct EventLink {
    QByteArray previousHash;
    qint64 lab = 0;
    qint64 sequence = 0; ///< in its chain, from 1
    qint64 atUs = 0;
    QString user;
    QString station;
    QString action;
    QString kind;
    QString objectUid;
    QString title;
    QByteArray payloadHash;
};

/// SHA-256 of "birch event 1" and the members of \a link in the order above. Each of these is
/// written as its length in bytes (64 bit, big-endian) and its bytes: text as UTF-8, numbers as
/// decimal digits, hashes as they are.
QByteArray eventHash(const EventLink &link);
/// SHA-256 of the stored text of the changes, as UTF-8.
QByteArray eventPayloadHash(const QString &changes);
/// The previous hash of a chain's first event: 32 zero bytes.
QByteArray eventChainStart();

} // namespace birch
