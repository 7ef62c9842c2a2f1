#include "core/notify/mail_channel.h"

#include "core/base/id.h"
#include "core/notify/curl_transfer.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Notify", text);
}

QString oneLine(QString text)
{
    static const QRegularExpression breaks(u"[\\x00-\\x1f\\x7f]+"_s);
    return text.replace(breaks, u" "_s).trimmed();
}

/// RFC 2047, section 2: at most 75 characters each, whole characters in each.
QByteArray encodedWords(const QString &text)
{
    constexpr qsizetype kMostBytes = 42;
    QByteArrayList words;
    QByteArray part;
    const auto close = [&words, &part] {
        words << "=?UTF-8?B?" + part.toBase64() + "?=";
        part.clear();
    };
    for (const uint letter : text.toUcs4()) {
        const auto code = char32_t(letter);
        const QByteArray bytes = QString::fromUcs4(&code, 1).toUtf8();
        if (part.size() + bytes.size() > kMostBytes)
            close();
        part += bytes;
    }
    close();
    return words.join("\r\n ");
}

bool isAscii(const QString &text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 128; });
}

/// RFC 2045, section 6.8: lines of at most 76 characters.
QByteArray wrappedBase64(const QByteArray &bytes)
{
    constexpr qsizetype kLine = 76;
    const QByteArray all = bytes.toBase64();
    QByteArray lines;
    for (qsizetype at = 0; at < all.size(); at += kLine)
        lines += all.mid(at, kLine) + "\r\n";
    return lines;
}
} // namespace

bool isMailAddress(const QString &address)
{
    static const QRegularExpression mailbox(
        uR"(^[^\s@<>(),;:"\\\x00-\x1f\x7f]+@[^\s@<>(),;:"\\\x00-\x1f\x7f]+$)"_s);
    return address.size() <= 254 && mailbox.match(address).hasMatch();
}

QByteArray mailText(const Notice &notice, const QString &from, const QString &to,
                    const QDateTime &now)
{
    const QString subject = oneLine(notice.subject);
    const QString domain = from.section(u'@', 1);
    QByteArray text;
    text += "From: Birch <" + from.toUtf8() + ">\r\n";
    text += "To: <" + to.toUtf8() + ">\r\n";
    text +=
        "Subject: " +
        (isAscii(subject) && subject.size() <= 70 ? subject.toLatin1() : encodedWords(subject)) +
        "\r\n";
    text +=
        "Date: " + QLocale::c().toString(now.toUTC(), u"ddd, dd MMM yyyy HH:mm:ss"_s).toLatin1() +
        " +0000\r\n";
    text += "Message-ID: <" + uidText(notice.uid).toLatin1() + '@' + domain.toUtf8() + ">\r\n";
    text += "Auto-Submitted: auto-generated\r\n"; // RFC 3834: no out-of-office answers
    text += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n";
    return text + wrappedBase64(notice.body.toUtf8());
}

Status MailChannel::send(const Notice &notice, const NoticeTarget &target, const Call &call)
{
    if (m_server.url.isEmpty() || !isMailAddress(m_server.from))
        return Error{ErrorCode::BadInput,
                     tr("No mail server is set: birchctl config set mail.server "
                        "smtp://mail.example.org:587, and mail.from")};
    if (!isMailAddress(target.address))
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" is no mail address: birchctl subscribers edit %2 address=…")
                         .arg(target.address, target.name)};
    CurlTransfer transfer(m_server.url, "smtp,smtps");
    transfer.setTls(m_server.tls);
    if (!m_server.certificates.isEmpty())
        transfer.setCertificates(m_server.certificates);
    if (!m_server.user.isEmpty())
        transfer.setLogin(m_server.user, m_server.password);
    transfer.setMail(
        m_server.from, target.address,
        mailText(notice, m_server.from, target.address, QDateTime::currentDateTimeUtc()));
    return transfer.perform(tr("The mail server for %1").arg(target.name), call);
}

} // namespace birch
