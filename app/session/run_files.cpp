#include "app/session/run_files.h"

#include "app/session/calibration_check.h"
#include "core/base/id.h"
#include "core/data/scan_fields.h"
#include "core/engine/tree_details.h"
#include "core/plan/document_text.h"
#include "core/plan/scan_file.h"
#include "core/store/entity/entity_repository.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RunFiles", text);
}

/// Only looks at "format"; what else is wrong is said by the strict readers.
bool isQueueFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMaxDocumentBytes)
        return path.endsWith(u".queue.json"_s);
    return QJsonDocument::fromJson(file.readAll()).object().value(u"format"_s) == u"birch.queue"_s;
}

QString nameOf(const ScanTree &tree, const QString &file)
{
    if (!tree.name.isEmpty())
        return tree.name;
    return QFileInfo(file).fileName().section(u".scan.json"_s, 0, 0);
}

/// Whether another scan comes from the same file.
bool isShared(const LoadedRun &run, const LoadedScan &scan)
{
    return std::count_if(run.scans.begin(), run.scans.end(),
                         [&scan](const LoadedScan &other) { return other.file == scan.file; }) > 1;
}

QString titleOf(const ScanTree &tree, const QString &node)
{
    const ScanNode *found = tree.find(QUuid::fromString(node));
    if (!found)
        return node;
    return found->label.isEmpty() ? found->kind : found->label;
}

} // namespace

LoadedRun loadRun(const QStringList &files, const NodeRegistry &registry)
{
    LoadedRun run;
    for (const QString &file : files) {
        if (!isQueueFile(file)) {
            ReadTree read = readTreeFile(file, registry);
            run.problems += read.problems;
            if (read.tree)
                run.scans.push_back({file, *std::move(read.tree)});
            continue;
        }
        ReadQueue read = readQueueFile(file, registry);
        run.problems += read.problems;
        if (!read.queue)
            continue;
        run.name = read.queue->name;
        run.settings = read.queue->settings;
        run.fields = read.queue->fields;
        for (QueueFileItem &item : read.queue->items) {
            const QMap<QString, QString> ofTree = item.tree.details.fields;
            item.tree.details = item.effectiveDetails();
            item.tree.details.fields = ofTree;
            const QString source =
                item.path.isEmpty() ? file : QFileInfo(file).dir().filePath(item.path);
            run.scans.push_back({source, std::move(item.tree), item.turn, item.details.fields});
        }
    }
    if (run.name.isEmpty() && !files.isEmpty())
        run.name = QFileInfo(files.first()).fileName().section(u'.', 0, 0);
    return run;
}

CompiledRun compileRun(const LoadedRun &run, const BenchSpecs &bench, const NodeRegistry &registry,
                       const TreeLibrary &library)
{
    CompiledRun compiled;
    compiled.problems = run.problems;
    for (const LoadedScan &scan : run.scans) {
        CompiledPlan plan = compilePlan(scan.tree, bench, registry, scan.file, library);
        const QString name = nameOf(scan.tree, scan.file);
        for (Problem problem : plan.problems) {
            if (isShared(run, scan)) // the file alone does not tell which scan it is
                problem.message = tr("%1: %2").arg(name, problem.message);
            compiled.problems << problem;
        }
        for (const Problem &note : std::as_const(plan.notes))
            compiled.notes << tr("%1, %2: %3. %4.")
                                  .arg(name, titleOf(scan.tree, note.node), note.message,
                                       note.remedy);
        if (!plan.plan)
            continue;
        QueueItem item;
        item.id = newUid();
        item.name = name;
        item.pointsPlanned = plan.plan->points;
        item.plan = std::move(plan.plan);
        item.tree = treeToJson(plan.complete(scan.tree));
        item.details = scanDetails(scan.tree.details, item.name, {});
        item.details.fields.insert(scan.fields);
        item.details.fields =
            fieldsInQueue(scan.tree.details.fields, run.fields, item.details.fields);
        item.turn = scan.turn;
        compiled.items << item;
    }
    compiled.warnings =
        calibrationWarnings(usedInstruments(compiled.items), bench, QDate::currentDate());
    return compiled;
}

QStringList usedInstruments(const QList<QueueItem> &items)
{
    QStringList used;
    for (const QueueItem &item : items)
        used += item.plan->instruments;
    used.removeDuplicates();
    return used;
}

Status resolveSample(ScanDetails *details, Connection &connection, const Session &session)
{
    if (details->sampleUid.isEmpty())
        return ok();
    EntityRepository samples(connection, sampleSpec());
    if (auto found = samples.find(session, details->sampleUid)) {
        details->sampleUid = found.value().uid;
        return ok();
    }
    EntityFilter byName;
    byName.equal.insert(u"name"_s, details->sampleUid);
    const auto page = samples.list(session, byName);
    if (page && page.value().total == 1) {
        details->sampleUid = page.value().records.first().uid;
        return ok();
    }
    if (page && page.value().total > 1)
        return Error{ErrorCode::Conflict,
                     tr("Several samples are called \"%1\". Give the id of one of them: "
                        "\"birchctl samples list\" shows them.")
                         .arg(details->sampleUid)};
    return Error{ErrorCode::NotFound,
                 tr("There is no sample \"%1\". Make it with: birchctl samples add name=\"%1\"")
                     .arg(details->sampleUid)};
}

} // namespace birch
