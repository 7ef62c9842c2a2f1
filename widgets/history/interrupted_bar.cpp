#include "widgets/history/interrupted_bar.h"

#include "core/base/id.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kShown = 4; // the rest is in history
}

InterruptedBar::InterruptedBar(StoreReader &reader, QWidget *parent)
    : QFrame(parent)
    , m_reader(reader)
    , m_rows(new QVBoxLayout(this))
{
    setAccessibleName(tr("Interrupted scans"));
    setFrameShape(QFrame::StyledPanel);
    m_rows->setContentsMargins(12, 6, 12, 6);
    hide();
}

void InterruptedBar::refresh()
{
    m_reader.ask<QList<ScanRecord>>(
        [](Connection &connection, const Session &session) {
            return ScanRepository(connection).interrupted(session);
        },
        this, [this](Result<QList<ScanRecord>> scans) {
            if (!scans)
                emit notice(true, scans.error().message);
            else
                fill(scans.value());
        });
}

void InterruptedBar::fill(const QList<ScanRecord> &scans)
{
    delete m_list;
    m_list = new QWidget(this);
    auto *layout = new QVBoxLayout(m_list);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    for (const ScanRecord &scan : scans.mid(0, kShown))
        layout->addWidget(makeRow(scan));
    if (scans.size() > kShown)
        layout->addWidget(new QLabel(tr("%1 more in History").arg(scans.size() - kShown), m_list));
    m_rows->addWidget(m_list);
    setVisible(!scans.isEmpty());
}

QWidget *InterruptedBar::makeRow(const ScanRecord &scan)
{
    auto *row = new QWidget(m_list);
    const StateLook look = lookOf(ScanState::Interrupted);
    auto *shape = new QLabel(look.shape, row);
    shape->setStyleSheet(u"color: %1"_s.arg(look.color.name()));
    auto *text = new QLabel(tr("%1 · %2 was interrupted; %3 of %4 points are saved.")
                                .arg(scan.scanId, scan.details.name).arg(scan.points).arg(scan.pointsPlanned), row);
    text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(shape);
    layout->addWidget(text, 1);
    const QString key = scan.scanId;
    const QUuid uid = scan.uid;
    const auto add = [&](const QString &icon, const QString &label, const QString &tip, auto action) {
        auto *button = new QPushButton(themeIcon(icon), label, row);
        button->setToolTip(tip);
        button->setAccessibleName(label + u' ' + key);
        layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, action);
        return button;
    };
    add(u"play"_s, tr("Continue"), tr("Go on at the exact next point, under the same id"),
        [this, key] { emit continueWanted(key); })->setProperty("primary", true);
    add(u"close"_s, tr("Close"), tr("Keep the points and give up continuing"),
        [this, uid, key] { closeScan(uid, key); });
    add(u"chart"_s, tr("Show"), tr("Look at its points in History"), [this, key] { emit showWanted(key); });
    return row;
}

void InterruptedBar::closeScan(const QUuid &scan, const QString &scanId)
{
    m_reader.ask<std::monostate>(
        [scan](Connection &connection, const Session &session) {
            return ScanRepository(connection).closeInterrupted(session, scan, tr("Closed by the operator after an interruption"));
        },
        this, [this, scanId](Result<std::monostate> closed) {
            if (closed)
                emit notice(false, tr("%1 is closed; its points are kept.").arg(scanId));
            else
                emit notice(true, closed.error().message);
            refresh();
        });
}

} // namespace birch
