#include "widgets/instruments/instruments_panel.h"

#include "core/instrument/bench.h"
#include "widgets/instruments/bench_port.h"
#include "widgets/instruments/discover_dialog.h"
#include "widgets/instruments/instrument_card.h"
#include "widgets/models/problem_text.h"
#include "widgets/theme/icon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kOpenTimeout{10};
}

InstrumentsPanel::InstrumentsPanel(Bench &bench, BenchPort &port, QWidget *parent)
    : QWidget(parent)
    , m_bench(bench)
    , m_port(port)
    , m_title(new QLabel(this))
    , m_content(new QWidget(this))
    , m_empty(makeEmpty(m_content))
    , m_sides{new QVBoxLayout, new QVBoxLayout}
{
    auto *columns = new QHBoxLayout;
    columns->setSpacing(16);
    for (QVBoxLayout *side : m_sides) {
        side->setSpacing(16);
        columns->addLayout(side, 1);
    }
    auto *content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->addWidget(m_empty);
    content->addLayout(columns, 1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(m_content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeTop());
    layout->addWidget(scroll, 1);
    for (InstrumentHost *host : bench.hosts())
        addCard(host);
    arrange();
    connect(&bench, &Bench::hostAdded, this, [this](InstrumentHost *host) {
        addCard(host);
        arrange();
    });
    connect(&bench, &Bench::hostRetired, this, [this](InstrumentHost *host) {
        if (InstrumentCard *card = m_cards.take(host))
            card->deleteLater();
        arrange();
    });
    connect(&port, &BenchPort::benchChanged, this, [this](const QString &sentence) {
        arrange();
        emit done(sentence);
    });
}

QWidget *InstrumentsPanel::makeTop()
{
    auto *top = new QWidget(this);
    auto *layout = new QHBoxLayout(top);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title, 1);
    const auto add = [&](const QString &icon, const QString &text, const QString &tip,
                         void (InstrumentsPanel::*press)()) {
        auto *button = new QPushButton(themeIcon(icon), text, top);
        button->setToolTip(tip);
        button->setAccessibleName(text);
        connect(button, &QPushButton::clicked, this, press);
        layout->addWidget(button);
    };
    add(u"search"_s, tr("Find instruments…"),
        tr("Look on the network and at serial ports; what is found joins the bench with a click"),
        &InstrumentsPanel::discover);
    add(u"refresh"_s, tr("Reload bench"),
        tr("Take over what the bench file says now; what is as before stays connected"),
        &InstrumentsPanel::reload);
    add(u"connect"_s, tr("Connect all"), tr("Connect to every instrument of the bench"),
        &InstrumentsPanel::connectAll);
    return top;
}

QWidget *InstrumentsPanel::makeEmpty(QWidget *parent)
{
    auto *empty = new QWidget(parent);
    auto *text = new QLabel(tr("This bench has no instruments yet."), empty);
    text->setAlignment(Qt::AlignHCenter);
    auto *find = new QPushButton(themeIcon(u"search"_s), tr("Discover"), empty);
    find->setAccessibleName(find->text());
    find->setToolTip(tr("Look for instruments on the network and at serial ports"));
    connect(find, &QPushButton::clicked, this, &InstrumentsPanel::discover);
    auto *layout = new QVBoxLayout(empty);
    layout->addSpacing(60);
    layout->addWidget(text);
    layout->addWidget(find, 0, Qt::AlignHCenter);
    return empty;
}

void InstrumentsPanel::addCard(InstrumentHost *host)
{
    auto *card = new InstrumentCard(*host, m_port, m_content);
    connect(card, &InstrumentCard::failed, this, &InstrumentsPanel::failed);
    connect(card, &InstrumentCard::done, this, &InstrumentsPanel::done);
    m_cards.insert(host, card);
}

/// Cards in the order of their nicknames, left and right in turn.
void InstrumentsPanel::arrange()
{
    const QString name = m_bench.record().name;
    m_title->setText(name.isEmpty() ? tr("Instruments") : tr("Instruments of %1").arg(name));
    for (QVBoxLayout *side : m_sides) {
        while (QLayoutItem *item = side->takeAt(0))
            delete item; // the cards stay: they belong to the content
    }
    const QList<InstrumentHost *> hosts = m_bench.hosts();
    for (qsizetype i = 0; i < hosts.size(); ++i) {
        if (InstrumentCard *card = m_cards.value(hosts[i])) {
            m_sides[i % 2]->addWidget(card);
            card->show();
        }
    }
    for (QVBoxLayout *side : m_sides)
        side->addStretch(1);
    m_empty->setVisible(hosts.isEmpty());
}

void InstrumentsPanel::discover()
{
    if (!m_discover) {
        m_discover = new DiscoverDialog(m_port, this);
        m_discover->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_discover, &DiscoverDialog::done, this, &InstrumentsPanel::done);
    }
    m_discover->show();
    m_discover->raise();
    m_discover->activateWindow();
}

void InstrumentsPanel::reload()
{
    if (const Problems problems = m_port.reload(); !problems.isEmpty())
        emit failed(problemText(problems));
}

void InstrumentsPanel::connectAll()
{
    for (InstrumentHost *host : m_bench.hosts()) {
        if (host->connectionState() == ConnectionState::Open)
            continue;
        host->open(kOpenTimeout, this, [this, host](Result<std::monostate> opened) {
            if (!opened)
                emit failed(opened.error().message);
            else
                emit done(tr("%1 is connected").arg(host->nickname()));
        });
    }
}

} // namespace birch
