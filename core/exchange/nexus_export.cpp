#include "core/exchange/nexus_export.h"

#include "core/base/file_writer.h"
#include "core/exchange/file_names.h"
#include "core/exchange/hdf5_writer.h"
#include "core/exchange/nexus_data.h"
#include "core/exchange/scan_metadata.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
void writeJsonValue(Hdf5Writer &writer, hid_t group, const QString &name, const QJsonValue &value)
{
    const QVariant variant = value.toVariant();
    if (value.isBool())
        writer.boolean(group, name, value.toBool());
    else if (value.isDouble() && variant.typeId() == QMetaType::LongLong)
        writer.integer(group, name, variant.toLongLong());
    else if (value.isDouble())
        writer.number(group, name, value.toDouble());
    else if (value.isString())
        writer.text(group, name, value.toString());
    else if (value.isArray())
        writer.text(
            group, name,
            QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)));
    else if (value.isObject())
        writer.text(
            group, name,
            QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact)));
}

void writeJsonObject(Hdf5Writer &writer, hid_t group, const QJsonObject &object)
{
    QStringList taken;
    for (auto it = object.begin(); it != object.end(); ++it)
        writeJsonValue(writer, group, uniqueName(nexusNameFor(it.key()), &taken), it.value());
}

void writeInstrument(Hdf5Writer &writer, hid_t entry, const ExportedScan &scan)
{
    const Hdf5Id instrument = writer.group(entry, u"instrument"_s, u"NXinstrument"_s);
    writer.text(instrument, u"name"_s, scan.station);
    QStringList nicknames =
        scan.instruments.keys() + scan.settings.keys() + scan.endSettings.keys();
    nicknames.removeDuplicates();
    QStringList taken{u"name"_s};
    for (const QString &nickname : std::as_const(nicknames)) {
        const Hdf5Id group =
            writer.group(instrument, uniqueName(nexusNameFor(nickname), &taken), u"NXcollection"_s);
        writeJsonObject(writer, group, scan.instruments[nickname].toObject());
        const Hdf5Id settings = writer.group(group, u"settings"_s, u"NXcollection"_s);
        writeJsonObject(writer, settings, scan.settings[nickname].toObject());
        if (!scan.endSettings.contains(nickname))
            continue;
        const Hdf5Id atEnd = writer.group(group, u"settings_at_end"_s, u"NXcollection"_s);
        writeJsonObject(writer, atEnd, scan.endSettings[nickname].toObject());
    }
}

void writeSample(Hdf5Writer &writer, hid_t entry, const ExportedScan &scan)
{
    const Hdf5Id sample = writer.group(entry, u"sample"_s, u"NXsample"_s);
    QJsonObject fields = scan.sample;
    if (!fields.contains(u"name"_s))
        fields[u"name"_s] = QString(); // the one field that NXsample asks for
    writeJsonObject(writer, sample, fields);
}

void writeEntry(Hdf5Writer &writer, hid_t entry, const ExportedScan &scan,
                const QList<int> &objects)
{
    const ScanDetails &details = scan.details;
    writer.text(entry, u"title"_s, details.title.isEmpty() ? details.name : details.title);
    writer.text(entry, u"start_time"_s, isoTimeUs(scan.startedUs));
    if (scan.endedUs)
        writer.text(entry, u"end_time"_s, isoTimeUs(*scan.endedUs));
    writer.text(entry, u"entry_identifier"_s, scan.scanId);
    writer.text(entry, u"entry_identifier_uuid"_s, scan.uid.toString(QUuid::WithoutBraces));
    writer.text(entry, u"experiment_description"_s, details.comment);
    writer.text(entry, u"program_name"_s, u"Birch"_s);
    const Hdf5Id user = writer.group(entry, u"user"_s, u"NXuser"_s);
    writer.text(user, u"name"_s, details.operatorName);
    writeSample(writer, entry, scan);
    writeInstrument(writer, entry, scan);
    const Hdf5Id birch = writer.group(entry, u"birch"_s, u"NXcollection"_s);
    const QByteArray metadata = QJsonDocument(scanMetadata(scan, objects)).toJson();
    writer.text(birch, u"metadata"_s, QString::fromUtf8(metadata));
}

Status writeFile(Hdf5Writer &writer, ScanSource &source, const QList<int> &objects,
                 const QString &fileName, ExportProgress &progress)
{
    const ExportedScan &scan = source.scan();
    writer.attribute(writer.root(), "NX_class", u"NXroot"_s);
    writer.attribute(writer.root(), "default", u"entry"_s);
    writer.attribute(writer.root(), "creator", u"Birch "_s + scan.softwareVersion);
    writer.attribute(writer.root(), "file_name", fileName);
    writer.attribute(writer.root(), "file_time",
                     QDateTime::currentDateTimeUtc().toString(Qt::ISODate));
    const Hdf5Id entry = writer.group(writer.root(), u"entry"_s, u"NXentry"_s);
    writeEntry(writer, entry, scan, objects);
    QStringList taken{u"title"_s,
                      u"user"_s,
                      u"sample"_s,
                      u"instrument"_s,
                      u"birch"_s,
                      u"start_time"_s,
                      u"end_time"_s,
                      u"entry_identifier"_s,
                      u"entry_identifier_uuid"_s,
                      u"experiment_description"_s,
                      u"program_name"_s};
    for (const int object : objects) {
        const QString name = uniqueName(nexusNameFor(scan.objects[object].schema.name), &taken);
        if (object == objects.front())
            writer.attribute(entry, "default", name);
        if (Status written = NexusData(source, object, writer, progress).write(entry, name);
            !written)
            return written;
    }
    return writer.status();
}
} // namespace

Result<QStringList> exportNexus(ScanSource &source, const QList<int> &objects, const QString &path,
                                ExportProgress &progress)
{
    auto file = FileWriter::create(path);
    if (!file)
        return file.error();
    {
        Hdf5Writer writer(file.value().temporaryPath());
        if (const Status written = writeFile(writer, source, objects, path, progress); !written)
            return written.error();
        if (const Status closed = writer.close(); !closed)
            return closed.error();
    }
    if (const Status committed = file.value().commit(); !committed) // syncs: HDF5 only flushes
        return committed.error();
    return QStringList{path};
}

} // namespace birch
