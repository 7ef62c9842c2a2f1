#include "widgets/instruments/action_bar.h"

#include "widgets/instruments/manual_control.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace birch {

ActionBar::ActionBar(InstrumentHost &host, ManualLease &lease, QWidget *parent)
    : QWidget(parent)
    , m_host(host)
    , m_lease(lease)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *label = new QLabel(tr("Actions"), this);
    label->setMinimumWidth(110);
    layout->addWidget(label);
    const QList<ActionSpec> &actions = host.spec().actions;
    for (int i = 0; i < actions.size(); ++i) {
        const ActionSpec &spec = actions[i];
        auto *button =
            new QPushButton(spec.confirm.isEmpty() ? spec.label : spec.label + u'…', this);
        button->setAccessibleName(spec.label + u' ' + host.nickname());
        button->setToolTip(!spec.help.isEmpty()      ? spec.help
                           : spec.movement.isEmpty() ? tr("%1 %2").arg(host.nickname(), spec.label)
                                                     : tr("%1 travels by it").arg(spec.movement));
        connect(button, &QPushButton::clicked, this, [this, i] { ask(i); });
        layout->addWidget(button);
        m_buttons << button;
    }
    layout->addStretch(1);
}

void ActionBar::setControlEnabled(bool isEnabled)
{
    m_isEnabled = isEnabled;
    showEnabled();
}

void ActionBar::showEnabled()
{
    for (QPushButton *button : std::as_const(m_buttons))
        button->setEnabled(m_isEnabled && !m_isActing);
}

void ActionBar::ask(int action)
{
    const ActionSpec &spec = m_host.spec().actions[action];
    if (spec.confirm.isEmpty())
        return act(action);
    auto *question =
        new QMessageBox(QMessageBox::Question, tr("%1: %2").arg(m_host.nickname(), spec.label),
                        spec.confirm, QMessageBox::Cancel, this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton *yes = question->addButton(spec.label, QMessageBox::AcceptRole);
    question->setDefaultButton(QMessageBox::Cancel); // Enter moves nothing
    connect(question, &QMessageBox::buttonClicked, this,
            [this, yes, action](const QAbstractButton *pressed) {
                if (pressed == yes)
                    act(action);
            });
    question->open();
}

void ActionBar::act(int action)
{
    if (m_isActing)
        return;
    if (const Status lease = m_lease.take(); !lease)
        return emit failed(lease.error().message);
    m_isActing = true;
    showEnabled();
    m_host.act(Priority::Panel, action, this, [this, action](Result<std::monostate> ended) {
        m_lease.giveBack();
        m_isActing = false;
        showEnabled();
        if (!ended)
            return emit failed(ended.error().message);
        emit done(tr("%1: %2 done").arg(m_host.nickname(), m_host.spec().actions[action].label));
    });
}

} // namespace birch
