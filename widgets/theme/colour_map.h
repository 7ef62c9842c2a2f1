#pragma once

#include <QRgb>
#include <QStringList>

#include <array>

namespace birch {

/// 256 colours from low to high.
using ColourTable = std::array<QRgb, 256>;

/// "viridis" (default), "cividis", "inferno" for magnitudes; "blue-red" for signed data around
/// zero. An unknown name gives viridis. Anchors after the published maps of Smith, van der Walt and
/// Firing (viridis, inferno), Nuñez, Anderton and Renslow (cividis), Brewer (RdBu).
const ColourTable &colourTable(const QString &name);
QStringList colourTableNames();

} // namespace birch
