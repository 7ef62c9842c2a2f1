#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace birch {

/// A command or a reply of an instrument with at most one place for a value:
/// "SOUR:VOLT {value}", "*IDN?", "R{value}". {{ and }} stand for the braces themselves.
/// Checked when it is parsed: text of one line in Latin-1, no placeholder but {value}.
class CommandTemplate
{
public:
    CommandTemplate() = default;
    /// Errors: BadInput - the sentence says what to write instead.
    static Result<CommandTemplate> parse(const QString &text);

    bool isEmpty() const { return m_before.isEmpty() && !m_takesValue; }
    bool takesValue() const { return m_takesValue; }
    QByteArray before() const { return m_before; } ///< all of it where it takes no value
    QByteArray after() const { return m_after; }

    QByteArray filled(const QByteArray &value) const { return m_before + value + m_after; }
    QByteArray text() const { return m_before; } ///< of a template without a value
    /// What stands in \a message in the place of the value; nothing where the rest differs.
    std::optional<QByteArray> valueIn(const QByteArray &message) const;

    bool operator==(const CommandTemplate &) const = default;

private:
    QByteArray m_before;
    QByteArray m_after;
    bool m_takesValue = false;
};

} // namespace birch
