#pragma once

#include "core/base/column_values.h"
#include "core/base/result.h"
#include "drivers/definition/definition.h"

#include <QByteArrayView>

namespace birch {

/// What stands for the value in \a reply: all of it, or the part that \a format names. Errors:
/// Protocol, quoting the reply.
Result<QByteArray> valueText(const ReplyFormat &format, QByteArrayView reply);

/// How the numbers of a block become values: see BlockScale.
struct BlockFactors {
    double factor = 1;
    double offset = 0;
    double reference = 0;
};
/// Errors: Protocol - too few fields, or something that is no number.
Result<BlockFactors> factorsFrom(const BlockScale &scale, QByteArrayView reply);

/// The one number in \a reply, for read-backs: an overload or a NaN is an error here, because a
/// position that is unknown must not be taken for one. Errors: Protocol, quoting the reply.
Result<double> readbackFrom(const ReplyFormat &format, QByteArrayView reply);

/// The values of an axis that the instrument told. Errors: Protocol.
Result<QList<double>> axisFrom(const ReplyFormat &format, QByteArrayView reply, qsizetype count);

/// Appends one row to each column of \a query in \a scratch (one ColumnValues per column of the
/// measurement). Overloads and NaNs become flagged values. On an error \a scratch is in any state.
/// Errors: Protocol - too few or too many values, or something that is no number.
Status appendReply(const MeasurementQuery &query, const MeasurementCommands &commands,
                   const MeasurementSpec &spec, QByteArrayView reply,
                   std::vector<ColumnValues> &scratch, const BlockFactors &factors = {});

/// True when \a reply means \a token: the same text, or the same number in another spelling.
bool isSameToken(QByteArrayView reply, QByteArrayView token);

} // namespace birch
