#include "core/exchange/nexus_data.h"

#include "core/exchange/file_names.h"
#include "core/exchange/value_cursor.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool isNumeric(const ColumnSpec &column)
{
    return column.type == ColumnType::Float64 || column.type == ColumnType::Int64;
}

QString longName(const ColumnSpec &column)
{
    return column.unit.isEmpty() ? column.name : column.name + u" ("_s + column.unit + u')';
}

QList<qint64> extents(qint64 rows, const ColumnSpec &column)
{
    return QList<qint64>{rows} + column.shape;
}
} // namespace

NexusData::NexusData(ScanSource &source, int object, Hdf5Writer &writer, ExportProgress &progress)
    : m_source(source)
    , m_object(object)
    , m_exported(source.scan().objects[object])
    , m_writer(writer)
    , m_progress(progress)
{
    for (const ColumnSpec &column : m_exported.schema.columns)
        m_names.append(uniqueName(nexusNameFor(column.name), &m_taken));
}

Status NexusData::write(hid_t entry, const QString &groupName)
{
    const Hdf5Id group = m_writer.group(entry, groupName, u"NXdata"_s);
    m_writer.attribute(group, "title", m_exported.schema.name);
    for (int i = 0; i < m_exported.schema.columns.size(); ++i) {
        writeAxes(group, i);
        if (Status written = writeColumn(group, i); !written)
            return written;
    }
    writeDefaults(group);
    return m_writer.status();
}

Status NexusData::writeColumn(hid_t group, int column)
{
    const ColumnSpec &spec = m_exported.schema.columns[column];
    const auto fileType = [&]() -> hid_t {
        switch (spec.type) {
        case ColumnType::Float64:
            return H5T_IEEE_F64LE;
        case ColumnType::Int64:
            return H5T_STD_I64LE;
        case ColumnType::Bool:
            return m_writer.booleanType();
        case ColumnType::Utf8:
            break;
        }
        return m_writer.textType();
    };
    const Hdf5Id values =
        m_writer.dataset(group, m_names[column], fileType(), extents(m_exported.rows, spec));
    m_writer.attribute(values, "long_name", longName(spec));
    m_writer.attribute(values, "role", columnRoleName(spec.role));
    if (!spec.unit.isEmpty())
        m_writer.attribute(values, "units", spec.unit);
    if (spec.calibration) {
        m_writer.attribute(values, "calibration_factor", spec.calibration->factor);
        m_writer.attribute(values, "calibration_offset", spec.calibration->offset);
        m_writer.attribute(values, "calibration_date", spec.calibration->date);
        m_writer.attribute(values, "calibration_certificate", spec.calibration->certificate);
    }
    if (spec.role == ColumnRole::Time)
        m_writer.attribute(values, "start", u"1970-01-01T00:00:00Z"_s);
    Hdf5Id states;
    if (m_exported.hasFlags.value(column)) {
        const QString name = uniqueName(m_names[column] + u"_state"_s, &m_taken);
        states =
            m_writer.dataset(group, name, m_writer.stateType(), extents(m_exported.rows, spec));
        m_writer.attribute(values, "states", name);
    }
    return eachChunk(m_source, m_object, column, m_progress,
                     [&](const ColumnValues &chunk, qint64 firstRow) {
                         if (states.isValid())
                             writeStates(states, chunk, firstRow);
                         writeValues(values, chunk, firstRow);
                         return m_writer.status();
                     });
}

void NexusData::writeValues(hid_t dataset, const ColumnValues &chunk, qint64 firstRow)
{
    const qint64 rows = chunk.rowCount();
    switch (chunk.type()) {
    case ColumnType::Float64: {
        if (!chunk.hasFlags())
            return m_writer.writeRows(dataset, H5T_NATIVE_DOUBLE, firstRow, rows,
                                      chunk.bytes().data());
        std::vector<double> numbers(size_t(chunk.valueCount()));
        for (size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = chunk.stateAt(qint64(i)) == ValueState::Ok
                             ? chunk.doubleAt(qint64(i))
                             : std::numeric_limits<double>::quiet_NaN();
        return m_writer.writeRows(dataset, H5T_NATIVE_DOUBLE, firstRow, rows, numbers.data());
    }
    case ColumnType::Int64:
        return m_writer.writeRows(dataset, H5T_NATIVE_INT64, firstRow, rows, chunk.bytes().data());
    case ColumnType::Bool:
        return m_writer.writeRows(dataset, m_writer.booleanType(), firstRow, rows,
                                  chunk.bytes().data());
    case ColumnType::Utf8:
        return writeTexts(dataset, chunk, firstRow);
    }
}

void NexusData::writeTexts(hid_t dataset, const ColumnValues &chunk, qint64 firstRow)
{
    std::vector<std::string> texts; // HDF5 wants them terminated
    texts.reserve(size_t(chunk.valueCount()));
    ValueCursor cursor(chunk);
    for (qint64 i = 0; i < chunk.valueCount(); ++i, cursor.next())
        texts.emplace_back(cursor.text().data(), size_t(cursor.text().size()));
    std::vector<const char *> pointers;
    pointers.reserve(texts.size());
    for (const std::string &text : texts)
        pointers.push_back(text.c_str());
    m_writer.writeRows(dataset, m_writer.textType(), firstRow, chunk.rowCount(), pointers.data());
}

void NexusData::writeStates(hid_t dataset, const ColumnValues &chunk, qint64 firstRow)
{
    std::vector<quint8> states(chunk.flags().begin(), chunk.flags().end());
    states.resize(size_t(chunk.valueCount()), quint8(ValueState::Ok));
    m_writer.writeRows(dataset, m_writer.stateType(), firstRow, chunk.rowCount(), states.data());
}

void NexusData::writeAxes(hid_t group, int column)
{
    const ColumnSpec &spec = m_exported.schema.columns[column];
    QStringList names;
    for (const ColumnAxis &axis : spec.axes) {
        const QString name = uniqueName(nexusNameFor(m_names[column] + u'_' + axis.name), &m_taken);
        const Hdf5Id set = m_writer.dataset(group, name, H5T_IEEE_F64LE, {axis.values.size()});
        m_writer.writeRows(set, H5T_NATIVE_DOUBLE, 0, axis.values.size(), axis.values.constData());
        m_writer.attribute(set, "long_name",
                           axis.unit.isEmpty() ? axis.name
                                               : axis.name + u" ("_s + axis.unit + u')');
        if (!axis.unit.isEmpty())
            m_writer.attribute(set, "units", axis.unit);
        names.append(name);
    }
    m_axisNames.append(names);
}

void NexusData::writeDefaults(hid_t group)
{
    const int signal = signalColumn();
    if (signal < 0)
        return;
    const auto &columns = m_exported.schema.columns;
    QStringList axes{rowAxis()};
    for (int i = 0; i < columns[signal].shape.size(); ++i)
        axes.append(m_axisNames[signal].value(i, u"."_s));
    m_writer.attribute(group, "signal", m_names[signal]);
    m_writer.attribute(group, "axes", axes);
    for (int i = 0; i < axes.size(); ++i) {
        if (axes[i] != u"."_s)
            m_writer.attribute(group, (axes[i] + u"_indices"_s).toUtf8().constData(), qint64(i));
    }
    QStringList others;
    for (int i = 0; i < columns.size(); ++i) {
        if (i != signal && columns[i].role == ColumnRole::Value && isNumeric(columns[i]) &&
            columns[i].shape == columns[signal].shape)
            others.append(m_names[i]);
    }
    if (!others.isEmpty())
        m_writer.attribute(group, "auxiliary_signals", others);
}

int NexusData::signalColumn() const
{
    const auto &columns = m_exported.schema.columns;
    for (int i = 0; i < columns.size(); ++i) {
        if (columns[i].role == ColumnRole::Value && isNumeric(columns[i]))
            return i;
    }
    return -1;
}

/// The innermost sweep's setpoint: it changes from row to row.
QString NexusData::rowAxis() const
{
    const auto &columns = m_exported.schema.columns;
    for (const ColumnRole role : {ColumnRole::Setpoint, ColumnRole::Time}) {
        for (int i = int(columns.size()) - 1; i >= 0; --i) {
            if (columns[i].role == role && isNumeric(columns[i]) && columns[i].shape.isEmpty())
                return m_names[i];
        }
    }
    return u"."_s;
}

} // namespace birch
