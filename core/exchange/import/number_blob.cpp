#include "core/exchange/import/number_blob.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QtEndian>

#include <bit>
#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("NumberBlob", text);
}

quint64 bitsAt(const char *at, const NumberType &type)
{
    quint64 bits = 0;
    for (int i = 0; i < type.bytes; ++i) {
        const int place = type.isBigEndian ? type.bytes - 1 - i : i;
        bits |= quint64(quint8(at[i])) << (8 * place);
    }
    return bits;
}

double realOf(quint64 bits, int bytes)
{
    return bytes == 4 ? double(std::bit_cast<float>(quint32(bits))) : std::bit_cast<double>(bits);
}

qint64 wholeOf(quint64 bits, const NumberType &type)
{
    const int unused = 64 - 8 * type.bytes;
    return type.kind == 'i' ? qint64(bits << unused) >> unused : qint64(bits);
}
} // namespace

std::optional<NumberType> numberType(const QString &name)
{
    static const QRegularExpression code(u"^([<>|=]?)([fiub])(\\d+)$"_s);
    static const QRegularExpression word(u"^(float|int|uint|bool)(\\d*)_?$"_s);
    const QString lower = name.trimmed().toLower();
    NumberType type;
    if (const auto match = code.match(lower); match.hasMatch()) {
        type = {match.captured(2)[0].toLatin1(), match.captured(3).toInt(),
                match.captured(1) == u">"_s};
    } else if (const auto named = word.match(lower); named.hasMatch()) {
        const QString kind = named.captured(1);
        const int bits = named.captured(2).toInt();
        type = {kind == u"float"_s  ? 'f'
                : kind == u"uint"_s ? 'u'
                : kind == u"bool"_s ? 'b'
                                    : 'i',
                bits > 0 ? bits / 8 : (kind == u"bool"_s ? 1 : 8), false};
    } else {
        return std::nullopt;
    }
    const bool isSize =
        type.kind == 'f' ? type.bytes == 4 || type.bytes == 8
                         : type.bytes == 1 || type.bytes == 2 || type.bytes == 4 || type.bytes == 8;
    return isSize ? std::optional(type) : std::nullopt;
}

Result<ColumnValues> numbersOf(QByteArrayView bytes, const NumberType &type)
{
    if (bytes.isEmpty() || bytes.size() % type.bytes != 0)
        return Error{ErrorCode::BadInput,
                     tr("%1 bytes are not a whole count of numbers of %2 bytes")
                         .arg(bytes.size())
                         .arg(type.bytes)};
    const qsizetype count = bytes.size() / type.bytes;
    ColumnValues values(type.isWhole() ? ColumnType::Int64 : ColumnType::Float64, count);
    for (qsizetype i = 0; i < count; ++i) {
        const quint64 bits = bitsAt(bytes.data() + i * type.bytes, type);
        if (!type.isWhole()) {
            const double real = realOf(bits, type.bytes);
            values.appendDouble(real, real == real ? ValueState::Ok : ValueState::NotANumber);
        } else if (type.kind != 'i' && bits > quint64(std::numeric_limits<qint64>::max())) {
            return Error{ErrorCode::BadInput, tr("a number is beyond 63 bits")};
        } else {
            values.appendInt(wholeOf(bits, type));
        }
    }
    return values;
}

Result<NpyArray> readNpy(const QByteArray &file)
{
    static const QRegularExpression descr(u"'descr'\\s*:\\s*'([^']+)'"_s);
    static const QRegularExpression order(u"'fortran_order'\\s*:\\s*True"_s);
    static const QRegularExpression extents(u"'shape'\\s*:\\s*\\(([^)]*)\\)"_s);
    const Error none{ErrorCode::BadInput, tr("it is no .npy array")};
    if (!file.startsWith("\x93NUMPY") || file.size() < 12)
        return none;
    const bool isShort = file[6] == 1;
    const qsizetype begin = isShort ? 10 : 12;
    const quint32 length = isShort ? qFromLittleEndian<quint16>(file.constData() + 8)
                                   : qFromLittleEndian<quint32>(file.constData() + 8);
    if (length > quint64(file.size() - begin))
        return none;
    const QString header = QString::fromLatin1(file.mid(begin, qsizetype(length)));
    const auto type = numberType(descr.match(header).captured(1));
    const auto shape = extents.match(header);
    if (!type || !shape.hasMatch())
        return none;
    NpyArray array{*type, {}, file.mid(begin + qsizetype(length))};
    for (const QString &extent : shape.captured(1).split(u',', Qt::SkipEmptyParts)) {
        if (!extent.trimmed().isEmpty())
            array.shape << extent.trimmed().toLongLong();
    }
    if (order.match(header).hasMatch() && array.shape.size() > 1)
        return Error{ErrorCode::BadInput, tr("it is in column order")};
    return array;
}

} // namespace birch
