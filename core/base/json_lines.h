#pragma once

#include <QByteArrayView>
#include <QHash>
#include <QString>
#include <QStringList>

namespace birch {

/// Where in its text each value of a JSON document stands, which QJsonDocument does not keep. A
/// path reads "children[2].positions.stop"; "" is the whole document. Numbers inside an array count
/// as the array: positions may be many.
class JsonLines
{
public:
    JsonLines() = default;
    /// \a text is valid JSON: QJsonDocument took it.
    explicit JsonLines(QByteArrayView text);

    /// 1-based; the line of the nearest enclosing value that is there, 0 without a text.
    int lineOf(const QString &path) const;
    /// Paths that occur twice: QJsonDocument silently keeps the last.
    const QStringList &duplicates() const { return m_duplicates; }

    /// The 1-based line of a byte offset.
    static int lineAt(QByteArrayView text, qsizetype offset);

private:
    QHash<QString, int> m_lines;
    QStringList m_duplicates;
};

} // namespace birch
