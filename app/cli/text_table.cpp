#include "app/cli/text_table.h"

#include <algorithm>
#include <numeric>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr int kGap = 2;
constexpr int kNarrowest = 8; // a column is not cut below this

/// Characters as people count them, surrogate pairs as one.
int length(const QString &text)
{
    return int(text.toUcs4().size());
}

QString oneLine(QString text)
{
    for (QChar &character : text) {
        if (character.category() == QChar::Other_Control)
            character = u' ';
    }
    return text;
}

QString fitted(const QString &cell, int width)
{
    const QList<uint> characters = oneLine(cell).toUcs4();
    if (characters.size() <= width)
        return QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()),
                                 characters.size()) +
               QString(width - characters.size(), u' ');
    return QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()),
                             std::max(0, width - 1)) +
           u'…';
}

QString trimmedEnd(QString line)
{
    while (line.endsWith(u' '))
        line.chop(1);
    return line;
}

QString csvCell(QString text)
{
    const bool isQuoted =
        text.contains(u'"') || text.contains(u',') || text.contains(u'\n') || text.contains(u'\r');
    if (!isQuoted)
        return text;
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

QString csvLine(const QStringList &cells)
{
    QStringList quoted;
    for (const QString &cell : cells)
        quoted << csvCell(cell);
    return quoted.join(u',');
}
} // namespace

QList<int> TextTable::widths(int limit) const
{
    QList<int> widths;
    for (qsizetype i = 0; i < m_heading.size(); ++i) {
        int width = length(m_heading[i]);
        for (const QStringList &row : m_rows)
            width = std::max(width, length(row[i]));
        widths << width;
    }
    if (limit <= 0 || widths.isEmpty())
        return widths;
    const auto excess = [&widths, limit] {
        return std::accumulate(widths.begin(), widths.end(), kGap * int(widths.size() - 1)) - limit;
    };
    while (excess() > 0) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest > kNarrowest)
            --*widest;
        else if (widths.size() > 1)
            widths.removeLast();
        else
            break;
    }
    return widths;
}

QStringList TextTable::lines(int width) const
{
    const QList<int> columns = widths(width);
    QStringList lines;
    for (const QStringList &row : QList<QStringList>{m_heading} + m_rows) {
        QStringList cells;
        for (qsizetype i = 0; i < columns.size(); ++i)
            cells << fitted(row[i], columns[i]);
        lines << trimmedEnd(cells.join(QString(kGap, u' ')));
    }
    return lines;
}

TextTable TextTable::withoutEmptyColumns() const
{
    TextTable table{QStringList()};
    table.m_rows.resize(m_rows.size());
    for (qsizetype column = 0; column < m_heading.size(); ++column) {
        const bool isUsed = std::any_of(m_rows.begin(), m_rows.end(), [column](const auto &row) {
            return !row[column].isEmpty();
        });
        if (!isUsed)
            continue;
        table.m_heading << m_heading[column];
        for (qsizetype row = 0; row < m_rows.size(); ++row)
            table.m_rows[row] << m_rows[row][column];
    }
    return table;
}

QStringList TextTable::csvLines() const
{
    QStringList lines{csvLine(m_heading)};
    for (const QStringList &row : m_rows)
        lines << csvLine(row);
    return lines;
}

int terminalWidth()
{
    bool isNumber = false;
    const int asked = qEnvironmentVariableIntValue("COLUMNS", &isNumber);
    if (isNumber && asked > 0)
        return asked;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

} // namespace birch::cli
