#include "core/data/spool_disk.h"

#include <fcntl.h>
#include <unistd.h>

namespace birch {

int SpoolDisk::allocate(int file, qint64 size) const
{
    return ::fallocate(file, 0, 0, size);
}

ssize_t SpoolDisk::write(int file, const void *data, size_t size, qint64 offset) const
{
    return ::pwrite(file, data, size, offset);
}

int SpoolDisk::sync(int file) const
{
    return ::fdatasync(file);
}

const SpoolDisk &systemDisk()
{
    static const SpoolDisk disk;
    return disk;
}

} // namespace birch
