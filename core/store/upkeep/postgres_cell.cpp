#include "core/store/upkeep/postgres_cell.h"

#include <QtEndian>

#include <bit>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr char kJsonbVersion = 1;

QString tr(const char *text)
{
    return QCoreApplication::translate("PostgresCell", text);
}

template<typename T>
void append(QByteArray *out, T value)
{
    const T big = qToBigEndian(value);
    out->append(reinterpret_cast<const char *>(&big), sizeof big);
}

Result<Cell> integerCell(QByteArrayView bytes)
{
    switch (bytes.size()) { // int2, int4, int8
    case 2:
        return Cell::ofInteger(qFromBigEndian<qint16>(bytes.data()));
    case 4:
        return Cell::ofInteger(qFromBigEndian<qint32>(bytes.data()));
    case 8:
        return Cell::ofInteger(qFromBigEndian<qint64>(bytes.data()));
    default:
        return Error{ErrorCode::Protocol, tr("The server sent a number of %1 bytes: check that "
                                             "it is PostgreSQL 14 or later")
                                              .arg(bytes.size())};
    }
}

Error misfit(const CatalogueColumn &column)
{
    return {ErrorCode::BadInput, tr("%1 holds a value that PostgreSQL can not hold in this column: "
                                    "change it, then try again")
                                     .arg(column.name)};
}

Status appendText(QByteArray *out, const CatalogueColumn &column, const Cell &cell)
{
    if (cell.kind != Cell::Kind::Text || cell.bytes.contains('\0'))
        return misfit(column);
    const bool isJson = column.type == CellType::Json;
    append(out, qint32(cell.bytes.size() + (isJson ? 1 : 0)));
    if (isJson)
        out->append(kJsonbVersion);
    out->append(cell.bytes);
    return ok();
}
} // namespace

Result<Cell> cellFromPostgres(CellType type, QByteArrayView bytes)
{
    switch (type) {
    case CellType::Integer:
        return integerCell(bytes);
    case CellType::Boolean:
        return Cell::ofInteger(!bytes.isEmpty() && bytes[0] != 0);
    case CellType::Real:
        if (bytes.size() != 8)
            return integerCell({}); // says so
        return Cell::ofReal(std::bit_cast<double>(qFromBigEndian<quint64>(bytes.data())));
    case CellType::Text:
        return Cell::ofText(bytes.toByteArray());
    case CellType::Json:
        return Cell::ofText(bytes.sliced(std::min<qsizetype>(1, bytes.size())).toByteArray());
    case CellType::Bytes:
        break;
    }
    return Cell::ofBytes(bytes.toByteArray());
}

Status appendPostgresCell(QByteArray *out, const CatalogueColumn &column, const Cell &cell)
{
    if (cell.isNull()) {
        append(out, qint32(-1));
        return ok();
    }
    switch (column.type) {
    case CellType::Integer:
        if (cell.kind != Cell::Kind::Integer)
            return misfit(column);
        append(out, qint32(8));
        append(out, cell.integer);
        return ok();
    case CellType::Boolean:
        if (cell.kind != Cell::Kind::Integer || (cell.integer != 0 && cell.integer != 1))
            return misfit(column);
        append(out, qint32(1));
        out->append(char(cell.integer));
        return ok();
    case CellType::Real:
        if (cell.kind != Cell::Kind::Real)
            return misfit(column);
        append(out, qint32(8));
        append(out, std::bit_cast<quint64>(cell.real));
        return ok();
    case CellType::Text:
    case CellType::Json:
        return appendText(out, column, cell);
    case CellType::Bytes:
        break;
    }
    if (cell.kind != Cell::Kind::Bytes)
        return misfit(column);
    append(out, qint32(cell.bytes.size()));
    out->append(cell.bytes);
    return ok();
}

QByteArray copyHeader()
{
    return QByteArray("PGCOPY\n\377\r\n\0", 11) + QByteArray(8, '\0'); // flags, no extension
}

QByteArray copyTrailer()
{
    return QByteArray(2, '\377');
}

} // namespace birch
