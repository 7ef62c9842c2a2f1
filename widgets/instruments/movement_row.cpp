#include "widgets/instruments/movement_row.h"

#include "core/base/unit.h"
#include "core/instrument/instrument_host.h"
#include "widgets/instruments/manual_control.h"
#include "widgets/models/number_text.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace birch {

MovementRow::MovementRow(InstrumentHost &host, int movement, ManualLease &lease, QWidget *parent)
    : QWidget(parent)
    , m_host(host)
    , m_lease(lease)
    , m_movement(movement)
    , m_value(new QLabel(u"–"_s, this))
    , m_target(new QLineEdit(this))
    , m_set(new QPushButton(tr("Set"), this))
    , m_stop(new QPushButton(themeIcon(u"stop"_s), tr("Stop"), this))
    , m_problem(new QLabel(this))
{
    const MovementSpec &spec = host.spec().movements[movement];
    const QString name = spec.label.isEmpty() ? spec.name : spec.label;
    const QString full = host.nickname() + u'.' + spec.name;
    auto *label = new QLabel(name, this);
    label->setMinimumWidth(110);
    m_value->setMinimumWidth(110);
    m_value->setAccessibleName(tr("Position of %1").arg(full));
    m_target->setPlaceholderText(spec.unit.isEmpty() ? tr("value")
                                                     : tr("value in %1").arg(spec.unit));
    m_target->setToolTip(tr("From %1 to %2; another unit may be typed, e.g. 10 mV")
                             .arg(displayQuantity(spec.limits.low, spec.unit),
                                  displayQuantity(spec.limits.high, spec.unit)));
    m_target->setAccessibleName(tr("New value of %1").arg(full));
    m_set->setToolTip(tr("Move %1 to this value").arg(full));
    m_set->setAccessibleName(tr("Set %1").arg(full));
    m_stop->setToolTip(tr("Halt %1 where it is").arg(full));
    m_stop->setAccessibleName(tr("Stop %1").arg(full));
    m_stop->setVisible(spec.hasStop);
    m_problem->setWordWrap(true);
    m_problem->hide();

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(label, 0, 0);
    grid->addWidget(m_value, 0, 1);
    grid->addWidget(m_target, 0, 2);
    grid->addWidget(m_set, 0, 3);
    grid->addWidget(m_stop, 0, 4);
    grid->addWidget(m_problem, 1, 1, 1, 4);
    grid->setColumnStretch(2, 1);

    connect(m_target, &QLineEdit::returnPressed, this, &MovementRow::set);
    connect(m_set, &QPushButton::clicked, this, &MovementRow::set);
    connect(m_stop, &QPushButton::clicked, this, &MovementRow::stop);
}

void MovementRow::refresh()
{
    if (m_host.connectionState() != ConnectionState::Open)
        return;
    m_host.state(Priority::Panel, m_movement, kManualExchange, this,
                 [this](Result<MovementState> state) {
                     if (state)
                         show(state.value().readback);
                 });
}

void MovementRow::setControlEnabled(bool isEnabled, const QString &reason)
{
    m_isEnabled = isEnabled;
    m_target->setEnabled(isEnabled);
    m_set->setEnabled(isEnabled && !m_isMoving);
    m_set->setStatusTip(reason);
}

void MovementRow::set()
{
    if (m_isMoving)
        return; // Enter in the field while the button is off
    const MovementSpec &spec = m_host.spec().movements[m_movement];
    const Result<double> target = quantityFromText(m_target->text(), Unit(spec.unit));
    if (!target)
        return showProblem(target.error().message);
    if (!spec.limits.contain(target.value())) {
        return showProblem(tr("%1 is outside %2 to %3: type a value within the limits.")
                               .arg(displayQuantity(target.value(), spec.unit),
                                    displayQuantity(spec.limits.low, spec.unit),
                                    displayQuantity(spec.limits.high, spec.unit)));
    }
    if (const Status lease = m_lease.take(); !lease)
        return showProblem(lease.error().message);
    showProblem({});
    m_isMoving = true;
    m_set->setEnabled(false);
    m_host.move(Priority::Panel, m_movement, target.value(), spec.settle, this,
                [this](Result<Arrival> arrived) {
                    m_lease.giveBack();
                    m_isMoving = false;
                    m_set->setEnabled(m_isEnabled);
                    if (!arrived)
                        return showProblem(arrived.error().message);
                    const double readback = arrived.value().readback;
                    show(readback);
                    const MovementSpec &moved = m_host.spec().movements[m_movement];
                    emit done(tr("%1.%2 set, reads back %3")
                                  .arg(m_host.nickname(), moved.name,
                                       displayQuantity(readback, moved.unit)));
                });
}

void MovementRow::stop()
{
    m_host.stop(Priority::Safe, m_movement, kManualExchange, this,
                [this](Result<std::monostate> stopped) {
                    if (!stopped)
                        showProblem(stopped.error().message);
                    refresh();
                });
}

void MovementRow::show(double readback)
{
    m_value->setText(displayQuantity(readback, m_host.spec().movements[m_movement].unit, 6));
}

void MovementRow::showProblem(const QString &sentence)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    m_problem->setStyleSheet(u"color: %1"_s.arg(currentColors().warning.name()));
    if (!sentence.isEmpty())
        emit failed(sentence);
}

} // namespace birch
