#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace birch {

/// What joins a bench.
struct BenchAddition {
    QString nickname;
    QString definition; ///< id, or path
    QString address;    ///< VISA resource string
};

/// The text of a bench file with one more instrument, after those that are there; everything else,
/// comments included, stays as it is. Whether the bench can be used is for loadBenchText() to say.
/// Errors: BadInput - a nickname that is none, or a text that can not be changed like this;
/// Conflict - the nickname is taken.
Result<QByteArray> withInstrument(const QByteArray &text, const BenchAddition &addition);

/// The same text with another address of \a nickname. Errors: NotFound, BadInput.
Result<QByteArray> withAddress(const QByteArray &text, const QString &nickname,
                               const QString &address);

/// A bench without instruments, for withInstrument().
QByteArray emptyBench(const QString &name);

} // namespace birch
