#include "app/cli/commands.h"
#include "app/cli/data_text.h"
#include "app/cli/station_setup.h"
#include "core/base/id.h"
#include "core/data/table_schema_json.h"
#include "core/plan/did_you_mean.h"
#include "core/store/chunk_reader.h"
#include "core/store/scan_repository.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr qint64 kRowsAtATime = 16384; // of text; keeps memory small however long the scan is

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

struct RowRange {
    qint64 from = 0;
    qint64 to = -1; ///< not included; -1: to the end
};

/// "10:20", "10:", ":20", "10" (that row alone).
std::optional<RowRange> rangeFrom(const QString &text)
{
    RowRange range;
    if (text.isEmpty())
        return range;
    const QStringList ends = text.split(u':');
    bool isFirst = true;
    bool isLast = true;
    if (!ends.value(0).isEmpty())
        range.from = ends[0].toLongLong(&isFirst);
    if (ends.size() == 1)
        range.to = range.from + 1;
    else if (!ends.value(1).isEmpty())
        range.to = ends[1].toLongLong(&isLast);
    const bool isRange = ends.size() <= 2 && isFirst && isLast && range.from >= 0 &&
                         (range.to < 0 ? ends.value(1).isEmpty() : range.to >= range.from);
    return isRange ? std::optional(range) : std::nullopt;
}

Result<const StoredObject *> measurementOf(const ScanRecord &scan, const QString &name)
{
    QStringList names;
    for (const StoredObject &object : scan.objects) {
        names << object.schema.name;
        if (object.schema.name == name || (name.isEmpty() && scan.objects.size() == 1))
            return &object;
    }
    if (name.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("%1 has several measurements: name one with --measurement (%2).")
                         .arg(scan.scanId, names.join(u", "_s))};
    return Error{
        ErrorCode::NotFound,
        tr("%1 has no measurement \"%2\". %3").arg(scan.scanId, name, didYouMean(name, names))};
}

/// Positions of the columns asked for, in that order; all where none is.
Result<QList<int>> columnsOf(const StoredObject &object, const QStringList &wanted)
{
    QStringList names;
    for (const ColumnSpec &column : object.schema.columns)
        names << column.name;
    QList<int> positions;
    for (const QString &name : wanted.isEmpty() ? names : wanted) {
        const auto at = names.indexOf(name);
        if (at < 0)
            return Error{ErrorCode::NotFound,
                         tr("%1 has no column \"%2\". %3")
                             .arg(object.schema.name, name, didYouMean(name, names))};
        positions << int(at);
    }
    return positions;
}

/// Reads the columns asked for of one measurement.
class Reading
{
public:
    Reading(Connection &connection, const StoredObject &object, const QList<int> &columns)
        : m_reader(connection)
        , m_object(object)
        , m_positions(columns)
    {
        for (const int position : columns)
            m_columns << object.schema.columns[position];
    }

    const QList<ColumnSpec> &columns() const { return m_columns; }
    qint64 chunksRead() const { return m_reader.chunksRead(); }

    Result<std::vector<ColumnValues>> read(qint64 from, qint64 to)
    {
        std::vector<ColumnValues> values;
        for (const int position : m_positions) {
            auto column = m_reader.read(m_object, position, from, to);
            if (!column)
                return column.error();
            values.push_back(std::move(column).value());
        }
        return values;
    }

private:
    ChunkReader m_reader;
    const StoredObject &m_object;
    QList<int> m_positions;
    QList<ColumnSpec> m_columns;
};

int printText(const Invocation &invocation, Reading &reading, qint64 from, qint64 to)
{
    invocation.print(QString::fromUtf8(DataText(reading.columns(), {}).header()));
    for (qint64 at = from; at < to; at += kRowsAtATime) {
        const auto values = reading.read(at, std::min(to, at + kRowsAtATime));
        if (!values)
            return invocation.fail(values.error());
        const QByteArray lines = DataText(reading.columns(), values.value()).lines();
        std::fwrite(lines.constData(), 1, size_t(lines.size()), stdout);
    }
    std::fflush(stdout);
    return kDone;
}

int printRows(const Invocation &invocation, const ScanRecord &scan, const StoredObject &object,
              Reading &reading, qint64 from, qint64 to)
{
    const auto values = reading.read(from, to);
    if (!values)
        return invocation.fail(values.error());
    QJsonArray columns;
    for (const ColumnSpec &column : reading.columns()) {
        QJsonObject json = columnSpecToJson(column);
        if (!json.contains(u"shape"_s))
            json.insert(u"shape"_s, QJsonArray());
        columns.append(json);
    }
    const DataText text(reading.columns(), values.value());
    invocation.printJson({{u"scan_id"_s, scan.scanId},
                          {u"uid"_s, uidText(scan.uid)},
                          {u"measurement"_s, object.schema.name},
                          {u"from"_s, from},
                          {u"to"_s, to},
                          {u"total"_s, object.rowsStored},
                          {u"columns"_s, columns},
                          {u"rows"_s, text.rows()},
                          {u"flagged"_s, text.flagged(from)},
                          {u"chunks_read"_s, reading.chunksRead()}});
    return kDone;
}

int data(const Invocation &invocation)
{
    if (invocation.arguments().size() != 1)
        return invocation.usage(tr("Give one scan: its id, its uid or the beginning of its uid."));
    const auto range = rangeFrom(invocation.value(u"rows"_s));
    if (!range)
        return invocation.usage(tr("--rows takes FROM:TO, from 0, the last one not included; not "
                                   "\"%1\".")
                                    .arg(invocation.value(u"rows"_s)));
    const Station station(invocation);
    auto opened = station.openData();
    if (!opened)
        return invocation.fail(opened.error());
    StationData &data = *opened.value();
    const auto scan =
        ScanRepository(data.connection()).find(data.session(), invocation.arguments().first());
    if (!scan)
        return invocation.fail(scan.error());
    const auto object = measurementOf(scan.value(), invocation.value(u"measurement"_s));
    if (!object)
        return invocation.fail(object.error());
    const StoredObject &stored = *object.value();
    const auto columns = columnsOf(stored, invocation.values(u"column"_s));
    if (!columns)
        return invocation.fail(columns.error());
    const qint64 to = range->to < 0 ? stored.rowsStored : std::min(range->to, stored.rowsStored);
    const qint64 from = std::min(range->from, to);
    Reading reading(data.connection(), stored, columns.value());
    return invocation.isJson ? printRows(invocation, scan.value(), stored, reading, from, to)
                             : printText(invocation, reading, from, to);
}

} // namespace

Command dataCommand()
{
    return {.name = u"data"_s,
            .summary = tr("Print rows of a scan, reading only the chunks that hold them."),
            .synopsis = u"SCAN"_s,
            .help = tr("As CSV, or with --json as {\"columns\",\"rows\",\"flagged\"}. Rows are "
                       "counted from 0; what lies beyond the last row is left out. Flagged values "
                       "are empty (null)."),
            .options = {{u"measurement"_s,
                         tr("Which measurement; not needed where there is only one."), u"M"_s},
                        {u"rows"_s, tr("FROM:TO, the last one not included (default: all)."),
                         u"FROM:TO"_s},
                        {u"column"_s, tr("Only this column; may be given several times."), u"C"_s}},
            .run = data};
}

} // namespace birch::cli
