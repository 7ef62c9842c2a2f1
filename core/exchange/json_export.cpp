#include "core/exchange/json_export.h"

#include "core/exchange/scan_metadata.h"
#include "core/exchange/text_buffer.h"
#include "core/exchange/value_cursor.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QByteArray quoted(const QString &text)
{
    // Through Qt's writer, for its escapes; the brackets of the array are taken off.
    const QByteArray array = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return array.mid(1, array.size() - 2);
}

void writeNumber(TextBuffer &out, double value)
{
    if (std::isfinite(value))
        out.append(value);
    else if (std::isnan(value))
        out.append(QByteArrayView("\"NaN\""));
    else
        out.append(QByteArrayView(value > 0 ? "\"Infinity\"" : "\"-Infinity\""));
}

void writeValue(TextBuffer &out, const ValueCursor &cursor)
{
    if (cursor.state() != ValueState::Ok)
        return out.append(QByteArrayView("null"));
    switch (cursor.type()) {
    case ColumnType::Float64:
        return writeNumber(out, cursor.number());
    case ColumnType::Int64:
        return out.append(cursor.integer());
    case ColumnType::Bool:
        return out.append(QByteArrayView(cursor.boolean() ? "true" : "false"));
    case ColumnType::Utf8:
        return out.append(quoted(QString::fromUtf8(cursor.text())));
    }
}

void writeState(TextBuffer &out, const ValueCursor &cursor)
{
    out.append('"');
    out.append(valueStateName(cursor.state()).toLatin1());
    out.append('"');
}

class JsonWriter
{
public:
    JsonWriter(ScanSource &source, FileWriter &file, ExportProgress &progress)
        : m_source(source)
        , m_out(file)
        , m_progress(progress)
    {
    }

    Status write(const QList<int> &objects)
    {
        QJsonObject metadata = scanMetadata(m_source.scan(), objects);
        const QJsonArray measurements = metadata.take(u"measurements"_s).toArray();
        writeOpen(metadata);
        m_out.append(QByteArrayView("\"measurements\":["));
        for (int i = 0; i < objects.size(); ++i) {
            if (i > 0)
                m_out.append(',');
            writeOpen(measurements[i].toObject());
            if (Status written = writeData(objects[i]); !written)
                return written;
            m_out.append('}');
        }
        m_out.append(QByteArrayView("]}\n"));
        return m_out.flush();
    }

private:
    using WriteCell = void (*)(TextBuffer &, const ValueCursor &);

    /// The object without its closing brace, ready for more members.
    void writeOpen(const QJsonObject &object)
    {
        QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
        text.chop(1);
        m_out.append(text);
        m_out.append(QByteArrayView(object.isEmpty() ? "" : ",\n"));
    }

    Status writeData(int object)
    {
        const ExportedObject &exported = m_source.scan().objects[object];
        QList<int> all;
        QList<int> flagged;
        for (int i = 0; i < exported.schema.columns.size(); ++i) {
            all.append(i);
            if (exported.hasFlags.value(i))
                flagged.append(i);
        }
        if (Status written = writeColumns("\"data\":{", object, all, writeValue); !written)
            return written;
        if (flagged.isEmpty())
            return ok();
        return writeColumns(",\n\"states\":{", object, flagged, writeState);
    }

    Status writeColumns(QByteArrayView opening, int object, const QList<int> &columns,
                        WriteCell cell)
    {
        const auto &specs = m_source.scan().objects[object].schema.columns;
        m_out.append(opening);
        for (int i = 0; i < columns.size(); ++i) {
            m_out.append(QByteArrayView(i > 0 ? ",\n" : "\n"));
            m_out.append(quoted(specs[columns[i]].name));
            m_out.append(QByteArrayView(":["));
            const auto take = [&](const ColumnValues &chunk, qint64 firstRow) {
                return writeChunk(chunk, firstRow, !specs[columns[i]].shape.isEmpty(), cell);
            };
            if (Status read = eachChunk(m_source, object, columns[i], m_progress, take); !read)
                return read;
            m_out.append(']');
        }
        m_out.append('}');
        return ok();
    }

    Status writeChunk(const ColumnValues &chunk, qint64 firstRow, bool isArray, WriteCell cell)
    {
        ValueCursor cursor(chunk);
        for (qint64 row = 0; row < chunk.rowCount(); ++row) {
            if (firstRow + row > 0)
                m_out.append(',');
            if (isArray)
                m_out.append('[');
            for (qint64 i = 0; i < chunk.valuesPerRow(); ++i, cursor.next()) {
                if (i > 0)
                    m_out.append(',');
                cell(m_out, cursor);
            }
            if (isArray)
                m_out.append(']');
            if (Status flushed = m_out.flushIfLarge(); !flushed)
                return flushed;
        }
        return ok();
    }

    ScanSource &m_source;
    TextBuffer m_out;
    ExportProgress &m_progress;
};
} // namespace

Result<QStringList> exportJson(ScanSource &source, const QList<int> &objects, const QString &path,
                               ExportProgress &progress)
{
    auto file = FileWriter::create(path);
    if (!file)
        return file.error();
    if (const Status written = JsonWriter(source, file.value(), progress).write(objects); !written)
        return written.error();
    if (const Status committed = file.value().commit(); !committed)
        return committed.error();
    return QStringList{path};
}

} // namespace birch
