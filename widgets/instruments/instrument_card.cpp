#include "widgets/instruments/instrument_card.h"

#include "widgets/instruments/action_bar.h"
#include "widgets/instruments/bench_port.h"
#include "widgets/instruments/connection_history.h"
#include "widgets/instruments/console_view.h"
#include "widgets/instruments/entry_dialog.h"
#include "widgets/instruments/instrument_records.h"
#include "widgets/instruments/movement_row.h"
#include "widgets/instruments/settings_panel.h"
#include "widgets/instruments/traffic_view.h"
#include "widgets/instruments/trend_view.h"
#include "widgets/models/number_text.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kOpenTimeout{10};
constexpr std::chrono::milliseconds kPollInterval{1000};
} // namespace

InstrumentCard::InstrumentCard(InstrumentHost &host, BenchPort &bench, QWidget *parent)
    : QFrame(parent)
    , m_host(host)
    , m_bench(bench)
    , m_lease(host)
    , m_lamp(new QLabel(this))
    , m_name(new QLabel(host.nickname(), this))
    , m_identity(new QLabel(this))
    , m_owner(new QLabel(this))
    , m_connect(new QPushButton(this))
    , m_console(new ConsoleView(host, m_lease, this))
    , m_timer(new QTimer(this))
{
    setFrameShape(QFrame::StyledPanel);
    setBackgroundRole(QPalette::AlternateBase); // frames alone can hardly be seen in the dark
    setAutoFillBackground(true);
    setAccessibleName(tr("Instrument %1").arg(host.nickname()));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(makeHeader());
    for (int i = 0; i < host.spec().movements.size(); ++i) {
        auto *row = new MovementRow(host, i, m_lease, this);
        connect(row, &MovementRow::failed, this, &InstrumentCard::failed);
        connect(row, &MovementRow::done, this, &InstrumentCard::done);
        m_movements << row;
        layout->addWidget(row);
    }
    if (!host.spec().actions.isEmpty()) {
        m_actions = new ActionBar(host, m_lease, this);
        connect(m_actions, &ActionBar::failed, this, &InstrumentCard::failed);
        connect(m_actions, &ActionBar::done, this, &InstrumentCard::done);
        layout->addWidget(m_actions);
    }
    for (int i = 0; i < host.spec().measurements.size(); ++i)
        layout->addWidget(makeMeasurement(i));
    layout->addLayout(makeMore());
    connect(&host, &InstrumentHost::connectionStateChanged, this, &InstrumentCard::refreshState);
    connect(&host, &InstrumentHost::leaseChanged, this, &InstrumentCard::refreshState);
    connect(m_connect, &QPushButton::clicked, this, &InstrumentCard::toggleConnection);
    connect(m_timer, &QTimer::timeout, this, &InstrumentCard::poll);
    m_timer->setInterval(kPollInterval);
    refreshState();
}

QWidget *InstrumentCard::makeHeader()
{
    auto *header = new QWidget(this);
    QFont bold = m_name->font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    m_name->setFont(bold);
    const InstrumentSpec &spec = m_host.spec();
    auto *model = new QLabel(spec.manufacturer + u' ' + spec.model, header);
    auto *where = new QLabel(m_bench.addresses().value(m_host.nickname()), header);
    for (QLabel *muted : {model, where, m_identity, m_owner})
        muted->setForegroundRole(QPalette::PlaceholderText);
    where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_identity->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *top = new QHBoxLayout;
    top->addWidget(m_lamp);
    top->addWidget(m_name);
    top->addWidget(model);
    top->addStretch(1);
    top->addWidget(m_owner);
    top->addWidget(makeEdit());
    top->addWidget(m_connect);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(where);
    bottom->addWidget(m_identity, 1);
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addLayout(bottom);
    return header;
}

QPushButton *InstrumentCard::makeEdit()
{
    auto *button = new QPushButton(themeIcon(u"edit"_s), tr("Edit…"), this);
    button->setAccessibleName(tr("Edit %1").arg(m_host.nickname()));
    button->setToolTip(
        m_bench.fileNote().isEmpty()
            ? tr("Name, address, limits, safe values and calibration of %1").arg(m_host.nickname())
            : tr("This bench is simulated: edit its file by hand"));
    button->setEnabled(m_bench.fileNote().isEmpty());
    connect(button, &QPushButton::clicked, this, &InstrumentCard::edit);
    return button;
}

void InstrumentCard::edit()
{
    if (!m_editor) { // a child of the window: the card goes when its instrument changes
        m_editor = new EntryDialog(m_bench, m_host.nickname(), window());
        m_editor->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_editor->show();
    m_editor->raise();
    m_editor->activateWindow();
}

/// What most people need now and then only: opened by a button each.
QLayout *InstrumentCard::makeMore()
{
    auto *buttons = new QHBoxLayout;
    auto *layout = new QVBoxLayout;
    layout->addLayout(buttons);
    const auto add = [&](const QString &icon, const QString &text, const QString &tip,
                         QWidget *content) {
        auto *toggle = new QPushButton(themeIcon(icon), text, this);
        toggle->setCheckable(true);
        toggle->setToolTip(tip);
        toggle->setAccessibleName(text + u' ' + m_host.nickname());
        content->hide();
        buttons->addWidget(toggle);
        layout->addWidget(content);
        connect(toggle, &QPushButton::toggled, content, &QWidget::setVisible);
        return toggle;
    };
    if (!m_host.spec().parameters.isEmpty()) {
        m_settings = new SettingsPanel(m_host, m_bench.records(), m_lease, this);
        auto *toggle =
            add(u"settings"_s, tr("Settings"),
                tr("Show and change the settings of %1").arg(m_host.nickname()), m_settings);
        connect(toggle, &QPushButton::toggled, m_settings, &SettingsPanel::refresh);
        connect(m_settings, &SettingsPanel::failed, this, &InstrumentCard::failed);
        connect(m_settings, &SettingsPanel::done, this, &InstrumentCard::done);
    }
    const InstrumentSpec &spec = m_host.spec();
    if (!spec.movements.isEmpty() || !spec.measurements.isEmpty())
        add(u"chart"_s, tr("Trend"),
            tr("A value of %1 over the last minutes").arg(m_host.nickname()),
            new TrendView(m_host, this));
    add(u"console"_s, tr("Console"), tr("Type commands to %1").arg(m_host.nickname()), m_console);
    add(u"log"_s, tr("Traffic"),
        tr("What goes over the connection of %1, byte by byte").arg(m_host.nickname()),
        new TrafficView(m_bench, m_host.nickname(), this));
    add(u"history"_s, tr("History"),
        tr("What became of the connection of %1, and why").arg(m_host.nickname()),
        new ConnectionHistory(m_bench.records(), m_host.nickname(), this));
    buttons->addStretch(1);
    return layout;
}

QWidget *InstrumentCard::makeMeasurement(int index)
{
    const MeasurementSpec &spec = m_host.spec().measurements[index];
    const QString name = spec.label.isEmpty() ? spec.name : spec.label;
    auto *row = new QWidget(this);
    auto *label = new QLabel(name, row);
    label->setMinimumWidth(110);
    auto *values = new QLabel(u"–"_s, row);
    values->setWordWrap(true);
    values->setAccessibleName(tr("Values of %1.%2").arg(m_host.nickname(), spec.name));
    auto *read = new QPushButton(themeIcon(u"measure"_s), tr("Read"), row);
    read->setToolTip(tr("Read %1.%2 once").arg(m_host.nickname(), spec.name));
    read->setAccessibleName(tr("Read %1.%2").arg(m_host.nickname(), spec.name));
    m_readButtons << read;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(values, 1);
    layout->addWidget(read);
    connect(read, &QPushButton::clicked, this,
            [this, index, values] { this->read(index, values); });
    return row;
}

void InstrumentCard::toggleConnection()
{
    if (m_host.connectionState() == ConnectionState::Open)
        return m_bench.records().closeInstrument(m_host.nickname());
    m_host.open(kOpenTimeout, this, [this](Result<std::monostate> opened) {
        if (!opened)
            emit failed(opened.error().message);
        else
            emit done(tr("%1 is connected: %2").arg(m_host.nickname(), m_host.identity()));
        poll();
        if (m_settings && m_settings->isVisible())
            m_settings->refresh();
    });
}

void InstrumentCard::read(int index, QLabel *target)
{
    m_host.read(Priority::Panel, index, m_host.spec().measurements[index].timeout, this,
                [this, index, target](Result<Reading> reading) {
                    if (!reading)
                        emit failed(reading.error().message);
                    else
                        showReading(index, target, reading.value());
                });
}

void InstrumentCard::showReading(int index, QLabel *target, const Reading &reading)
{
    const QList<ColumnSpec> &columns = m_host.spec().measurements[index].columns;
    QStringList parts;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const ColumnValues &values = reading[size_t(i)];
        if (columns[i].valuesPerRow() > 1)
            parts << tr("%1: %2 values").arg(columns[i].name).arg(columns[i].valuesPerRow());
        else if (columns[i].type == ColumnType::Float64)
            parts << columns[i].name + u": "_s +
                         displayValue(values.doubleAt(0), values.stateAt(0), columns[i].unit);
        else if (columns[i].type == ColumnType::Int64)
            parts << columns[i].name + u": "_s + QString::number(values.intAt(0));
        else if (columns[i].type == ColumnType::Bool)
            parts << columns[i].name + u": "_s + (values.boolAt(0) ? tr("yes") : tr("no"));
        else
            parts << columns[i].name + u": "_s + values.textAt(0);
    }
    target->setText(parts.join(u"   "_s));
}

void InstrumentCard::showLamp()
{
    const StateLook look = lookOf(m_host.connectionState());
    m_lamp->setText(look.shape + u' ' + look.word);
    m_lamp->setStyleSheet(u"color: %1"_s.arg(look.color.name()));
}

void InstrumentCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) // the theme was switched
        showLamp();
}

void InstrumentCard::refreshState()
{
    const ConnectionState state = m_host.connectionState();
    showLamp();
    m_identity->setText(m_host.identity());
    const QString owner = m_host.leaseOwner();
    m_owner->setText(owner.isEmpty() ? QString() : tr("held by %1").arg(owner));
    const bool isOpen = state == ConnectionState::Open;
    m_name->setForegroundRole(isOpen ? QPalette::WindowText : QPalette::PlaceholderText);
    const bool isFree = owner.isEmpty() || owner == kManualControl; // the person's own
    m_connect->setText(isOpen ? tr("Disconnect") : tr("Connect"));
    m_connect->setAccessibleName(m_connect->text() + u' ' + m_host.nickname());
    m_connect->setToolTip(isOpen
                              ? tr("Close the connection to %1").arg(m_host.nickname())
                              : tr("Connect to %1 and check who answers").arg(m_host.nickname()));
    m_connect->setIcon(themeIcon(isOpen ? u"disconnect"_s : u"connect"_s));
    m_connect->setEnabled(state != ConnectionState::Opening && (isFree || !isOpen));
    for (MovementRow *row : std::as_const(m_movements))
        row->setControlEnabled(isOpen && isFree, m_owner->text());
    for (QPushButton *button : std::as_const(m_readButtons))
        button->setEnabled(isOpen);
    if (m_actions)
        m_actions->setControlEnabled(isOpen && isFree);
    if (m_settings)
        m_settings->setControlEnabled(isOpen && isFree);
    m_console->setControlEnabled(isOpen && isFree, m_owner->text());
    if (isOpen)
        poll();
}

void InstrumentCard::poll()
{
    if (!isVisible() || m_host.connectionState() != ConnectionState::Open)
        return;
    for (MovementRow *row : std::as_const(m_movements))
        row->refresh();
}

void InstrumentCard::showEvent(QShowEvent *event)
{
    QFrame::showEvent(event);
    m_timer->start();
    poll();
}

void InstrumentCard::hideEvent(QHideEvent *event)
{
    m_timer->stop();
    QFrame::hideEvent(event);
}

} // namespace birch
