#include "widgets/instruments/traffic_view.h"

#include "widgets/instruments/bench_port.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDateTime>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::milliseconds kInterval{300};
constexpr int kLines = 2000;
constexpr qsizetype kShown = 300; // characters of one line: a waveform would fill the view
} // namespace

TrafficView::TrafficView(const BenchPort &bench, const QString &nickname, QWidget *parent)
    : QWidget(parent)
    , m_bench(bench)
    , m_nickname(nickname)
    , m_lines(new QPlainTextEdit(this))
    , m_hold(new QCheckBox(tr("Hold"), this))
    , m_timer(new QTimer(this))
{
    m_lines->setReadOnly(true);
    m_lines->setMaximumBlockCount(kLines);
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_lines->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_lines->setFixedHeight(160);
    m_lines->setAccessibleName(tr("Traffic of %1").arg(nickname));
    m_hold->setToolTip(tr("Keep the lines still to read them; nothing is lost meanwhile"));
    m_hold->setAccessibleName(tr("Hold traffic of %1").arg(nickname));
    auto *copy = new QPushButton(tr("Copy"), this);
    copy->setToolTip(tr("Copy all lines, e.g. for a report"));
    copy->setAccessibleName(tr("Copy traffic of %1").arg(nickname));
    connect(copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_lines->toPlainText()); });
    auto *bar = new QHBoxLayout;
    bar->addStretch(1);
    bar->addWidget(m_hold);
    bar->addWidget(copy);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_lines);
    layout->addLayout(bar);
    m_timer->setInterval(kInterval);
    connect(m_timer, &QTimer::timeout, this, &TrafficView::refresh);
    connect(m_hold, &QCheckBox::toggled, this, [this](bool isHeld) {
        if (!isHeld)
            refresh();
    });
}

void TrafficView::refresh()
{
    if (m_hold->isChecked())
        return;
    QStringList lines;
    for (const TrafficLine &line : m_bench.traffic(m_nickname, m_lastNs)) {
        m_lastNs = line.timeNs;
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(line.timeNs / 1'000'000);
        QString text = line.text.left(kShown);
        if (text.size() < line.text.size())
            text += u'…';
        lines.append(time.toString(u"HH:mm:ss.zzz  "_s) + text);
    }
    if (!lines.isEmpty())
        m_lines->appendPlainText(lines.join(u'\n'));
}

void TrafficView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    m_timer->start();
}

void TrafficView::hideEvent(QHideEvent *event)
{
    m_timer->stop();
    QWidget::hideEvent(event);
}

} // namespace birch
