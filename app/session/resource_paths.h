#pragma once

#include <QString>
#include <QStringList>

namespace birch {

/// The folder with instruments/ and examples/: BIRCH_RESOURCE_DIR, else ../share/birch beside the
/// program, else the source tree the program was built in. "" when there is none.
QString resourceFolder();
QStringList definitionFolders(); ///< where definitions are looked up by id
QString exampleFile(const QString &name);
/// The bench of this station: BIRCH_BENCH, else station.bench.yaml in the person's configuration
/// folder; "" where there is neither.
QString stationBenchFile();
QString ownBenchFile(); ///< station.bench.yaml in the person's configuration folder, there or not

} // namespace birch
