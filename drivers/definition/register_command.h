#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace birch {

/// What a definition, or a person at the console, writes to read and write registers as text:
///
///     read 1 int16 0.1            register 1, a tenth of the unit per count
///     read 20 float32 input       an input register and the next one
///     write 2 int16 0.1 = 25.5    written by function 6, two registers by function 16
///     write 2 int16 multiple = 1  always by function 16
///
/// ADDRESS TYPE [SCALE] [input] [low-first] [multiple] with TYPE int16, uint16, int32, uint32 or
/// float32; low-first: of two registers the low one comes first.
struct RegisterCommand {
    enum class Type : quint8 { Int16, UInt16, Int32, UInt32, Float32 };
    bool isWrite = false;
    bool isInput = false;
    bool isLowFirst = false;
    bool isMultiple = false;
    quint16 address = 0;
    Type type = Type::Int16;
    double scale = 1; ///< of the unit, per count
    QByteArray value; ///< of a write

    /// Errors: BadInput - the sentence says what to write instead.
    static Result<RegisterCommand> parse(QByteArrayView text);

    int registerCount() const { return type == Type::Int16 || type == Type::UInt16 ? 1 : 2; }
    /// The registers that mean \a number. Errors: BadInput - no number; OutOfRange.
    Result<QList<quint16>> registersFor(QByteArrayView number) const;
    /// The number that \a registers (as many as registerCount()) mean.
    QByteArray numberFrom(const QList<quint16> &registers) const;
};

} // namespace birch
