#include "app/cli/password_prompt.h"

#include "core/data/spool_file.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr int kTries = 3;

volatile std::sig_atomic_t g_signal = 0;

/// The terminal does not show what is typed while this lives. A signal that would end the program
/// interrupts the reading, and is raised again once the terminal is as before.
class HiddenTyping
{
public:
    explicit HiddenTyping(int terminal)
        : m_terminal(terminal)
        , m_isSet(::tcgetattr(terminal, &m_before) == 0)
    {
        struct sigaction note = {};
        note.sa_handler = [](int number) { g_signal = number; }; // no SA_RESTART
        g_signal = 0;
        for (size_t i = 0; i < kSignals.size(); ++i)
            ::sigaction(kSignals[i], &note, &m_actions[i]);
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        hidden.c_lflag |= ECHONL;
        m_isSet = m_isSet && ::tcsetattr(terminal, TCSAFLUSH, &hidden) == 0;
    }
    ~HiddenTyping()
    {
        if (m_isSet)
            ::tcsetattr(m_terminal, TCSAFLUSH, &m_before);
        for (size_t i = 0; i < kSignals.size(); ++i)
            ::sigaction(kSignals[i], &m_actions[i], nullptr);
        if (g_signal != 0)
            ::raise(g_signal);
    }
    HiddenTyping(const HiddenTyping &) = delete;
    HiddenTyping &operator=(const HiddenTyping &) = delete;

    bool isHidden() const { return m_isSet; }

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    int m_terminal;
    termios m_before = {};
    bool m_isSet;
    std::array<struct sigaction, kSignals.size()> m_actions = {};
};

} // namespace

std::optional<QString> askHidden(const QString &question)
{
    auto terminal = openFile(u"/dev/tty"_s, O_RDWR | O_NOCTTY);
    if (!terminal)
        return {};
    const int file = terminal.value().get();
    const HiddenTyping hidden(file);
    const QByteArray text = question.toUtf8();
    if (!hidden.isHidden() || ::write(file, text.constData(), size_t(text.size())) < 0)
        return {};
    QByteArray line;
    char byte = 0;
    while (::read(file, &byte, 1) == 1) {
        if (byte == '\n')
            return QString::fromUtf8(line);
        line.append(byte);
    }
    return {};
}

Status PasswordPrompt::complete(DatabaseUrl *url)
{
    if (::isatty(STDIN_FILENO) == 0)
        return ok();
    ServerAccess access = url->access();
    if (m_server == url->text())
        access.password = m_typed;
    for (int i = 0; i < kTries; ++i) {
        *url = url->withAccess(access);
        if (!lacksPassword(*url))
            return ok();
        const auto typed = askHidden(tr("Password for %1: ").arg(url->text()));
        if (!typed)
            return ok();
        access.password = *typed;
        m_server = url->text();
        m_typed = *typed;
    }
    *url = url->withAccess(access);
    if (!lacksPassword(*url))
        return ok();
    return Error{ErrorCode::Denied,
                 tr("The server does not accept the password for %1: ask its administrator")
                     .arg(url->text())};
}

} // namespace birch::cli
