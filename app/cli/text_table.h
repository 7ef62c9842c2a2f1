#pragma once

#include <QList>
#include <QStringList>

namespace birch::cli {

/// Rows of text below a heading, for people; or as CSV, for programs.
class TextTable
{
public:
    explicit TextTable(QStringList heading)
        : m_heading(std::move(heading))
    {
    }

    /// As many cells as the heading has.
    void add(QStringList cells) { m_rows.append(std::move(cells)); }

    /// Heading and rows in columns, no line longer than \a width characters: the widest columns are
    /// cut first, then columns are left out from the right. 0: as wide as it gets.
    QStringList lines(int width) const;
    /// The same table without the columns that hold nothing.
    TextTable withoutEmptyColumns() const;
    /// RFC 4180 with line feeds, heading first.
    QStringList csvLines() const;

private:
    QList<int> widths(int limit) const;

    QStringList m_heading;
    QList<QStringList> m_rows;
};

/// Characters in a line of the terminal on standard output, or COLUMNS; 0: it goes elsewhere.
int terminalWidth();

} // namespace birch::cli
