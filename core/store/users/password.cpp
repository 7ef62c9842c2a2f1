#include "core/store/users/password.h"

#include <QCoreApplication>

#include <array>
#include <sodium.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// Measured on the machine this was made on: 2 passes over 64 MiB take some 100 ms.
constexpr unsigned long long kPasses = 2;
constexpr size_t kMemory = size_t(64) << 20; // bytes
constexpr size_t kTokenBytes = 32;

QString tr(const char *text)
{
    return QCoreApplication::translate("Users", text);
}

bool isReady()
{
    static const bool isStarted = sodium_init() >= 0; // thread-safe, once
    return isStarted;
}

/// Of no password.
const QByteArray &strangersHash()
{
    static const QByteArray hash = passwordHash(newToken()).value().toLatin1();
    return hash;
}
} // namespace

Result<QString> passwordHash(const QString &password)
{
    if (password.size() < kMinPasswordLength)
        return Error{
            ErrorCode::BadInput,
            tr("The password is too short: take %1 characters or more").arg(kMinPasswordLength)};
    QByteArray clear = password.toUtf8();
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const bool isMade = isReady() && crypto_pwhash_str(hash.data(), clear.constData(),
                                                       size_t(clear.size()), kPasses, kMemory) == 0;
    sodium_memzero(clear.data(), size_t(clear.size()));
    if (!isMade)
        return Error{ErrorCode::Full, tr("There is not enough memory to keep a password: close "
                                         "other programs, then try again")};
    return QString::fromLatin1(hash.data());
}

bool passwordFits(const QString &hash, const QString &password)
{
    if (!isReady())
        return false;
    const bool isHash = hash.startsWith(u"$argon2id$"_s);
    const QByteArray stored = isHash ? hash.toLatin1() : strangersHash();
    QByteArray clear = password.toUtf8();
    const bool fits =
        crypto_pwhash_str_verify(stored.constData(), clear.constData(), size_t(clear.size())) == 0;
    sodium_memzero(clear.data(), size_t(clear.size()));
    return fits && isHash;
}

QString newToken()
{
    (void)isReady();
    std::array<char, kTokenBytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    const QByteArray text =
        QByteArray(bytes.data(), qsizetype(bytes.size()))
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    return QString::fromLatin1(text);
}

QByteArray tokenHash(const QString &token)
{
    (void)isReady();
    const QByteArray clear = token.toUtf8();
    QByteArray hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char *>(hash.data()), size_t(hash.size()),
                       reinterpret_cast<const unsigned char *>(clear.constData()),
                       size_t(clear.size()), nullptr, 0);
    return hash;
}

} // namespace birch
