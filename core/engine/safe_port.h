#pragma once

#include <QString>

#include <functional>

namespace birch {

/// How the engine has the bench driven to its safe values. Engine thread.
class SafePort
{
public:
    using Log = std::function<void(const QString &level, const QString &message)>;

    virtual ~SafePort() = default;

    /// Stops what is on its way and drives every declared safe value, with proof in \a log. A
    /// drive that is under way begins anew. \a done is called once, through the event loop, when
    /// every instrument has had its turn; false: some are not proven safe and are tried again in
    /// the background until they are, or dismiss() is called.
    virtual void drive(Log log, std::function<void(bool isSafe)> done) = 0;
    virtual void dismiss() = 0;
    /// Instruments that are still being tried.
    virtual bool isPending() const = 0;
};

} // namespace birch
