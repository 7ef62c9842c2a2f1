#include "core/exchange/import/import_report.h"

#include <QJsonArray>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMaxExamples = 5;
constexpr qsizetype kMaxReasons = 50; ///< of a table; the others are counted together
constexpr RowFate kFates[] = {RowFate::Created, RowFate::Unchanged, RowFate::Skipped,
                              RowFate::NotUnderstood};

QString tr(const char *text)
{
    return QCoreApplication::translate("ImportReport", text);
}

QString fateText(RowFate fate)
{
    switch (fate) {
    case RowFate::Created:
        return tr("created");
    case RowFate::Unchanged:
        return tr("unchanged");
    case RowFate::Skipped:
        return tr("skipped");
    case RowFate::NotUnderstood:
        return tr("not understood");
    }
    return {};
}
} // namespace

QString rowFateName(RowFate fate)
{
    switch (fate) {
    case RowFate::Created:
        return u"created"_s;
    case RowFate::Unchanged:
        return u"unchanged"_s;
    case RowFate::Skipped:
        return u"skipped"_s;
    case RowFate::NotUnderstood:
        return u"not_understood"_s;
    }
    return {};
}

qint64 TableReport::accounted() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), qint64(0));
}

void TableReport::count(QList<Reason> &reasons, RowFate fate, const QString &why,
                        const QString &row, qint64 count)
{
    auto found = std::find_if(reasons.begin(), reasons.end(), [&](const Reason &reason) {
        return reason.fate == fate && reason.why == why;
    });
    if (found == reasons.end() && reasons.size() >= kMaxReasons && why != tr("other reasons"))
        return TableReport::count(reasons, fate, tr("other reasons"), row, count);
    if (found == reasons.end())
        found = reasons.insert(reasons.end(), Reason{fate, why, 0, {}});
    found->count += count;
    if (!row.isEmpty() && found->examples.size() < kMaxExamples)
        found->examples << row;
}

void TableReport::add(RowFate fate, const QString &why, const QString &row, qint64 number)
{
    m_counts[fate] += number;
    if (!why.isEmpty())
        count(m_reasons, fate, why, row, number);
}

void TableReport::note(const QString &what, const QString &row)
{
    count(m_notes, RowFate::Created, what, row, 1);
}

QJsonObject TableReport::toJson() const
{
    QJsonObject json{{u"table"_s, m_table}, {u"into"_s, m_into}, {u"rows"_s, m_rows}};
    for (RowFate fate : kFates)
        json.insert(rowFateName(fate), count(fate));
    const auto list = [](const QList<Reason> &reasons, bool hasFate) {
        QJsonArray array;
        for (const Reason &reason : reasons) {
            QJsonObject one{{u"why"_s, reason.why},
                            {u"count"_s, reason.count},
                            {u"rows"_s, QJsonArray::fromStringList(reason.examples)}};
            if (hasFate)
                one.insert(u"fate"_s, rowFateName(reason.fate));
            array.append(one);
        }
        return array;
    };
    json.insert(u"reasons"_s, list(m_reasons, true));
    json.insert(u"notes"_s, list(m_notes, false));
    return json;
}

QStringList TableReport::lines() const
{
    QStringList counts;
    for (RowFate fate : kFates) {
        if (count(fate) > 0)
            counts << u"%1 %2"_s.arg(count(fate)).arg(fateText(fate));
    }
    QStringList lines{u"%1 %2  %3"_s.arg(m_table, -32)
                          .arg(m_rows, 9)
                          .arg(counts.isEmpty() ? tr("empty") : counts.join(u", "_s))};
    const auto explain = [&lines](const QList<Reason> &reasons, bool hasFate) {
        for (const Reason &reason : reasons) {
            QString line =
                hasFate
                    ? u"    %1 %2: %3"_s.arg(reason.count).arg(fateText(reason.fate), reason.why)
                    : u"    %1 ×: %2"_s.arg(reason.count).arg(reason.why);
            if (!reason.examples.isEmpty())
                line +=
                    u" (%1%2)"_s.arg(reason.examples.join(u", "_s),
                                     reason.count > reason.examples.size() ? u", …"_s : QString());
            lines << line;
        }
    };
    explain(m_reasons, true);
    explain(m_notes, false);
    return lines;
}

TableReport &ImportReport::table(const QString &name, const QString &into, qint64 rows)
{
    for (TableReport &table : m_tables) {
        if (table.table() == name)
            return table;
    }
    m_tables.append(TableReport(name, into, rows));
    return m_tables.last();
}

qint64 ImportReport::rows() const
{
    return std::accumulate(m_tables.begin(), m_tables.end(), qint64(0),
                           [](qint64 sum, const TableReport &table) { return sum + table.rows(); });
}

qint64 ImportReport::count(RowFate fate) const
{
    return std::accumulate(
        m_tables.begin(), m_tables.end(), qint64(0),
        [fate](qint64 sum, const TableReport &table) { return sum + table.count(fate); });
}

qint64 ImportReport::missing() const
{
    return std::accumulate(m_tables.begin(), m_tables.end(), qint64(0),
                           [](qint64 sum, const TableReport &table) {
                               return sum + std::abs(table.rows() - table.accounted());
                           });
}

QJsonObject ImportReport::toJson() const
{
    QJsonArray tables;
    for (const TableReport &table : m_tables)
        tables.append(table.toJson());
    QJsonObject json{{u"source"_s, source},    {u"kind"_s, kind},
                     {u"dry_run"_s, isDryRun}, {u"rows"_s, rows()},
                     {u"tables"_s, tables},    {u"notes"_s, QJsonArray::fromStringList(m_notes)}};
    for (RowFate fate : kFates)
        json.insert(rowFateName(fate), count(fate));
    return json;
}

QStringList ImportReport::lines() const
{
    QStringList lines;
    for (const TableReport &table : m_tables)
        lines << table.lines();
    for (const QString &note : m_notes)
        lines << note;
    lines << tr("%1 rows: %2 created, %3 unchanged, %4 skipped, %5 not understood")
                 .arg(rows())
                 .arg(count(RowFate::Created))
                 .arg(count(RowFate::Unchanged))
                 .arg(count(RowFate::Skipped))
                 .arg(count(RowFate::NotUnderstood));
    if (isDryRun)
        lines << tr("This was a dry run: nothing was changed.");
    return lines;
}

} // namespace birch
