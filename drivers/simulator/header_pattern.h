#pragma once

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <optional>

namespace birch {

/// One command as a SCPI instrument hears it: "SOURce:VOLTage?" also as "sour:volt?",
/// ":SOUR1:VOLT?".
///
/// A header in mixed case says both its forms (capitals are the short one). One in capitals alone
/// is heard in the form it has, in the short form that SCPI's rule makes of it, and in the long
/// form of the usual headers.
class HeaderPattern
{
public:
    explicit HeaderPattern(const QByteArray &header);

    /// \param nodes  of the header received, without '?', leading ':' and '*', in any case.
    bool matches(const QList<QByteArray> &nodes, bool isQuery) const;
    bool isQuery() const { return m_isQuery; }

private:
    QList<QList<QByteArray>> m_nodes; ///< the accepted spellings, upper case, without suffix "1"
    bool m_isQuery = false;
};

/// A unit of a SCPI message taken apart: ":SOUR:VOLT 1" is the nodes SOUR, VOLT and the argument 1.
struct MessageUnit {
    QList<QByteArray> nodes; ///< upper case, suffix "1" taken off
    bool isQuery = false;
    bool isAbsolute = false; ///< begins with ':' or '*'
    QByteArray arguments;
};
MessageUnit unitFrom(const QByteArray &text);

/// Splits at \a separator outside of quotes.
QList<QByteArray> splitOutsideQuotes(const QByteArray &text, char separator);

} // namespace birch
