#include "core/notify/curl_transfer.h"

#include <QCoreApplication>

#include <curl/curl.h>

#include <mutex>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Notify", text);
}

constexpr std::chrono::milliseconds kLongestConnect{10'000};
constexpr size_t kKeptReply = 512; // of what a server says; enough for its sentence

/// libcurl wants this before its first use, from one thread.
void initialiseOnce()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

size_t readMail(char *buffer, size_t size, size_t count, void *reader)
{
    auto *left = static_cast<QByteArrayView *>(reader);
    const auto taken = std::min<qsizetype>(qsizetype(size * count), left->size());
    std::copy_n(left->data(), taken, buffer);
    *left = left->sliced(taken);
    return size_t(taken);
}

size_t keepReply(char *bytes, size_t size, size_t count, void *reply)
{
    auto *kept = static_cast<QByteArray *>(reply);
    if (kept->size() < qsizetype(kKeptReply))
        kept->append(bytes, std::min<qsizetype>(qsizetype(size * count), qsizetype(kKeptReply)));
    return size * count;
}

int mayGoOn(void *stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::stop_token *>(stop)->stop_requested() ? 1 : 0;
}

ErrorCode codeOf(CURLcode code)
{
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return ErrorCode::Timeout;
    case CURLE_ABORTED_BY_CALLBACK:
        return ErrorCode::Cancelled;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
        return ErrorCode::NotConnected;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return ErrorCode::BadInput;
    case CURLE_LOGIN_DENIED:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
        return ErrorCode::Denied;
    default:
        return ErrorCode::Protocol;
    }
}
} // namespace

struct CurlTransfer::State {
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle{nullptr, &curl_easy_cleanup};
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers{nullptr,
                                                                        &curl_slist_free_all};
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients{nullptr,
                                                                           &curl_slist_free_all};
    QByteArray content;
    QByteArrayView left;
    QByteArray reply;
    std::array<char, CURL_ERROR_SIZE> problem{};
    std::stop_token stop;
};

CurlTransfer::CurlTransfer(const QString &url, const char *schemes)
    : m_state(std::make_unique<State>())
{
    initialiseOnce();
    m_state->handle.reset(curl_easy_init());
    CURL *handle = m_state->handle.get();
    curl_easy_setopt(handle, CURLOPT_URL, url.toUtf8().constData());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, schemes);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L); // it runs on a thread
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "Birch");
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, m_state->problem.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &keepReply);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &m_state->reply);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &mayGoOn);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &m_state->stop);
}

CurlTransfer::~CurlTransfer() = default;

void CurlTransfer::setLogin(const QString &user, const QString &password)
{
    curl_easy_setopt(m_state->handle.get(), CURLOPT_USERNAME, user.toUtf8().constData());
    curl_easy_setopt(m_state->handle.get(), CURLOPT_PASSWORD, password.toUtf8().constData());
}

void CurlTransfer::setTls(const QString &mode)
{
    const curl_usessl wanted = mode == u"off"_s   ? CURLUSESSL_NONE
                               : mode == u"try"_s ? CURLUSESSL_TRY
                                                  : CURLUSESSL_ALL;
    curl_easy_setopt(m_state->handle.get(), CURLOPT_USE_SSL, long(wanted));
}

void CurlTransfer::setCertificates(const QString &file)
{
    curl_easy_setopt(m_state->handle.get(), CURLOPT_CAINFO, file.toUtf8().constData());
}

void CurlTransfer::setMail(const QString &from, const QString &to, const QByteArray &message)
{
    CURL *handle = m_state->handle.get();
    m_state->content = message;
    m_state->left = m_state->content;
    m_state->recipients.reset(curl_slist_append(nullptr, (u'<' + to + u'>').toUtf8().constData()));
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, (u'<' + from + u'>').toUtf8().constData());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, m_state->recipients.get());
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &readMail);
    curl_easy_setopt(handle, CURLOPT_READDATA, &m_state->left);
}

void CurlTransfer::setPost(const QByteArray &body, const QList<QByteArray> &headers)
{
    CURL *handle = m_state->handle.get();
    m_state->content = body;
    for (const QByteArray &header : headers)
        m_state->headers.reset(curl_slist_append(m_state->headers.release(), header.constData()));
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, m_state->headers.get());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, m_state->content.constData());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, long(m_state->content.size()));
}

Status CurlTransfer::perform(const QString &who, const Call &call)
{
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    CURL *handle = m_state->handle.get();
    m_state->stop = call.stop;
    const milliseconds limit = duration_cast<milliseconds>(call.deadline.remaining());
    if (limit.count() <= 0)
        return Error{ErrorCode::Timeout, tr("%1 was not reached in time").arg(who)};
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, long(limit.count()));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     long(std::min(limit, kLongestConnect).count()));
    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
        const QString said = QString::fromLocal8Bit(m_state->problem.data()).trimmed();
        const QString why = said.isEmpty() ? QString::fromLatin1(curl_easy_strerror(code)) : said;
        // An SMTP server's 5xx will be said again.
        const bool isFinal = status >= 500 && status < 600;
        return Error{isFinal ? ErrorCode::Denied : codeOf(code),
                     tr("%1 could not be told (%2)").arg(who, why)};
    }
    if (status >= 400 && status < 600) // of HTTP
        return Error{status < 500 && status != 408 && status != 429 ? ErrorCode::Denied
                                                                    : ErrorCode::Protocol,
                     tr("%1 could not be told: the server answered %2").arg(who).arg(status)};
    return ok();
}

} // namespace birch
