// What PickleView knows of NumPy.
#include "core/exchange/import/pickle_view.h"

#include <QStringList>

#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
using Kind = PickleNode::Kind;

/// Bytes of an array; nothing where they would not fit into memory anyway.
std::optional<qint64> byteCount(const QList<qint64> &shape, int itemBytes)
{
    qint64 count = itemBytes;
    for (qint64 extent : shape) {
        if (extent < 0 || (extent > 0 && count > std::numeric_limits<qint32>::max() / extent))
            return std::nullopt;
        count *= extent;
    }
    return count;
}
} // namespace

qint64 PickleArray::elementCount() const
{
    return itemBytes > 0 ? bytes.size() / itemBytes : 0;
}

QByteArray PickleArray::npy() const
{
    QByteArray extents;
    for (qint64 extent : shape)
        extents += QByteArray::number(extent) + ", ";
    QByteArray header = "{'descr': '" +
                        QByteArray(isBigEndian      ? ">"
                                   : itemBytes == 1 ? "|"
                                                    : "<") +
                        kind + QByteArray::number(itemBytes) +
                        "', 'fortran_order': " + (isColumnMajor ? "True" : "False") +
                        ", 'shape': (" + extents + "), }";
    // Mark, version and length take 10 bytes; the values begin at a multiple of 64.
    header.append(63 - (10 + header.size()) % 64, ' ').append('\n');
    const char length[] = {char(header.size() & 0xff), char(header.size() >> 8)};
    return QByteArray("\x93NUMPY\x01\x00", 8) + QByteArray(length, 2) + header + bytes;
}

std::optional<PickleView::ElementType> PickleView::elementType(quint32 index) const
{
    const auto found = parts(index);
    if (!found || found->className != u"numpy.dtype"_s || found->arguments.empty())
        return std::nullopt;
    const QString code = node(found->arguments[0]).text; // e.g. "f8"
    bool isNumber = false;
    const int itemBytes = code.mid(1).toInt(&isNumber);
    if (!isNumber || itemBytes < 1 || itemBytes > 32 || !u"fiubc"_s.contains(code[0]))
        return std::nullopt;
    ElementType type{code[0].toLatin1(), itemBytes, false};
    if (!found->states.empty()) {
        const PickleNode &state = node(found->states.front()); // (version, byte order, …)
        if (state.kind == Kind::Tuple && state.items.size() > 1)
            type.isBigEndian = node(state.items[1]).text == u">"_s;
    }
    return type;
}

std::optional<QList<qint64>> PickleView::shape(quint32 index) const
{
    const auto extents = elements(index);
    if (!extents || extents->size() > 32)
        return std::nullopt;
    QList<qint64> shape;
    for (quint32 extent : *extents) {
        if (node(extent).kind != Kind::Integer)
            return std::nullopt;
        shape.append(node(extent).integer);
    }
    return shape;
}

std::optional<PickleArray> PickleView::array(quint32 index) const
{
    const auto found = parts(index);
    if (!found)
        return std::nullopt;
    quint32 dataAt = 0;
    quint32 typeAt = 0;
    quint32 shapeAt = 0;
    bool isColumnMajor = false;
    if (found->className == u"numpy.core.multiarray._reconstruct"_s && !found->states.empty()) {
        const PickleNode &state = node(found->states.front()); // version, shape, type, order, data
        if (state.kind != Kind::Tuple || state.items.size() != 5)
            return std::nullopt;
        shapeAt = state.items[1];
        typeAt = state.items[2];
        isColumnMajor = node(state.items[3]).integer != 0;
        dataAt = state.items[4];
    } else if (found->className == u"numpy.core.numeric._frombuffer"_s &&
               found->arguments.size() == 4) {
        dataAt = found->arguments[0];
        typeAt = found->arguments[1];
        shapeAt = found->arguments[2];
        isColumnMajor = node(found->arguments[3]).text == u"F"_s;
    } else {
        return std::nullopt;
    }
    const auto data = bytes(dataAt);
    const auto type = elementType(typeAt);
    const auto extents = shape(shapeAt);
    if (!data || !type || !extents || byteCount(*extents, type->itemBytes) != data->size())
        return std::nullopt;
    return PickleArray{type->kind,    type->itemBytes, type->isBigEndian,
                       isColumnMajor, *extents,        *data};
}

} // namespace birch
