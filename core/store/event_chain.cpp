#include "core/store/event_chain.h"

#include <QCryptographicHash>
#include <QtEndian>

namespace birch {

namespace {
constexpr auto kAlgorithm = QCryptographicHash::Sha256;

void add(QCryptographicHash &hash, QByteArrayView bytes)
{
    const quint64 size = qToBigEndian(quint64(bytes.size()));
    hash.addData(QByteArrayView(reinterpret_cast<const char *>(&size), sizeof size));
    hash.addData(bytes);
}
} // namespace

QByteArray eventHash(const EventLink &link)
{
    QCryptographicHash hash(kAlgorithm);
    add(hash, "birch event 1");
    add(hash, link.previousHash);
    for (const qint64 number : {link.lab, link.sequence, link.atUs})
        add(hash, QByteArray::number(number));
    for (const QString *text :
         {&link.user, &link.station, &link.action, &link.kind, &link.objectUid, &link.title})
        add(hash, text->toUtf8());
    add(hash, link.payloadHash);
    return hash.result();
}

QByteArray eventPayloadHash(const QString &changes)
{
    return QCryptographicHash::hash(changes.toUtf8(), kAlgorithm);
}

QByteArray eventChainStart()
{
    return QByteArray(QCryptographicHash::hashLength(kAlgorithm), '\0');
}

} // namespace birch
