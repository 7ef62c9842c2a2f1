#include "core/exchange/scan_export.h"
#include "tests/core/exchange/memory_source.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class NexusExportTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void h5pyReadsTheSameBits();
    void silxFindsTheDefaultPlot();
    void arraysHaveTheirAxis();
    void describesScanSampleAndInstruments();
    void emptyObjectIsReadable();
    void missingFolderIsNamed();

private:
    QString file() const { return m_folder.filePath(u"scan.h5"_s); }
    void check(const QString &program)
    {
        QCOMPARE(python(kPrelude + program, {m_folder.path()}), "good\n");
    }

    static const QString kPrelude;
    QTemporaryDir m_folder;
};

const QString NexusExportTest::kPrelude = uR"(
import sys, numpy as np, h5py
folder = sys.argv[1]
f = h5py.File(folder + '/scan.h5', 'r')
entry = f['entry']
text = lambda d: d[()].decode('utf-8')
)"_s;

void NexusExportTest::init()
{
    MemorySource source = hardScan(40'000);
    addSpectra(&source, 300);
    const auto written = exportScan(source, {.format = ExportFormat::Hdf5, .path = file()});
    QVERIFY2(written, written ? "" : qPrintable(written.error().message));
    QCOMPARE(written.value(), QStringList{file()});
    dump(source.column(0, 3), m_folder.filePath(u"readback.bin"_s));
    dump(source.column(0, 4), m_folder.filePath(u"current.bin"_s));
}

void NexusExportTest::h5pyReadsTheSameBits()
{
    check(uR"(
iv = entry['iv']
raw = lambda name: np.fromfile(folder + '/' + name, dtype='<f8')
same = lambda a, b: np.array_equal(a.view('i8'), b.view('i8'))
assert same(iv['smu.voltage.readback'][:], raw('readback.bin'))
state = iv['smu.current_state']
ok = state[:] == h5py.check_enum_dtype(state.dtype)['ok']
assert same(iv['smu.current'][:][ok], raw('current.bin')[ok])
assert np.isnan(iv['smu.current'][:][~ok]).all()
assert (state[3::7] == h5py.check_enum_dtype(state.dtype)['overload']).all() and (~ok).sum() > 5000
assert 'smu.voltage_state' not in iv
assert iv['time'].dtype == np.dtype('<i8') and iv['time'][1] == 1795000000123456790
assert iv['lamp.on'].dtype == bool and iv['lamp.on'][0] and not iv['lamp.on'][1]
assert [s.decode('utf-8') for s in iv['note'][:7]] == ['plain', 'a,b', 'say "hi"', 'two\nlines', ' padded ', '', 'µΩ 漢字']
assert iv['smu.current'].attrs['units'] == 'µA' and iv['smu.current'].attrs['long_name'] == 'smu.current (µA)'
print('good')
)"_s);
}

void NexusExportTest::silxFindsTheDefaultPlot()
{
    check(uR"(
from silx.io import nxdata
plot = nxdata.get_default(f)
assert plot is not None and plot.is_valid, plot and plot.issues
assert plot.signal_dataset_name == "smu.current" and plot.is_curve
assert plot.axes_dataset_names == ['smu.voltage']
assert plot.auxiliary_signals_dataset_names == ['counter.count']
spectra = nxdata.NXdata(entry['spectra___1'])
assert spectra.is_valid and spectra.signal_is_2d, spectra.issues
assert spectra.axes_dataset_names == ['time', 'spec.counts_wavelength']
print('good')
)"_s);
}

void NexusExportTest::arraysHaveTheirAxis()
{
    check(uR"(
group = entry['spectra___1']
assert group.attrs['title'] == 'spectra / 1'
counts = group['spec.counts']
assert counts.shape == (300, 5) and counts[7, 2] == 7 + 2 / 3.0
assert list(group['spec.counts_wavelength']) == [500.0, 500.5, 501.0, 501.5, 502.0]
assert group['spec.counts_wavelength'].attrs['units'] == 'nm'
assert group.attrs['spec.counts_wavelength_indices'] == 1
assert list(group['spec.counts_state'][1]) == [0, 0, 0, 1, 1]
print('good')
)"_s);
}

void NexusExportTest::describesScanSampleAndInstruments()
{
    check(uR"(
import json
assert f.attrs['NX_class'] == 'NXroot' and f.attrs['default'] == 'entry'
assert entry.attrs['NX_class'] == 'NXentry' and entry.attrs['default'] == 'iv'
assert entry['iv'].attrs['NX_class'] == 'NXdata'
assert text(entry['entry_identifier']) == 'LAB1-261120-001'
assert text(entry['start_time']) == '2026-11-18T11:06:40.123456Z'
assert text(entry['user/name']) == 'Zoë'
assert entry['sample'].attrs['NX_class'] == 'NXsample' and text(entry['sample/material']) == 'GaAs'
smu = entry['instrument/smu']
assert entry['instrument'].attrs['NX_class'] == 'NXinstrument'
assert text(smu['identity']) == 'KEITHLEY,2400'
settings = smu['settings']
assert settings['nplc'][()] == 0.1 and settings['averages'][()] == 4 and settings['averages'].dtype.kind == 'i'
assert settings['output'][()] == True and text(settings['range']) == 'auto'
assert smu['settings_at_end']['nplc'][()] == 1.0
assert json.loads(text(entry['birch/metadata']))['measurements'][1]['rows'] == 300
assert json.loads(text(entry['birch/metadata']))['settings_at_end']['smu']['nplc'] == 1
print('good')
)"_s);
}

void NexusExportTest::emptyObjectIsReadable()
{
    MemorySource source = hardScan(0);
    QVERIFY(exportScan(source, {.format = ExportFormat::Hdf5, .path = file()}));
    check(uR"(
assert entry['iv/smu.current'].shape == (0,) and entry['iv/note'].shape == (0,)
print('good')
)"_s);
}

void NexusExportTest::missingFolderIsNamed()
{
    MemorySource source = hardScan(3);
    const auto written = exportScan(
        source, {.format = ExportFormat::Hdf5, .path = m_folder.filePath(u"no/where.h5"_s)});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(NexusExportTest)
#include "tst_nexus_export.moc"
