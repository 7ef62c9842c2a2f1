#pragma once

#include "core/notify/notice_channel.h"

class QDateTime;

namespace birch {

struct MailServer {
    QString url; ///< "smtp://mail.lab:587", "smtps://…"
    QString from;
    QString user; ///< "": no login
    QString password;
    QString tls = QStringLiteral("required"); ///< "required", "try", "off"; of smtp://
    QString certificates = {};                ///< "": those that the system trusts
};

/// Mail by SMTP (RFC 5321), plain text (RFC 5322, RFC 2045).
class MailChannel final : public NoticeChannel
{
public:
    explicit MailChannel(MailServer server)
        : m_server(std::move(server))
    {
    }
    Status send(const Notice &notice, const NoticeTarget &target, const Call &call) override;

private:
    MailServer m_server;
};

/// The whole message, lines ended by CR LF. What could begin a header of its own is taken out of
/// one-line texts.
QByteArray mailText(const Notice &notice, const QString &from, const QString &to,
                    const QDateTime &now);

/// Whether \a address can be put into an envelope: one mailbox, nothing that ends it early.
bool isMailAddress(const QString &address);

} // namespace birch
