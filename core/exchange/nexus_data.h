#pragma once

#include "core/exchange/export_progress.h"
#include "core/exchange/hdf5_writer.h"

namespace birch {

/// One measurement object as an NXdata group; described in nexus_export.h.
class NexusData
{
public:
    NexusData(ScanSource &source, int object, Hdf5Writer &writer, ExportProgress &progress);

    Status write(hid_t entry, const QString &groupName);

private:
    Status writeColumn(hid_t group, int column);
    void writeAxes(hid_t group, int column);
    void writeStates(hid_t dataset, const ColumnValues &chunk, qint64 firstRow);
    void writeValues(hid_t dataset, const ColumnValues &chunk, qint64 firstRow);
    void writeTexts(hid_t dataset, const ColumnValues &chunk, qint64 firstRow);
    void writeDefaults(hid_t group);
    int signalColumn() const; ///< -1: none
    QString rowAxis() const;  ///< dataset name; "." where there is none

    ScanSource &m_source;
    int m_object;
    const ExportedObject &m_exported;
    Hdf5Writer &m_writer;
    ExportProgress &m_progress;
    QStringList m_names;            // of the datasets, one per column
    QStringList m_taken;            // of all links in the group
    QList<QStringList> m_axisNames; // per column, one per axis
};

} // namespace birch
