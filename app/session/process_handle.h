#pragma once

#include "core/data/sentinel_record.h"
#include "core/data/spool_file.h"

namespace birch {

/// This process.
ProcessIdentity ownIdentity();

/// One certain process, held by its pidfd: another one that is given the same number later is never
/// taken for it. Thread-safe.
class ProcessHandle
{
public:
    /// Errors: NotFound - it has ended (also: only its number is left, waiting for its parent); Io.
    static Result<ProcessHandle> open(const ProcessIdentity &process);
    /// A child that has just been started.
    static Result<ProcessHandle> openChild(qint64 pid);

    qint64 pid() const { return m_process.pid; }
    const ProcessIdentity &identity() const { return m_process; }
    /// Readable once it has ended: for a QSocketNotifier.
    int descriptor() const { return m_file.get(); }
    bool hasEnded() const;
    /// Nothing happens where it has ended.
    void signal(int number) const;
    /// Blocks. False: it lives on.
    bool waitForEnd(std::chrono::milliseconds limit) const;

private:
    ProcessHandle(const ProcessIdentity &process, FileHandle file)
        : m_process(process)
        , m_file(std::move(file))
    {
    }

    ProcessIdentity m_process;
    FileHandle m_file;
};

} // namespace birch
