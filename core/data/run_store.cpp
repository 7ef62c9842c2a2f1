#include "core/data/run_store.h"

#include "core/data/side_rows.h"

#include <QCoreApplication>

namespace birch {

namespace {
Error notTakenOver()
{
    return {ErrorCode::Conflict,
            QCoreApplication::translate("RunStore",
                                        "Scans are not taken over in this store: keep the spool "
                                        "and open the database it was recorded for")};
}
} // namespace

Status RunStore::makeDurable(const QUuid &)
{
    return ok();
}

Result<QList<qint64>> RunStore::rowsAtTakeover(const QUuid &, int)
{
    return QList<qint64>();
}

Result<SideRows> RunStore::openSide(const QUuid &, int, const QString &)
{
    return notTakenOver();
}

Status RunStore::commitSide(const ScanCommit &, const SideRows &)
{
    return notTakenOver();
}

} // namespace birch
