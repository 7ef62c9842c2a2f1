#pragma once

#include <QByteArrayView>
#include <QList>
#include <QString>

#include <mutex>

namespace birch {

/// Takes out of bytes and texts what nobody may read again: what follows the beginnings of commands
/// that set secrets, up to the end of the line, and values that were set. Thread-safe.
class SecretMask
{
public:
    explicit SecretMask(QList<QByteArray> commands = {});

    /// A \a value that has been sent. One of less than four bytes is no secret by itself: it would
    /// be found everywhere.
    void add(const QByteArray &value);
    /// As add(), with what follows such a beginning in \a command, if anything does.
    void learnFrom(QByteArrayView command);

    /// \a text of the same length, with '*' in place of secrets. Case and the amount of blanks in a
    /// command do not matter.
    QByteArray masked(QByteArrayView text) const;
    /// The same for a sentence, which goes on behind a value that is known.
    QString masked(const QString &text) const;
    bool isEmpty() const;

private:
    QByteArray withoutValues(QByteArrayView text) const;

    const QList<QByteArray> m_commands;
    mutable std::mutex m_mutex; // guards m_values
    QList<QByteArray> m_values;
};

} // namespace birch
