#include "widgets/history/interrupted_bar.h"

#include "widgets/models/number_text.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kLineHeight = 36;
constexpr int kShownLines = 3; // more of them scroll

QString described(const ScanRecord &scan)
{
    const QLocale locale(QLocale::English);
    const QString name = scan.details.title.isEmpty() ? scan.details.name : scan.details.title;
    const QString started = displayClock(QDateTime::fromMSecsSinceEpoch(scan.startedUs / 1000),
                                         QDateTime::currentDateTime());
    const QString points =
        scan.pointsPlanned > 0
            ? InterruptedBar::tr("%1 of %2 points saved")
                  .arg(locale.toString(scan.points), locale.toString(scan.pointsPlanned))
            : InterruptedBar::tr("%1 points saved").arg(locale.toString(scan.points));
    return InterruptedBar::tr("%1  %2 · %3 · started %4").arg(scan.scanId, name, points, started);
}

QPushButton *makeButton(QWidget *parent, const QString &id, const QString &text, const QString &tip,
                        const QString &scanId)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(id);
    button->setToolTip(tip);
    button->setAccessibleName(text + u' ' + scanId);
    return button;
}

bool looksAlike(const ScanRecord &a, const ScanRecord &b)
{
    return a.uid == b.uid && a.points == b.points && a.revision == b.revision;
}

} // namespace

InterruptedBar::InterruptedBar(StoreReader &reader, QWidget *parent)
    : QFrame(parent)
    , m_reader(reader)
    , m_lines(new QVBoxLayout)
{
    setAccessibleName(tr("Interrupted scans"));
    auto *inner = new QWidget;
    inner->setLayout(m_lines);
    m_lines->setContentsMargins(8, 0, 8, 0);
    m_lines->setSpacing(0);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 2, 0, 2);
    layout->addWidget(scroll);
    colour();
    hide();
}

void InterruptedBar::refresh()
{
    m_reader.ask<QList<ScanRecord>>(
        [](Connection &connection, const Session &session) {
            return ScanRepository(connection).interrupted(session);
        },
        this,
        [this](const Result<QList<ScanRecord>> &scans) {
            if (scans)
                setScans(scans.value());
            else
                emit notice(true, scans.error().message);
        });
}

void InterruptedBar::setScans(const QList<ScanRecord> &scans)
{
    // A line that is being answered stays under the pointer.
    if (std::equal(scans.begin(), scans.end(), m_scans.begin(), m_scans.end(), looksAlike))
        return;
    m_scans = scans;
    fill();
    setVisible(!scans.isEmpty());
}

void InterruptedBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    // The style sheet set here comes back as one more change of the palette.
    if (event->type() != QEvent::PaletteChange || m_colour == currentColors().warning.rgb())
        return;
    colour();
    fill();
}

void InterruptedBar::colour()
{
    const ThemeColors &colors = currentColors();
    m_colour = colors.warning.rgb();
    setStyleSheet(
        u"birch--InterruptedBar { background: %1; border: 0; border-left: 6px solid %2; }"_s.arg(
            colors.surface.name(), colors.warning.name()));
}

void InterruptedBar::fill()
{
    while (QLayoutItem *item = m_lines->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // it may be in its own signal
        delete item;
    }
    for (const ScanRecord &scan : std::as_const(m_scans))
        m_lines->addWidget(makeLine(scan));
    setFixedHeight(int(std::clamp<qsizetype>(m_scans.size(), 1, kShownLines)) * kLineHeight + 6);
}

QWidget *InterruptedBar::makeLine(const ScanRecord &scan)
{
    const QUuid uid = scan.uid;
    const QString key = scan.scanId;
    const StateLook look = lookOf(ScanState::Interrupted);
    auto *line = new QWidget(this);
    line->setFixedHeight(kLineHeight);
    auto *mark = new QLabel(look.shape + u' ' + look.word, line);
    mark->setStyleSheet(u"color: %1; font-weight: bold"_s.arg(look.color.name()));
    auto *text = new QLabel(described(scan), line);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    text->setToolTip(text->text());
    auto *go = makeButton(line, u"continue"_s, tr("Continue"),
                          tr("Go on at the next point, in the same scan"), scan.scanId);
    go->setProperty("primary", true);
    auto *close = makeButton(line, u"close"_s, tr("Close as interrupted"),
                             tr("Keep the saved points and give up continuing"), scan.scanId);
    auto *show = makeButton(line, u"show"_s, tr("Show"), tr("Show its saved points"), scan.scanId);
    auto *confirm = makeButton(line, u"confirm"_s, tr("Close it for good"),
                               tr("It can not be continued afterwards"), scan.scanId);
    auto *keep = makeButton(line, u"keep"_s, tr("Keep it"), tr("Leave it as it is"), scan.scanId);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 3, 0, 3);
    layout->addWidget(mark);
    layout->addWidget(text, 1);
    for (QPushButton *button : {go, close, show, confirm, keep})
        layout->addWidget(button);
    const auto askBack = [=](bool isAsking) {
        for (QPushButton *button : {go, close, show})
            button->setVisible(!isAsking);
        for (QPushButton *button : {confirm, keep})
            button->setVisible(isAsking);
        text->setText(isAsking ? tr("Its points stay. It can not be continued any more.")
                               : text->toolTip());
    };
    askBack(false);
    connect(go, &QPushButton::clicked, this, [this, key] { emit continueWanted(key); });
    connect(show, &QPushButton::clicked, this, [this, key] { emit showWanted(key); });
    connect(close, &QPushButton::clicked, this, [askBack] { askBack(true); });
    connect(keep, &QPushButton::clicked, this, [askBack] { askBack(false); });
    connect(confirm, &QPushButton::clicked, this, [this, uid, key] { closeScan(uid, key); });
    return line;
}

void InterruptedBar::closeScan(const QUuid &scan, const QString &scanId)
{
    m_reader.ask<std::monostate>(
        [scan](Connection &connection, const Session &session) {
            return ScanRepository(connection)
                .closeInterrupted(session, scan,
                                  tr("Closed by the operator after an interruption"));
        },
        this,
        [this, scanId](const Status &closed) {
            if (closed)
                emit notice(false, tr("%1 is closed; its points are kept.").arg(scanId));
            else
                emit notice(true, closed.error().message);
            refresh();
        });
}

} // namespace birch
