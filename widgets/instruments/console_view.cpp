#include "widgets/instruments/console_view.h"

#include "core/instrument/instrument_host.h"
#include "widgets/instruments/manual_control.h"

#include <QElapsedTimer>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTime>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kLines = 2000;
constexpr int kHistory = 200;
constexpr int kShownBytes = 2000; // of one answer: a waveform would fill the console
constexpr int kMostErrors = 30;   // SCPI keeps at least two; nobody keeps more than this
const QByteArray kErrorQuery = "SYST:ERR?";

/// Text as it is, everything else as \xNN.
QString shown(const QByteArray &bytes)
{
    QString text;
    for (const char byte : bytes.first(std::min<qsizetype>(bytes.size(), kShownBytes))) {
        const bool isPlain = byte >= 0x20 && byte < 0x7f;
        text += isPlain ? QString(QLatin1Char(byte))
                        : u"\\x%1"_s.arg(quint8(byte), 2, 16, QLatin1Char('0'));
    }
    if (bytes.size() > kShownBytes)
        text += ConsoleView::tr(" … %1 bytes in all").arg(bytes.size());
    return text;
}

/// An entry of the error list that says that there is none: "0,\"No error\"", "+0,…".
bool isNoError(const QByteArray &reply)
{
    bool isNumber = false;
    const int code = reply.trimmed().split(',').first().toInt(&isNumber);
    return isNumber && code == 0;
}
} // namespace

ConsoleView::ConsoleView(InstrumentHost &host, ManualLease &lease, QWidget *parent)
    : QWidget(parent)
    , m_host(host)
    , m_lease(lease)
    , m_secrets(host.spec().secretCommands)
    , m_lines(new QPlainTextEdit(this))
    , m_input(new QLineEdit(this))
    , m_send(new QPushButton(tr("Send"), this))
    , m_errors(new QPushButton(tr("Errors"), this))
{
    m_lines->setReadOnly(true);
    m_lines->setMaximumBlockCount(kLines);
    m_lines->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_lines->setFixedHeight(160);
    m_lines->setAccessibleName(tr("Console of %1").arg(host.nickname()));
    m_input->setFont(m_lines->font());
    m_input->setAccessibleName(tr("Command to %1").arg(host.nickname()));
    m_input->installEventFilter(this);
    m_send->setToolTip(tr("Send the command as it stands (Enter). With a question mark it waits "
                          "for the answer"));
    m_send->setAccessibleName(tr("Send to %1").arg(host.nickname()));
    m_errors->setToolTip(tr("Ask an SCPI instrument for its errors until there are no more"));
    m_errors->setAccessibleName(tr("Errors of %1").arg(host.nickname()));
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_input, 1);
    bar->addWidget(m_send);
    bar->addWidget(m_errors);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_lines);
    layout->addLayout(bar);
    connect(m_input, &QLineEdit::returnPressed, this, &ConsoleView::submit);
    connect(m_send, &QPushButton::clicked, this, &ConsoleView::submit);
    connect(m_errors, &QPushButton::clicked, this, &ConsoleView::askErrors);
}

void ConsoleView::setControlEnabled(bool isEnabled, const QString &reason)
{
    if (m_pending > 0)
        return; // the lease is our own: who types goes on typing
    for (QWidget *control : std::initializer_list<QWidget *>{m_input, m_send, m_errors})
        control->setEnabled(isEnabled);
    m_input->setPlaceholderText(isEnabled          ? tr("a command, such as *IDN?")
                                : reason.isEmpty() ? tr("connect first")
                                                   : tr("read only: %1").arg(reason));
}

void ConsoleView::append(const QString &mark, const QString &text)
{
    m_lines->appendPlainText(QTime::currentTime().toString(u"HH:mm:ss "_s) + mark + u' ' + text);
}

void ConsoleView::submit()
{
    const QString text = m_input->text().trimmed();
    if (text.isEmpty())
        return;
    const bool isAscii = std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.unicode() >= 0x20 && c.unicode() < 0x7f;
    });
    if (!isAscii)
        return append(u"!"_s, tr("Instruments take plain ASCII: replace the other characters."));
    if (m_secrets.masked(text) == text) { // a password is typed again, not called back
        m_history.removeAll(text);
        m_history << text;
    }
    if (m_history.size() > kHistory)
        m_history.removeFirst();
    m_recalled = int(m_history.size());
    m_input->clear();
    send(text.toLatin1(), false);
}

void ConsoleView::send(const QByteArray &command, bool isErrorQuery)
{
    if (const Status lease = m_lease.take(); !lease)
        return append(u"!"_s, lease.error().message);
    append(u">"_s, QString::fromLatin1(m_secrets.masked(QByteArrayView(command))));
    QElapsedTimer clock;
    clock.start();
    ++m_pending;
    m_host.raw(Priority::Panel, command, command.contains('?'), kManualExchange, this,
               [this, command, isErrorQuery, clock](const Result<QByteArray> &reply) {
                   --m_pending;
                   m_lease.giveBack();
                   if (!reply)
                       return append(u"!"_s, reply.error().message);
                   answered(command, isErrorQuery, clock.elapsed(), reply.value());
               });
}

void ConsoleView::answered(const QByteArray &command, bool isErrorQuery, qint64 ms,
                           const QByteArray &reply)
{
    if (command.contains('?'))
        append(u"<"_s, tr("%1   (%2 ms)").arg(shown(reply)).arg(ms));
    if (isErrorQuery && !isNoError(reply) && --m_errorsLeft > 0)
        send(kErrorQuery, true);
}

void ConsoleView::askErrors()
{
    m_errorsLeft = kMostErrors;
    send(kErrorQuery, true);
}

/// Through what was typed: back with -1, and after the newest the line is empty.
void ConsoleView::recall(int step)
{
    m_recalled = std::clamp(m_recalled + step, 0, int(m_history.size()));
    m_input->setText(m_history.value(m_recalled));
}

bool ConsoleView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            recall(key == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace birch
