#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>
#include <vector>

namespace birch {

/// What goes wrong with one reply.
struct Fault {
    enum class Kind {
        Delay,   ///< delay=300ms   the reply, and all behind it, come that much later
        Split,   ///< split=2ms     byte by byte with that pause between
        Garble,  ///< garble        wrong bytes of the right length, terminator kept; never a number
        Cut,     ///< cut           half of the reply, then the connection ends (a pty hangs up for
                 ///< good)
        Hang,    ///< hang          no reply; the connection stays
        Late,    ///< late=300ms    only this reply comes later; those behind it overtake it
        Reset,   ///< reset         no reply; the connection is reset
        Power,   ///< power         as reset, and the instrument is as after switching it on
        Stranger ///< stranger     as reset, and the next who asks meets another instrument, once
    };
    Kind kind = Kind::Delay;
    std::chrono::milliseconds time{0};
    quint64 first = 1; ///< replies are counted from 1, per instrument, from when the script was set
    quint64 last = 0;  ///< inclusive; 0: for ever
};

/// The first of \a kind; null: none.
const Fault *findFault(const std::vector<Fault> &faults, Fault::Kind kind);
/// Reset, or what comes with one.
bool isReset(const std::vector<Fault> &faults);

/// The faults of one simulated instrument, as text:
///
///     KIND[=TIME][@N | @N+ | @N-M]   separated by commas or blanks; without @: every reply
///
/// "hang@3" swallows the third reply; "delay=200ms" holds up every one; "garble@2-4, cut@10".
/// Several faults may meet one reply; Hang, Cut and what resets win. An empty text is no faults.
class FaultScript
{
public:
    FaultScript() = default;
    /// Errors: BadInput - quotes the word and says what to write.
    static Result<FaultScript> parse(const QString &text);

    /// The faults of the next reply.
    std::vector<Fault> next();
    bool isEmpty() const { return m_faults.empty(); }

private:
    std::vector<Fault> m_faults;
    quint64 m_count = 0;
};

} // namespace birch
