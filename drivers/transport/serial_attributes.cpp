#include "drivers/transport/serial_attributes.h"

namespace birch {

namespace {

constexpr struct {
    qint32 baud;
    speed_t speed;
} kSpeeds[] = {{50, B50},           {75, B75},           {110, B110},         {134, B134},
               {150, B150},         {200, B200},         {300, B300},         {600, B600},
               {1200, B1200},       {1800, B1800},       {2400, B2400},       {4800, B4800},
               {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
               {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
               {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
               {1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000},
               {3500000, B3500000}, {4000000, B4000000}};

tcflag_t characterSize(int dataBits)
{
    static constexpr tcflag_t kSizes[] = {CS5, CS6, CS7, CS8};
    return kSizes[dataBits - 5];
}

tcflag_t parityFlags(SerialParity parity)
{
    switch (parity) {
    case SerialParity::None:
        return 0;
    case SerialParity::Even:
        return PARENB;
    case SerialParity::Odd:
        return PARENB | PARODD;
    case SerialParity::Mark:
        return PARENB | PARODD | CMSPAR;
    case SerialParity::Space:
        return PARENB | CMSPAR;
    }
    Q_UNREACHABLE();
}

} // namespace

speed_t namedSpeed(qint32 baud)
{
    for (const auto &known : kSpeeds) {
        if (known.baud == baud)
            return known.speed;
    }
    return B0;
}

termios serialAttributes(const termios &before, const SerialOptions &options)
{
    termios attributes = before;
    ::cfmakeraw(&attributes);
    attributes.c_cflag &= ~tcflag_t(CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS | HUPCL);
    attributes.c_cflag |=
        CLOCAL | CREAD | characterSize(options.dataBits) | parityFlags(options.parity);
    if (options.stopBits != SerialStopBits::One) // of five data bits the hardware makes 1.5
        attributes.c_cflag |= CSTOPB;
    if (options.flow == SerialFlow::RtsCts)
        attributes.c_cflag |= CRTSCTS;
    attributes.c_iflag &= ~tcflag_t(IXON | IXOFF | IXANY | INPCK);
    if (options.flow == SerialFlow::XonXoff)
        attributes.c_iflag |= IXON | IXOFF;
    // Nothing there is EAGAIN then, and 0 bytes mean that the port has gone.
    attributes.c_cc[VMIN] = 1;
    attributes.c_cc[VTIME] = 0;
    if (const speed_t speed = namedSpeed(options.baud); speed != B0) {
        ::cfsetispeed(&attributes, speed);
        ::cfsetospeed(&attributes, speed);
    }
    return attributes;
}

termios parkedAttributes(const termios &before, const termios &ours)
{
    termios parked = before;
    parked.c_cflag &= ~tcflag_t(HUPCL);
    if (::cfgetospeed(&parked) == B0) {
        ::cfsetispeed(&parked, ::cfgetispeed(&ours));
        ::cfsetospeed(&parked, ::cfgetospeed(&ours));
    }
    return parked;
}

} // namespace birch
