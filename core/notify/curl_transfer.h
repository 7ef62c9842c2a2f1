#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QList>

#include <memory>

namespace birch {

/// One transfer through libcurl: within its deadline, stopped within 100 ms, without redirects, to
/// nothing but the schemes named. Nothing of its options is logged.
class CurlTransfer
{
public:
    /// \a schemes: "smtp,smtps".
    CurlTransfer(const QString &url, const char *schemes);
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer &) = delete;
    CurlTransfer &operator=(const CurlTransfer &) = delete;

    void setLogin(const QString &user, const QString &password);
    /// \a mode: "required", "try" or "off"; of connections that begin in clear.
    void setTls(const QString &mode);
    /// Instead of those that the system trusts; for a server of the lab with its own.
    void setCertificates(const QString &file);
    void setMail(const QString &from, const QString &to, const QByteArray &message);
    void setPost(const QByteArray &body, const QList<QByteArray> &headers);

    /// Errors: Timeout, NotConnected, Cancelled; Denied - login or address refused, or HTTP 4xx;
    /// Protocol - HTTP 5xx and the rest. \a who is named in the sentence.
    Status perform(const QString &who, const Call &call);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace birch
