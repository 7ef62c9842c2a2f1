// Apart from everything else: this header and termios.h define the same names.
#include <asm/termbits.h>

#include <cerrno>
#include <sys/ioctl.h>

namespace birch {

int setAnyBaud(int fd, unsigned baud);

int setAnyBaud(int fd, unsigned baud)
{
    termios2 attributes{};
    if (::ioctl(fd, TCGETS2, &attributes) < 0)
        return -errno;
    attributes.c_cflag &= ~tcflag_t(CBAUD | CBAUD << IBSHIFT);
    attributes.c_cflag |= BOTHER | BOTHER << IBSHIFT;
    attributes.c_ispeed = attributes.c_ospeed = baud;
    return ::ioctl(fd, TCSETS2, &attributes) < 0 ? -errno : 0;
}

} // namespace birch
