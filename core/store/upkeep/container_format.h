#pragma once

#include "core/store/upkeep/backup_container.h"

#include <optional>

namespace birch {

inline constexpr char kContainerMagic[] = "BIRCHDB1";
inline constexpr int kContainerFormat = 1; ///< the newest known
inline constexpr qsizetype kContainerHeadBytes = 9;
inline constexpr qsizetype kContainerSumBytes = 8;

/// Kind and length.
QByteArray containerBlockHead(ContainerBlock kind, qsizetype payloadBytes);
/// Checksum of head and payload.
QByteArray containerBlockSum(QByteArrayView head, QByteArrayView payload);

QString cellTypeName(CellType type); ///< "integer" "boolean" …
std::optional<CellType> cellTypeFromName(const QString &name);

} // namespace birch
