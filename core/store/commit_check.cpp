#include "core/store/commit_check.h"

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("CommitCheck", text);
}

Error misfit()
{
    return {ErrorCode::Internal,
            tr("The rows handed to the store do not join on: they stay in the spool; report this "
               "with the log file")};
}

bool knows(const StoredScan &scan, const Chunk &chunk)
{
    return chunk.object >= 0 && size_t(chunk.object) < scan.objects.size() && chunk.column >= 0 &&
           chunk.column < scan.objects[size_t(chunk.object)].schema.columns.size() &&
           chunk.rowCount > 0;
}
} // namespace

Status checkCommit(const StoredScan &scan, const ScanCommit &commit)
{
    const auto count = qsizetype(scan.objects.size());
    if (commit.rowsBefore.size() != count || commit.rowsAfter.size() != count)
        return misfit();
    std::vector<std::vector<qint64>> next(scan.objects.size());
    for (size_t i = 0; i < scan.objects.size(); ++i) {
        if (commit.rowsAfter[qsizetype(i)] < commit.rowsBefore[qsizetype(i)])
            return misfit();
        next[i].assign(size_t(scan.objects[i].schema.columns.size()),
                       commit.rowsBefore[qsizetype(i)]);
    }
    for (const Chunk &chunk : commit.chunks) {
        if (!knows(scan, chunk))
            return misfit();
        qint64 &expected = next[size_t(chunk.object)][size_t(chunk.column)];
        if (chunk.firstRow != expected)
            return misfit();
        expected += chunk.rowCount;
    }
    for (size_t i = 0; i < next.size(); ++i) {
        for (const qint64 reached : next[i]) {
            if (reached != commit.rowsAfter[qsizetype(i)])
                return misfit();
        }
    }
    return ok();
}

Status checkTransition(const StoredScan &scan, const ScanCommit &commit)
{
    if (!commit.state || *commit.state == scan.state) {
        // An ended scan takes nothing but the repetition of its last commit.
        if (!isFinal(scan.state) || commit.state || commit.rowsBefore == commit.rowsAfter)
            return ok();
    } else if (isAllowed(scan.state, *commit.state)) {
        return ok();
    }
    return Error{ErrorCode::Conflict,
                 tr("it is %1 already: nothing was stored; see birchctl show %2")
                     .arg(scanStateName(scan.state), scan.scanId)};
}

bool holdsRows(const std::vector<StoredObject> &objects, const QList<qint64> &rows)
{
    for (size_t i = 0; i < objects.size(); ++i) {
        if (objects[i].rowsStored != rows[qsizetype(i)])
            return false;
    }
    return true;
}

} // namespace birch
