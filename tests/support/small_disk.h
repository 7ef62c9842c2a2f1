#pragma once

#include <QDir>
#include <QFile>

#include <cerrno>
#include <sys/mount.h>

namespace birch::test {

/// A file system of a few megabytes; needs the right to mount.
class SmallDisk
{
public:
    SmallDisk(QString folder, const QByteArray &size)
        : m_folder(std::move(folder))
    {
        QDir().mkpath(m_folder);
        const QByteArray options = "size=" + size;
        m_isMounted =
            ::mount("tmpfs", m_folder.toUtf8().constData(), "tmpfs", 0, options.constData()) == 0;
        m_error = errno;
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount2(m_folder.toUtf8().constData(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool isMounted() const { return m_isMounted; }
    QString problem() const { return qt_error_string(m_error); }
    QString path(const QString &name) const { return m_folder + QLatin1Char('/') + name; }
    void fill() const
    {
        QFile filler(path(QStringLiteral("filler")));
        if (!filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            return;
        while (filler.write(QByteArray(4096, 'x')) > 0) {
        }
    }
    void empty() const { QFile::remove(path(QStringLiteral("filler"))); }

private:
    QString m_folder;
    bool m_isMounted = false;
    int m_error = 0;
};

} // namespace birch::test
