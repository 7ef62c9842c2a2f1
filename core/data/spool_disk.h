#pragma once

#include <QtGlobal>

#include <sys/types.h>

namespace birch {

/// The system calls that can find a disk full or broken; tests put a failing disk in their place.
/// Return values and errno as the system call. Thread-safe.
class SpoolDisk
{
public:
    virtual ~SpoolDisk() = default;

    virtual int allocate(int file, qint64 size) const; ///< fallocate: blocks are reserved
    virtual ssize_t write(int file, const void *data, size_t size, qint64 offset) const; ///< pwrite
    virtual int sync(int file) const; ///< fdatasync
};

/// The real one; lives as long as the program.
const SpoolDisk &systemDisk();

} // namespace birch
