#pragma once

#include "core/base/result.h"
#include "core/base/setting_table.h"

#include <QString>

#include <variant>

namespace birch {

/// Text, Path and Choice: QString. Integer and Bytes: qint64. Duration: double, in seconds. Flag:
/// bool.
using SettingValue = std::variant<QString, qint64, double, bool>;

/// What \a text means for \a spec. Paths are only expanded: "~/" by \a home, relative ones by
/// \a folder. Errors: BadInput - with what may be written.
Result<SettingValue> parseSetting(const SettingSpec &spec, const QString &text, const QString &home,
                                  const QString &folder);

/// "64 MiB", "10 kB", "4096" as bytes. Errors: BadInput.
Result<qint64> bytesFromText(const QString &text);

/// "lab-pc 3.local" as a station name: "LAB-PC-3-LOCAL"; "STATION" where nothing is left.
QString stationNameFrom(const QString &text);

} // namespace birch
