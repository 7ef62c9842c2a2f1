#pragma once

#include <QStringList>

#include <functional>

namespace birch {

/// How the engine has the bench driven to its safe values. Engine thread.
class SafePort
{
public:
    using Log = std::function<void(const QString &level, const QString &message)>;

    virtual ~SafePort() = default;

    /// Stops what is on its way on these instruments (empty: on all of the bench) and drives their
    /// declared safe values, with proof in \a log. Joins a drive that is under way. \a done is
    /// called once, through the event loop, when every movement has had its turn; false: some are
    /// not proven safe. Those are tried again in the background.
    virtual void drive(const QStringList &nicknames, Log log,
                       std::function<void(bool isSafe)> done) = 0;
    /// Instruments that are still being tried.
    virtual QStringList pending() const = 0;
    /// The operator takes care of it: no more tries.
    virtual void dismiss(const QString &nickname) = 0;
};

} // namespace birch
