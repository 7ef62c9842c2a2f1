#include "core/exchange/import/pickle_import.h"

#include "core/base/file_io.h"
#include "core/exchange/import/entity_import.h"
#include "core/exchange/import/pickle_reader.h"
#include "core/exchange/import/sample_pickle.h"
#include "core/store/write_transaction.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMaxImageBytes = 4 * 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("PickleImport", text);
}

QJsonObject extraDataOf(const PickledSample &sample, const QString &file, QStringList *notes)
{
    QJsonObject extraData{{u"legacy_id"_s, sample.id}, {u"legacy_source"_s, file}};
    if (!sample.others.isEmpty())
        extraData.insert(u"legacy"_s, sample.others);
    if (sample.image && sample.image->bytes.size() <= kMaxImageBytes)
        extraData.insert(u"image_npy"_s, QString::fromLatin1(sample.image->npy().toBase64()));
    else if (sample.image)
        *notes << tr("its image of %1 bytes was left out: keep the file")
                      .arg(sample.image->bytes.size());
    return extraData;
}

SourceRecord recordOf(const PickledSample &sample, const QString &file, const QString &lab)
{
    SourceRecord record;
    record.uid = importedUid(u"pickle/sample/"_s + sample.id);
    record.values = {{u"sample_id"_s, sample.id}, {u"material"_s, sample.material}};
    record.tags = sample.tags;
    if (!lab.isEmpty())
        record.values.insert(u"lab"_s, lab);
    record.extraData = extraDataOf(sample, file, &record.notes);
    return record;
}

Status putAll(EntityImport &import, const QList<PickledSample> &samples, const QString &file,
              const QString &lab, TableReport &report)
{
    for (const PickledSample &sample : samples) {
        const SourceRecord record = recordOf(sample, file, lab);
        const auto outcome = import.put(record);
        if (!outcome)
            return outcome.error().within(tr("Sample %1").arg(sample.id));
        report.add(outcome.value().fate, outcome.value().why, sample.id);
        if (outcome.value().fate == RowFate::Created) {
            for (const QString &note : record.notes)
                report.note(note, sample.id);
        }
    }
    return ok();
}
} // namespace

Result<ImportReport> importPickle(Connection &connection, const Session &session,
                                  const QString &path, const FileImportOptions &options)
{
    const auto bytes = readFile(path);
    if (!bytes)
        return bytes.error();
    const auto document = readPickle(bytes.value());
    if (!document)
        return document.error().within(path);
    QStringList leftOut;
    const auto samples = samplesIn(document.value(), &leftOut);
    if (!samples)
        return samples.error().within(path);
    ImportReport report;
    report.source = path;
    report.kind = u"pickle"_s;
    report.isDryRun = options.common.isDryRun;
    const QString file = QFileInfo(path).fileName();
    TableReport &table = report.table(file, u"samples"_s, samples.value().size() + leftOut.size());
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    EntityImport import(connection, session, sampleSpec(), {u"sample_id"_s});
    if (Status done = putAll(import, samples.value(), file, options.lab, table); !done)
        return done.error();
    for (const QString &why : std::as_const(leftOut))
        table.add(RowFate::NotUnderstood, why);
    if (options.common.isDryRun)
        return report;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return report;
}

} // namespace birch
