#pragma once

#include "core/base/result.h"
#include "drivers/definition/definition.h"

#include <QByteArrayView>
#include <QVariant>

namespace birch {

/// What goes on the wire for \a value: a number or integer, a bool, a choice's name or a text.
/// Errors: BadInput (wrong kind, unknown choice, read-only), OutOfRange.
Result<QByteArray> parameterToText(const ParameterSpec &spec, const ParameterCommands &commands,
                                   const QVariant &value);

/// The value that \a reply tells. Errors: Protocol, quoting the reply.
Result<QVariant> parameterFromReply(const ParameterSpec &spec, const ParameterCommands &commands,
                                    QByteArrayView reply);

} // namespace birch
