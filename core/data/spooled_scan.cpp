#include "core/data/spooled_scan.h"

#include "core/base/id.h"
#include "core/data/new_scan_json.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString path(const QString &folder)
{
    return folder + u"/scan.json"_s;
}
} // namespace

bool hasSpooledScan(const QString &folder)
{
    return QFileInfo::exists(path(folder));
}

Status writeSpooledScan(const QString &folder, NewScan scan, FileWriter::Flush flush)
{
    scan.isLate = true;
    if (scan.scanId.isEmpty())
        scan.scanId = spooledScanId(scan);
    return writeFile(path(folder),
                     QJsonDocument(newScanToJson(scan)).toJson(QJsonDocument::Compact), flush);
}

Result<NewScan> readSpooledScan(const QString &folder)
{
    const auto bytes = readFile(path(folder));
    if (!bytes)
        return bytes.error();
    return newScanFromJson(QJsonDocument::fromJson(bytes.value()).object());
}

void removeSpooledScan(const QString &folder)
{
    QFile::remove(path(folder));
}

QString spooledScanId(const NewScan &scan)
{
    const QDateTime begun = QDateTime::fromMSecsSinceEpoch(scan.startedUs / 1000, QTimeZone::utc());
    return u"%1-%2-x%3"_s.arg(scan.station, begun.toString(u"yyMMdd"_s),
                              uidText(scan.uid).right(6));
}

} // namespace birch
