#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace birch {

/// A file of lines that is turned over when it is full: x.log, x.log.1 (newer) … Several processes
/// may append to one: each line is one write, and the turn is under a lock on the file.
/// Not thread-safe.
class LogFile
{
public:
    LogFile(QString path, qint64 maximumBytes, int files);
    ~LogFile();
    Q_DISABLE_COPY_MOVE(LogFile)

    Status open(); ///< makes the folder
    Status
    append(const QByteArray &line); ///< a failure loses this line only; the next one tries anew

private:
    void close();
    bool isStillOurs() const; ///< another process may have turned the file over
    Status turnOver();

    QString m_path;
    qint64 m_maximumBytes;
    int m_files;
    int m_fd = -1;
};

} // namespace birch
