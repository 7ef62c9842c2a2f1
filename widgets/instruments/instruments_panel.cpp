#include "widgets/instruments/instruments_panel.h"

#include "core/instrument/bench.h"
#include "widgets/instruments/instrument_card.h"
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

InstrumentsPanel::InstrumentsPanel(Bench &bench, const QMap<QString, QString> &addresses,
                                   QWidget *parent)
    : QWidget(parent)
    , m_bench(bench)
{
    auto *title = new QLabel(
        bench.name.isEmpty() ? tr("Instruments") : tr("Instruments of %1").arg(bench.name), this);
    auto *connectEvery = new QPushButton(themeIcon(u"connect"_s), tr("Connect all"), this);
    connectEvery->setToolTip(tr("Connect to every instrument of the bench"));
    connect(connectEvery, &QPushButton::clicked, this, &InstrumentsPanel::connectAll);
    auto *top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(connectEvery);

    auto *content = new QWidget(this);
    auto *columns = new QHBoxLayout(content);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(16);
    QVBoxLayout *sides[2] = {new QVBoxLayout, new QVBoxLayout};
    const QList<InstrumentHost *> hosts = bench.hosts();
    for (qsizetype i = 0; i < hosts.size(); ++i) {
        auto *card = new InstrumentCard(*hosts[i], addresses.value(hosts[i]->nickname()), content);
        connect(card, &InstrumentCard::failed, this, &InstrumentsPanel::failed);
        connect(card, &InstrumentCard::done, this, &InstrumentsPanel::done);
        sides[i % 2]->addWidget(card);
    }
    for (QVBoxLayout *side : sides) {
        side->setSpacing(16);
        side->addStretch(1);
        columns->addLayout(side, 1);
    }
    if (hosts.isEmpty()) {
        sides[0]->insertWidget(
            0, new QLabel(tr("No instruments: start with --bench FILE, or edit the bench file "
                             "and open it again."),
                          content));
    }
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(scroll, 1);
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
