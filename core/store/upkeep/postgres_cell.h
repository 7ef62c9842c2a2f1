#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

/// One value in PostgreSQL's binary form, as COPY and binary results carry it, as a cell.
/// Errors: Protocol - not of the length that \a type has.
Result<Cell> cellFromPostgres(CellType type, QByteArrayView bytes);

/// Appends \a cell with its length in front, as COPY wants it. Errors: BadInput - the column can
/// not hold it (a text with a NUL, a number where there is text).
Status appendPostgresCell(QByteArray *out, const CatalogueColumn &column, const Cell &cell);

/// What begins and ends COPY's binary stream.
QByteArray copyHeader();
QByteArray copyTrailer();

} // namespace birch
