#pragma once

#include "core/base/result.h"
#include "drivers/definition/definition.h"

#include <QByteArrayView>
#include <QVariant>

namespace birch {

/// The shortest text that reads back to the same double; without an exponent where \a isFixed.
QByteArray wireNumber(double value, bool isFixed);

/// What goes on the wire for \a value: a number or integer, a bool, a choice's name or a text.
/// Errors: BadInput (wrong kind, unknown choice, read-only), OutOfRange.
Result<QByteArray> parameterToText(const ParameterSpec &spec, const ParameterCommands &commands,
                                   const QVariant &value, bool hasFixedNumbers = false);

/// The value that \a reply tells. Errors: Protocol, quoting the reply.
Result<QVariant> parameterFromReply(const ParameterSpec &spec, const ParameterCommands &commands,
                                    QByteArrayView reply);

} // namespace birch
