#pragma once

#include "core/exchange/import/csv_reader.h"
#include "core/exchange/import/import_target.h"
#include "core/store/finished_scan.h"

namespace birch {

/// A CSV file of measurement data as one finished scan with one measurement object. Reads the file
/// twice, never all at once.
///
/// Columns are named "name (unit)". A column of numbers is float64 (int64 where digits would be
/// lost), of true and false bool, anything else text. An empty cell is a skipped value, "nan" one
/// that is not a number; a column "name.state", as our own export has it, says it for that column.
/// With semicolons between cells a comma in a number is its decimal point. A column "time (ns)" is
/// the time.
class CsvData
{
    Q_DECLARE_TR_FUNCTIONS(CsvData)
public:
    CsvData(QString path, std::optional<char> delimiter)
        : m_path(std::move(path))
        , m_delimiter(delimiter)
    {
    }

    /// First pass. Errors: of CsvReader.
    Status look();
    qint64 rows() const { return m_rows; }
    const TableSchema &schema() const { return m_schema; }
    /// First and last value of the time column, microseconds; nothing without one.
    std::optional<std::pair<qint64, qint64>> times() const { return m_times; }

    /// Second pass, inside the caller's transaction.
    Status write(FinishedScanWriter &writer);

private:
    struct Column {
        qsizetype cell = 0;
        qsizetype state = -1; ///< cell of its state; -1: none
        bool isNumber = true;
        bool isWhole = true;
        bool isLarge = false;
        bool isBool = true;
        bool isEmpty = true;
    };
    void findColumns(const QStringList &header);
    void lookAt(const QStringList &cells);
    void makeSchema(const QStringList &header);
    ColumnType typeOf(const Column &column) const;
    std::optional<double> number(const QString &cell) const;
    void append(const Column &column, const QStringList &cells, bool wasQuoted,
                ColumnValues &values) const;

    QString m_path;
    std::optional<char> m_delimiter;
    bool m_isDecimalComma = false;
    std::vector<Column> m_columns;
    TableSchema m_schema;
    qint64 m_rows = 0;
    qsizetype m_timeCell = -1;
    std::optional<std::pair<qint64, qint64>> m_times;
};

} // namespace birch
