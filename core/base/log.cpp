#include "core/base/log.h"

#include "core/base/file_io.h"
#include "core/base/log_file.h"
#include "core/base/settings.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QScopeGuard>

#include <mutex>
#include <optional>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

Q_LOGGING_CATEGORY(lcBase, "birch.base")
Q_LOGGING_CATEGORY(lcInstrument, "birch.instrument")
Q_LOGGING_CATEGORY(lcPlan, "birch.plan")
Q_LOGGING_CATEGORY(lcData, "birch.data")
Q_LOGGING_CATEGORY(lcEngine, "birch.engine")
Q_LOGGING_CATEGORY(lcStore, "birch.store")
Q_LOGGING_CATEGORY(lcExchange, "birch.exchange")
Q_LOGGING_CATEGORY(lcDrivers, "birch.drivers")
Q_LOGGING_CATEGORY(lcApp, "birch.app")
Q_LOGGING_CATEGORY(lcWindow, "birch.window")

namespace {

/// Qt numbers its types out of order.
int severity(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return 0;
    case QtInfoMsg:
        return 1;
    case QtWarningMsg:
        return 2;
    case QtCriticalMsg:
        return 3;
    case QtFatalMsg:
        return 4;
    }
    return 4;
}

const char *levelName(QtMsgType type)
{
    static constexpr const char *kNames[] = {"debug", "info", "warning", "error", "fatal"};
    return kNames[severity(type)];
}

/// Replies of instruments reach the log: nothing of them may move a terminal's cursor.
QString onOneLine(const QString &text)
{
    QString line;
    line.reserve(text.size());
    for (const QChar c : text) {
        if (c == u'\n')
            line += u"\\n"_s;
        else if (c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() < 0xa0))
            line += u"\\x%1"_s.arg(int(c.unicode()), 2, 16, QChar(u'0'));
        else
            line += c;
    }
    return line;
}

QString rulesFor(QtMsgType level)
{
    QString rules;
    const std::pair<QtMsgType, const char *> types[] = {
        {QtDebugMsg, "debug"}, {QtInfoMsg, "info"}, {QtWarningMsg, "warning"}};
    for (const auto &[type, name] : types)
        rules += u"birch.*.%1=%2\n"_s.arg(QLatin1StringView(name),
                                          severity(type) >= severity(level) ? u"true" : u"false");
    return rules;
}

} // namespace

class Log::Sink
{
public:
    explicit Sink(const LogOptions &options)
        : m_options(options)
    {
        if (!options.file.isEmpty())
            m_file.emplace(options.file, options.fileBytes, options.files);
    }

    Status open() { return m_file ? m_file->open() : ok(); }

    void install()
    {
        const std::lock_guard lock(s_mutex);
        QLoggingCategory::setFilterRules(rulesFor(m_options.level));
        s_current = this;
        m_previous = qInstallMessageHandler(&Sink::handle);
    }

    void remove()
    {
        const std::lock_guard lock(s_mutex);
        qInstallMessageHandler(m_previous);
        QLoggingCategory::setFilterRules({});
        s_current = nullptr;
    }

private:
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
    {
        static thread_local bool isWriting = false;
        if (isWriting) // a message about writing this message: neither a deadlock nor a loop
            return;
        isWriting = true;
        const auto done = qScopeGuard([] { isWriting = false; });
        const std::lock_guard lock(s_mutex);
        if (s_current && severity(type) >= severity(s_current->m_options.level))
            s_current->write(type, context, message);
    }

    void write(QtMsgType type, const QMessageLogContext &context, const QString &message)
    {
        const QByteArray line =
            QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1() + ' ' +
            levelName(type) + ' ' + (context.category ? context.category : "default") + ": " +
            onOneLine(redacted(message)).toUtf8() + '\n';
        if (m_options.toStderr)
            (void)writeAll(STDERR_FILENO, line, u"stderr"_s);
        if (m_file)
            (void)m_file->append(line); // there is nowhere left to report it
    }

    // Qt's handler is a plain function: which sink it means has to be global. Guards both.
    static inline std::mutex s_mutex;
    static inline Sink *s_current = nullptr;

    LogOptions m_options;
    std::optional<LogFile> m_file;
    QtMessageHandler m_previous = nullptr;
};

LogOptions LogOptions::from(const Settings &settings)
{
    LogOptions options;
    const QString level = settings.text(Setting::LogLevel);
    options.level = level == u"debug"     ? QtDebugMsg
                    : level == u"warning" ? QtWarningMsg
                    : level == u"error"   ? QtCriticalMsg
                                          : QtInfoMsg;
    options.file = settings.text(Setting::LogFile);
    options.fileBytes = settings.integer(Setting::LogBytes);
    options.files = int(settings.integer(Setting::LogFiles));
    return options;
}

Log::Log(std::unique_ptr<Sink> sink)
    : m_sink(std::move(sink))
{
}

Result<std::unique_ptr<Log>> Log::start(const LogOptions &options)
{
    auto sink = std::make_unique<Sink>(options);
    if (const Status opened = sink->open(); !opened)
        return opened.error();
    sink->install();
    return std::unique_ptr<Log>(new Log(std::move(sink)));
}

Log::~Log()
{
    m_sink->remove();
}

QString redacted(const QString &text)
{
    static const QRegularExpression assignment(
        uR"re((\b\w*(?:password|passwd|pwd|secret|token|api_?key)\b["']?(?:\s*[=:]\s*|\s+(?='))))re"
        R"re(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&}]+))re"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression url(
        uR"(\b([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@?#]*):[^\s/?#]+@)"_s);
    QString clean = text;
    clean.replace(url, u"\\1:***@"_s);
    clean.replace(assignment, u"\\1***"_s);
    return clean;
}

} // namespace birch
