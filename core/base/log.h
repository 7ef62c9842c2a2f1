#pragma once

#include "core/base/result.h"

#include <QLoggingCategory>
#include <QString>

#include <memory>

namespace birch {

class Settings;

// One category per layer: qCWarning(lcEngine) << "…". Messages carry no function names.
Q_DECLARE_LOGGING_CATEGORY(lcBase)
Q_DECLARE_LOGGING_CATEGORY(lcInstrument)
Q_DECLARE_LOGGING_CATEGORY(lcPlan)
Q_DECLARE_LOGGING_CATEGORY(lcData)
Q_DECLARE_LOGGING_CATEGORY(lcEngine)
Q_DECLARE_LOGGING_CATEGORY(lcStore)
Q_DECLARE_LOGGING_CATEGORY(lcExchange)
Q_DECLARE_LOGGING_CATEGORY(lcDrivers)
Q_DECLARE_LOGGING_CATEGORY(lcApp)
Q_DECLARE_LOGGING_CATEGORY(lcWindow)

struct LogOptions {
    QtMsgType level = QtInfoMsg;   ///< the least serious that is written
    QString file;                  ///< empty: none
    qint64 fileBytes = 10'485'760; ///< a new file is begun before this is exceeded
    int files = 5;                 ///< kept, the current one included
    bool toStderr = true;

    static LogOptions from(const Settings &settings);
};

/// Takes every Qt message of the process while it lives: one line each to stderr and to a rotated
/// file, secrets removed. Made once, by the composition root, before threads start; messages may
/// come from any thread. Several processes may share the file. A disk that is full or gone costs
/// the file's lines and nothing else.
class Log
{
public:
    /// Errors: as fileError(), when the file can not be opened; nothing is installed then.
    static Result<std::unique_ptr<Log>> start(const LogOptions &options);
    ~Log();
    Q_DISABLE_COPY_MOVE(Log)

private:
    class Sink;
    explicit Log(std::unique_ptr<Sink> sink);
    std::unique_ptr<Sink> m_sink;
};

/// \a text without passwords: "password=x", "\"password\": \"x\"", "token=x",
/// "scheme://user:x@host".
QString redacted(const QString &text);

} // namespace birch
