#include "widgets/queue/queue_settings_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace birch {

namespace {
void describe(QWidget *field, const QString &name, const QString &tip)
{
    field->setAccessibleName(name);
    field->setToolTip(tip);
}
} // namespace

QueueSettingsDialog::QueueSettingsDialog(const QString &name, const QueueSettings &settings,
                                         QWidget *parent)
    : QDialog(parent)
    , m_name(new QLineEdit(name, this))
    , m_onFailure(new QComboBox(this))
    , m_parallel(new QSpinBox(this))
{
    setWindowTitle(tr("How the queue is run"));
    m_name->setPlaceholderText(tr("optional"));
    describe(m_name, tr("Name of the queue"), tr("Under this name it is kept from its next start"));
    m_onFailure->addItem(tr("go on with the next"), int(FailedScan::Continue));
    m_onFailure->addItem(tr("stop the queue"), int(FailedScan::Stop));
    m_onFailure->addItem(tr("go on, and try it once more at the end"), int(FailedScan::Retry));
    m_onFailure->setCurrentIndex(m_onFailure->findData(int(settings.onFailure)));
    describe(m_onFailure, tr("After a failed scan"),
             tr("Everything is driven to its safe values first, whatever is chosen"));
    m_parallel->setRange(1, kMaxParallelScans);
    m_parallel->setValue(settings.parallel);
    describe(m_parallel, tr("Scans at once"),
             tr("Two scans run at once only where they share no instrument"));

    auto *form = new QFormLayout(this);
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("After a failed scan"), m_onFailure);
    form->addRow(tr("Scans at once"), m_parallel);
    auto *buttons =
        new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, Qt::Horizontal, this);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QString QueueSettingsDialog::name() const
{
    return m_name->text().trimmed();
}

QueueSettings QueueSettingsDialog::settings() const
{
    return {FailedScan(m_onFailure->currentData().toInt()), m_parallel->value()};
}

} // namespace birch
