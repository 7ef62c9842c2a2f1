#include "app/session/instrument_use.h"

#include "core/data/spool_reader.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("InstrumentUse", text);
}

bool uses(const SpoolHeader &header, const QString &nickname)
{
    for (const TableSchema &object : header.objects) {
        for (const ColumnSpec &column : object.columns) {
            if (column.name.startsWith(nickname + u'.'))
                return true;
        }
    }
    return false;
}
} // namespace

Status checkUnused(const StationData &data, const QString &nickname)
{
    const RecorderSettings recorder = data.recorderSettings();
    for (const SpoolInfo &spool : listSpools(recorder.spoolDir, recorder.database)) {
        if (spool.condition != SpoolCondition::Running)
            continue;
        const auto reader = SpoolReader::open(spool.folder);
        // One that can not be read may be using it: better to wait than to disturb a scan.
        if (!reader || uses(reader.value().header(), nickname))
            return Error{ErrorCode::Conflict,
                         tr("%1 is in use by the scan %2 of another program: wait until it is "
                            "done, or stop it")
                             .arg(nickname, spool.scanId)};
    }
    return ok();
}

} // namespace birch
