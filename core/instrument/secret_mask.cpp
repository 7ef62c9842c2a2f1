#include "core/instrument/secret_mask.h"

#include <algorithm>

namespace birch {

namespace {
constexpr qsizetype kShortest = 4;
constexpr char kCover = '*';

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

/// Where \a command, which begins at \a at of \a text, ends there; -1: another stands there.
qsizetype endOf(const QByteArray &command, QByteArrayView text, qsizetype at)
{
    for (qsizetype i = 0; i < command.size(); ++i) {
        if (isBlank(command[i])) {
            if (at >= text.size() || !isBlank(text[at]))
                return -1;
            while (at < text.size() && isBlank(text[at]))
                ++at;
            continue;
        }
        if (at >= text.size() || folded(text[at]) != folded(command[i]))
            return -1;
        ++at;
    }
    return at;
}

bool endsLine(char c)
{
    return c == '\n' || c == '\r';
}

/// From the end of each \a command in \a text to the end of its line.
template<typename Use>
void forEachRest(const QList<QByteArray> &commands, QByteArrayView text, Use use)
{
    for (const QByteArray &command : commands) {
        for (qsizetype at = 0; at < text.size(); ++at) {
            const qsizetype from = endOf(command, text, at);
            if (from < 0)
                continue;
            at = std::find_if(text.begin() + from, text.end(), endsLine) - text.begin();
            use(from, at);
        }
    }
}
} // namespace

SecretMask::SecretMask(QList<QByteArray> commands)
    : m_commands(std::move(commands))
{
}

void SecretMask::add(const QByteArray &value)
{
    const std::scoped_lock lock(m_mutex);
    if (value.size() >= kShortest && !m_values.contains(value))
        m_values.append(value);
}

void SecretMask::learnFrom(QByteArrayView command)
{
    forEachRest(m_commands, command, [&](qsizetype from, qsizetype end) {
        QByteArrayView value = command.sliced(from, end - from).trimmed();
        if (value.endsWith('"') || value.endsWith('\''))
            value.chop(1);
        add(value.toByteArray());
    });
}

bool SecretMask::isEmpty() const
{
    const std::scoped_lock lock(m_mutex);
    return m_commands.isEmpty() && m_values.isEmpty();
}

QByteArray SecretMask::withoutValues(QByteArrayView text) const
{
    QByteArray masked = text.toByteArray();
    const std::scoped_lock lock(m_mutex);
    for (const QByteArray &value : m_values) {
        for (qsizetype at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
            std::fill_n(masked.begin() + at, value.size(), kCover);
    }
    return masked;
}

QByteArray SecretMask::masked(QByteArrayView text) const
{
    QByteArray masked = withoutValues(text);
    forEachRest(m_commands, text, [&masked](qsizetype from, qsizetype end) {
        std::fill(masked.begin() + from, masked.begin() + end, kCover);
    });
    return masked;
}

QString SecretMask::masked(const QString &text) const
{
    if (isEmpty())
        return text;
    const QByteArray bytes = text.toUtf8();
    QByteArray masked = withoutValues(bytes);
    forEachRest(m_commands, bytes, [&masked](qsizetype from, qsizetype end) {
        if (from < end && masked[from] != kCover)
            std::fill(masked.begin() + from, masked.begin() + end, kCover);
    });
    return QString::fromUtf8(masked);
}

} // namespace birch
