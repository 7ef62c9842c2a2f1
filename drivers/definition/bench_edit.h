#pragma once

#include "core/base/result.h"
#include "core/instrument/calibration.h"
#include "core/instrument/specs.h"

#include <QByteArray>
#include <QString>

#include <optional>

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

/// The following change one entry of the text and leave every other entry and all comments as they
/// are. Whether the bench can be used then is for loadBenchText() to say: bench_change.h does both.
/// Errors: NotFound - no instrument \a nickname; BadInput - it is not written so that it can be
/// changed like this, naming the line.
Result<QByteArray> withAddress(const QByteArray &text, const QString &nickname,
                               const QString &address);
/// \a definition: id, or path.
Result<QByteArray> withDefinition(const QByteArray &text, const QString &nickname,
                                  const QString &definition);
/// Trees that name the old one have to be changed, too. Also Conflict - the name is taken.
Result<QByteArray> withNickname(const QByteArray &text, const QString &nickname,
                                const QString &name);
/// Without it and all that is said about it; comments around it stay.
Result<QByteArray> withoutInstrument(const QByteArray &text, const QString &nickname);

/// What a movement goes to when the bench is made safe (or is paused), and in which turn.
struct BenchTarget {
    double value = 0; ///< in the movement's unit
    int order = 0;    ///< lower first
};
/// Narrower limits of one movement than its definition's; none: the definition's.
Result<QByteArray> withLimits(const QByteArray &text, const QString &nickname,
                              const QString &movement, const std::optional<Limits> &limits);
/// Another safe value of one movement than its definition's; none: the definition's.
Result<QByteArray> withSafeValue(const QByteArray &text, const QString &nickname,
                                 const QString &movement, const std::optional<BenchTarget> &target);
/// The same of the value during a pause.
Result<QByteArray> withPauseValue(const QByteArray &text, const QString &nickname,
                                  const QString &movement,
                                  const std::optional<BenchTarget> &target);
/// The calibration of the instrument, or with a column of that column; none: takes it out.
Result<QByteArray> withCalibration(const QByteArray &text, const QString &nickname,
                                   const QString &column,
                                   const std::optional<Calibration> &calibration);

/// Letters, digits and _, beginning with a letter. Errors: BadInput.
Status checkNickname(const QString &name);

/// A bench without instruments, for withInstrument().
QByteArray emptyBench(const QString &name);

} // namespace birch
