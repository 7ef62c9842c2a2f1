#pragma once

#include "core/notify/notice_channel.h"

namespace birch {

/// One POST of JSON: the notice itself, or Slack's {"text"}. With a secret, `X-Birch-Signature:
/// sha256=…` is the HMAC (RFC 2104) of the body, so that the receiver knows who speaks.
class WebhookChannel final : public NoticeChannel
{
public:
    explicit WebhookChannel(QByteArray secret = {}, QString certificates = {})
        : m_secret(std::move(secret))
        , m_certificates(std::move(certificates))
    {
    }
    Status send(const Notice &notice, const NoticeTarget &target, const Call &call) override;

private:
    QByteArray m_secret;
    QString m_certificates; ///< "": those that the system trusts
};

} // namespace birch
