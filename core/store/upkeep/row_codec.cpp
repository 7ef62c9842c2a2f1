#include "core/store/upkeep/row_codec.h"

#include <QCoreApplication>
#include <QtEndian>

#include <bit>

namespace birch {

namespace {
void appendNumber(QByteArray *out, quint64 value)
{
    const quint64 little = qToLittleEndian(value);
    out->append(reinterpret_cast<const char *>(&little), sizeof little);
}
} // namespace

void encodeRow(QByteArray *out, const Row &row)
{
    for (const Cell &cell : row) {
        out->append(char(cell.kind));
        switch (cell.kind) {
        case Cell::Kind::Null:
            break;
        case Cell::Kind::Integer:
            appendNumber(out, quint64(cell.integer));
            break;
        case Cell::Kind::Real:
            appendNumber(out, std::bit_cast<quint64>(cell.real));
            break;
        case Cell::Kind::Text:
        case Cell::Kind::Bytes:
            appendNumber(out, quint64(cell.bytes.size()));
            out->append(cell.bytes);
            break;
        }
    }
}

bool RowDecoder::takeNumber(quint64 *value)
{
    if (m_bytes.size() < qsizetype(sizeof *value))
        return false;
    *value = qFromLittleEndian<quint64>(m_bytes.data());
    m_bytes = m_bytes.sliced(sizeof *value);
    return true;
}

bool RowDecoder::take(Cell *cell)
{
    if (m_bytes.isEmpty() || quint8(m_bytes[0]) > quint8(Cell::Kind::Bytes))
        return false;
    *cell = {};
    cell->kind = Cell::Kind(m_bytes[0]);
    m_bytes = m_bytes.sliced(1);
    quint64 number = 0;
    if (cell->kind == Cell::Kind::Null)
        return true;
    if (!takeNumber(&number))
        return false;
    if (cell->kind == Cell::Kind::Integer)
        cell->integer = qint64(number);
    else if (cell->kind == Cell::Kind::Real)
        cell->real = std::bit_cast<double>(number);
    else if (number > quint64(m_bytes.size()))
        return false;
    else {
        cell->bytes = m_bytes.first(qsizetype(number)).toByteArray();
        m_bytes = m_bytes.sliced(qsizetype(number));
    }
    return true;
}

Result<const Row *> RowDecoder::next()
{
    if (m_bytes.isEmpty())
        return nullptr;
    for (Cell &cell : m_row) {
        if (!take(&cell))
            return Error{ErrorCode::BadInput,
                         QCoreApplication::translate("Backup", "rows in it are damaged")};
    }
    return &m_row;
}

} // namespace birch
