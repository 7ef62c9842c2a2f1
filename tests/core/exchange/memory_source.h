#pragma once

#include "core/exchange/scan_source.h"

namespace birch {

/// A scan in memory.
class MemorySource final : public ScanSource
{
public:
    const ExportedScan &scan() const override { return m_scan; }
    Result<ColumnValues> read(int object, int column, qint64 from, qint64 to) override;

    /// The columns' values, one ColumnValues per column of \a schema; sets rows and flags.
    void add(TableSchema schema, std::vector<ColumnValues> columns);
    const ColumnValues &column(int object, int index) const
    {
        return m_columns[size_t(object)][size_t(index)];
    }
    void failAt(qint64 row) { m_failAt = row; } ///< reads beyond answer Storage

    ExportedScan m_scan;
    int reads = 0;

private:
    std::vector<std::vector<ColumnValues>> m_columns;
    qint64 m_failAt = -1;
};

ColumnSpec columnSpec(const QString &name, const QString &unit, ColumnType type, ColumnRole role);

/// A scan with everything that is hard: object "iv" with \a rows rows of time, index, setpoint,
/// readback, float (special values, flags), integer, bool and text columns.
MemorySource hardScan(qint64 rows);
/// Adds object "spectra / 1": an array of 5 with a wavelength axis, and a flag here and there.
void addSpectra(MemorySource *source, qint64 rows);

/// Runs \a program with Debian's python3; its standard output, or the error text and a failed test.
QByteArray python(const QString &program, const QStringList &arguments);

/// Float columns as raw doubles, for numpy to compare bit by bit.
void dump(const ColumnValues &values, const QString &path);

} // namespace birch
