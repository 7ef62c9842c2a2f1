#include "core/plan/position_file.h"

#include "core/plan/did_you_mean.h"
#include "core/plan/plan_limits.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kMaxFileBytes = qint64(256) << 20;
constexpr qsizetype kMaxProblems = 5;

class PositionReader
{
    Q_DECLARE_TR_FUNCTIONS(PositionReader)

public:
    PositionReader(QString path, QString column, const Unit &unit)
        : m_path(std::move(path))
        , m_column(std::move(column))
        , m_unit(unit)
        , m_typed(unit)
    {
    }

    PositionColumn read()
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly)) {
            problem(0, tr("The file can not be read: %1").arg(file.errorString()),
                    tr("Put the file beside the scan's file, or correct its name"));
        } else if (file.size() > kMaxFileBytes) {
            problem(0, tr("The file is larger than %1 MB").arg(kMaxFileBytes >> 20),
                    tr("Keep the positions in a file of their own"));
        } else {
            readLines(file);
        }
        return std::move(m_read);
    }

private:
    void problem(int line, const QString &message, const QString &remedy)
    {
        m_read.problems.append({m_path, {}, {}, line, message, remedy});
    }

    void readLines(QFile &file)
    {
        bool isFirst = true;
        for (int line = 1; !file.atEnd() && m_read.problems.size() < kMaxProblems; ++line) {
            QString text = QString::fromUtf8(file.readLine()).trimmed();
            if (line == 1 && text.startsWith(QChar(0xfeff)))
                text.remove(0, 1);
            if (text.isEmpty() || text.startsWith(u'#'))
                continue;
            if (isFirst) {
                m_separator = text.contains(u';') ? u';' : text.contains(u'\t') ? u'\t' : u',';
                isFirst = false;
                if (readHeadings(cells(text), line))
                    continue;
            }
            if (m_index >= 0)
                readCell(cells(text), line);
            if (qint64(m_read.positions.size()) > kMaxPositions)
                return problem(line, tr("There are too many positions"), tr("Use fewer lines"));
        }
        if (m_read.positions.empty() && m_read.problems.isEmpty())
            problem(0, tr("The file has no positions"), tr("Write one position per line"));
    }

    QStringList cells(const QString &text) const
    {
        QStringList found;
        for (QString cell : text.split(m_separator)) {
            cell = cell.trimmed();
            if (cell.size() >= 2 && cell.startsWith(u'"') && cell.endsWith(u'"'))
                cell = cell.mid(1, cell.size() - 2);
            found.append(cell);
        }
        return found;
    }

    /// Chooses the column by the first line; false: that holds numbers already.
    bool readHeadings(const QStringList &first, int line)
    {
        static const QRegularExpression heading(uR"(^(.*?)\s*(?:[\[(]([^\])]*)[\])])?$)"_s);
        QStringList names;
        QStringList units;
        for (const QString &cell : first) {
            const auto match = heading.match(cell);
            names.append(match.captured(1));
            units.append(match.captured(2));
        }
        bool isNumber = m_column.isEmpty();
        m_index = m_column.isEmpty() ? 0 : m_column.toInt(&isNumber) - 1;
        if (!isNumber)
            m_index = int(std::max(first.indexOf(m_column), names.indexOf(m_column)));
        if (m_index < 0 || m_index >= first.size()) {
            m_index = -1;
            problem(line, tr("There is no column \"%1\"").arg(m_column),
                    didYouMean(m_column, names));
            return true;
        }
        if (isNumber && quantityFromText(first[m_index], m_unit))
            return false;
        if (!units[m_index].isEmpty())
            m_typed = Unit(units[m_index]);
        if (!m_typed.isConvertibleTo(m_unit)) {
            problem(line, tr("The column is in %1").arg(m_typed.symbol()),
                    tr("Write it in %1").arg(m_unit.examples()));
            m_index = -1;
        }
        return true;
    }

    void readCell(const QStringList &line, int number)
    {
        if (m_index >= line.size())
            return problem(number, tr("The line has only %1 fields").arg(line.size()),
                           tr("Complete the line, or begin it with #"));
        const QString &cell = line[m_index];
        bool isBare = false;
        (void)cell.toDouble(&isBare);
        const bool hasOwnUnit = isBare && !m_typed.symbol().isEmpty();
        const auto value =
            quantityFromText(hasOwnUnit ? cell + u' ' + m_typed.symbol() : cell, m_unit);
        if (!value)
            return problem(number, value.error().message,
                           tr("Write a number, with a point for decimals"));
        m_read.positions.push_back(value.value());
    }

    QString m_path;
    QString m_column;
    Unit m_unit;  ///< of the positions
    Unit m_typed; ///< of bare numbers
    QChar m_separator = u',';
    int m_index = -1;
    PositionColumn m_read;
};

} // namespace

PositionColumn readPositionColumn(const QString &scanFile, const QString &path,
                                  const QString &column, const Unit &unit)
{
    const QDir folder = QFileInfo(scanFile).absoluteDir();
    return PositionReader(folder.filePath(path), column.trimmed(), unit).read();
}

} // namespace birch
