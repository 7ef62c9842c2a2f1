#pragma once

#include "core/exchange/export_progress.h"
#include "core/exchange/text_buffer.h"
#include "core/exchange/value_cursor.h"

namespace birch {

/// The rows of one measurement object as CSV; the format is described in csv_export.h.
class CsvTable
{
public:
    CsvTable(ScanSource &source, int object);

    Status write(FileWriter &file, ExportProgress &progress);

private:
    struct Column {
        qint64 valuesPerRow = 1;
        bool hasState = false;
        ValueCursor cursor; // in the current chunk
    };

    void writeHeader(TextBuffer &out) const;
    void writeRow(TextBuffer &out);
    static void writeValue(TextBuffer &out, const ValueCursor &cursor);
    static void writeText(TextBuffer &out, QByteArrayView text);
    static void writeArrayStates(TextBuffer &out, ValueCursor cursor, qint64 count);

    ScanSource &m_source;
    int m_object;
    const ExportedObject &m_exported;
    std::vector<Column> m_columns;
};

} // namespace birch
