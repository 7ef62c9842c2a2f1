#pragma once

#include <QLockFile>
#include <QString>

#include <memory>

namespace birch {

/// The lock file by which programs that know each other as little as minicom and Qt's serial module
/// keep out of each other's way (LCK..ttyUSB0). Where no folder for it can be written there is
/// none.
class PortLockFile
{
public:
    /// False: another program has it.
    bool take(const QString &device);
    void giveBack() { m_file.reset(); }

private:
    std::unique_ptr<QLockFile> m_file;
};

/// The lock file of \a device in the first folder for such files that can be written; "": none.
QString lockFilePath(const QString &device);

/// Who holds \a device, for people: "birch (process 12 on lab3)"; "": nobody who can be found.
QString portOwner(const QString &device);

} // namespace birch
