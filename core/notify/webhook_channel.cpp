#include "core/notify/webhook_channel.h"

#include "core/notify/curl_transfer.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QMessageAuthenticationCode>

using namespace Qt::StringLiterals;

namespace birch {

Status WebhookChannel::send(const Notice &notice, const NoticeTarget &target, const Call &call)
{
    const bool isSlack = target.channel == NoticeChannelKind::Slack;
    const QJsonObject content = isSlack
                                    ? QJsonObject{{u"text"_s, notice.subject + u'\n' + notice.body}}
                                    : noticeJson(notice);
    const QByteArray body = QJsonDocument(content).toJson(QJsonDocument::Compact);
    QList<QByteArray> headers{"Content-Type: application/json", "Expect:"};
    if (!m_secret.isEmpty() && !isSlack)
        headers << "X-Birch-Signature: sha256=" +
                       QMessageAuthenticationCode::hash(body, m_secret, QCryptographicHash::Sha256)
                           .toHex();
    CurlTransfer transfer(target.address, "http,https");
    if (!m_certificates.isEmpty())
        transfer.setCertificates(m_certificates);
    transfer.setPost(body, headers);
    // The address may hold a token.
    return transfer.perform(
        QCoreApplication::translate("Notify", "The web address of %1").arg(target.name), call);
}

} // namespace birch
