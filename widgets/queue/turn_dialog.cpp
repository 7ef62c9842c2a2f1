#include "widgets/queue/turn_dialog.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kUsPerMs = 1000;
constexpr qint64 kSoonMs = 3'600'000;

void describe(QWidget *field, const QString &name, const QString &tip)
{
    field->setAccessibleName(name);
    field->setToolTip(tip);
}
} // namespace

TurnDialog::TurnDialog(const QString &scan, const ItemTurn &turn, QWidget *parent)
    : QDialog(parent)
    , m_turn(turn)
    , m_priority(new QSpinBox(this))
    , m_ready(new QCheckBox(tr("Ready to run"), this))
    , m_hasStart(new QCheckBox(tr("Not before"), this))
    , m_start(new QDateTimeEdit(this))
    , m_repeats(new QSpinBox(this))
{
    setWindowTitle(tr("Turn of %1").arg(scan));
    m_priority->setRange(-kMaxPriority, kMaxPriority);
    m_priority->setValue(turn.priority);
    describe(m_priority, tr("Priority"), tr("Higher runs first; 0 is usual"));
    m_ready->setChecked(turn.isReady);
    describe(m_ready, tr("Ready to run"), tr("A scan that is not ready is passed over"));
    m_hasStart->setChecked(turn.notBeforeUs > 0);
    describe(m_hasStart, tr("Has a start time"), tr("The queue waits until then, others run"));
    m_start->setCalendarPopup(true);
    m_start->setDisplayFormat(u"yyyy-MM-dd HH:mm:ss"_s);
    m_start->setDateTime(turn.notBeforeUs > 0
                             ? QDateTime::fromMSecsSinceEpoch(turn.notBeforeUs / kUsPerMs)
                             : QDateTime::currentDateTime().addMSecs(kSoonMs));
    m_start->setEnabled(m_hasStart->isChecked());
    describe(m_start, tr("Start time"), tr("In the time of this computer"));
    connect(m_hasStart, &QCheckBox::toggled, m_start, &QWidget::setEnabled);
    m_repeats->setRange(1, kMaxRepeats);
    m_repeats->setValue(turn.repeats);
    describe(m_repeats, tr("Runs"), tr("How often, each time as a scan of its own"));

    auto *form = new QFormLayout(this);
    form->addRow(tr("Priority"), m_priority);
    form->addRow({}, m_ready);
    form->addRow(m_hasStart, m_start);
    form->addRow(tr("Runs"), m_repeats);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

ItemTurn TurnDialog::turn() const
{
    ItemTurn turn = m_turn;
    turn.priority = m_priority->value();
    turn.isReady = m_ready->isChecked();
    turn.notBeforeUs =
        m_hasStart->isChecked() ? m_start->dateTime().toMSecsSinceEpoch() * kUsPerMs : 0;
    turn.repeats = m_repeats->value();
    return turn;
}

} // namespace birch
