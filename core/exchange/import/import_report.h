#pragma once

#include <QCoreApplication>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace birch {

/// What became of one row. Every row of the source is exactly one of these.
enum class RowFate : quint8 {
    Created,
    Unchanged, ///< was there already
    Skipped,   ///< left out on purpose; says why
    NotUnderstood
};

/// What became of one table.
class TableReport
{
public:
    TableReport(QString table, QString into, qint64 rows)
        : m_table(std::move(table))
        , m_into(std::move(into))
        , m_rows(rows)
    {
    }

    const QString &table() const { return m_table; }
    const QString &into() const { return m_into; } ///< entity; "" where there is none
    qint64 rows() const { return m_rows; }         ///< in the source
    qint64 count(RowFate fate) const { return m_counts.value(fate); }
    qint64 accounted() const;
    /// Where the count is not known before they are read.
    void addRows(qint64 rows) { m_rows += rows; }

    /// \a why must be there but for Created; \a row names one for people, e.g. its id.
    void add(RowFate fate, const QString &why = {}, const QString &row = {}, qint64 count = 1);
    /// Something about a row that was taken over nevertheless, or about the whole table.
    void note(const QString &what, const QString &row = {});

    QJsonObject toJson() const;
    QStringList lines() const;

private:
    struct Reason {
        RowFate fate;
        QString why;
        qint64 count = 0;
        QStringList examples; ///< a few rows
    };
    static void count(QList<Reason> &reasons, RowFate fate, const QString &why, const QString &row,
                      qint64 count);

    QString m_table;
    QString m_into;
    qint64 m_rows;
    QMap<RowFate, qint64> m_counts;
    QList<Reason> m_reasons;
    QList<Reason> m_notes;
};

/// What became of a file: every row of every table. A value.
class ImportReport
{
    Q_DECLARE_TR_FUNCTIONS(ImportReport)
public:
    QString source; ///< path
    QString kind;   ///< "pybirch", "csv", "pickle"
    bool isDryRun = false;

    /// The report of a table, begun by the first call.
    TableReport &table(const QString &name, const QString &into, qint64 rows);
    const QList<TableReport> &tables() const { return m_tables; }
    void note(const QString &sentence) { m_notes << sentence; }
    qint64 rows() const;
    qint64 count(RowFate fate) const;
    /// Rows that no table accounts for: our own fault.
    qint64 missing() const;

    /// {"source","kind","dry_run","rows","created","unchanged","skipped","not_understood",
    ///  "tables":[{"table","into","rows","created",…,"reasons":[{"fate","why","count","rows"}],
    ///  "notes"}],"notes"}
    QJsonObject toJson() const;
    QStringList lines() const; ///< for people

private:
    QList<TableReport> m_tables;
    QStringList m_notes;
};

QString rowFateName(RowFate fate); ///< "created" "unchanged" "skipped" "not_understood"

} // namespace birch
