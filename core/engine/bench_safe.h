#pragma once

#include "core/engine/safe_port.h"
#include "core/engine/safe_sequence.h"

#include <vector>

namespace birch {

/// The engine's drives to safe values, by the bench's declared sequence: drives that are asked for
/// while one runs join it. Engine thread.
class BenchSafe final : public SafePort
{
public:
    /// \a background: gets the lines of tries that nobody waits for any more.
    BenchSafe(Bench &bench, Clock &clock, Log background, SafeOptions options = {});

    void drive(const QStringList &nicknames, Log log, std::function<void(bool)> done) override;
    QStringList pending() const override { return m_sequence.report().pendingInstruments(); }
    void dismiss(const QString &nickname) override { m_sequence.dismiss(nickname); }

private:
    struct Waiting {
        Log log;
        std::function<void(bool)> done;
    };

    Log m_background;
    std::vector<Waiting> m_waiting; ///< for the run that is under way
    SafeSequence m_sequence;
};

} // namespace birch
