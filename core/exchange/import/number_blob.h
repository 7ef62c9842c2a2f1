#pragma once

#include "core/base/column_values.h"
#include "core/base/result.h"

namespace birch {

/// How NumPy names a type of numbers: "float64", "<i4", ">f8", "uint8", "bool".
struct NumberType {
    char kind = 'f'; ///< f float, i integer, u unsigned, b bool
    int bytes = 8;
    bool isBigEndian = false;

    bool isWhole() const { return kind != 'f'; }
};
std::optional<NumberType> numberType(const QString &name);

/// The numbers in \a bytes as one row of a column: int64 for whole ones, else float64.
/// Errors: BadInput - the bytes are not a whole number of them; an unsigned one beyond int64.
Result<ColumnValues> numbersOf(QByteArrayView bytes, const NumberType &type);

/// A .npy file taken apart.
struct NpyArray {
    NumberType type;
    QList<qint64> shape;
    QByteArray bytes; ///< in C order
};
/// Errors: BadInput - no .npy file, or of objects, or in column order with more than one dimension.
Result<NpyArray> readNpy(const QByteArray &file);

} // namespace birch
