#include "widgets/shell/settings_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

SettingsDialog::SettingsDialog(const QString &scanId, const QList<SettingDifference> &differences,
                               QWidget *parent)
    : QDialog(parent)
    , m_table(new QTableWidget(this))
{
    setWindowTitle(tr("Settings of %1").arg(scanId));
    auto *text = new QLabel(
        tr("The instruments are not set as the record of %1 says. Nothing has been set yet.")
            .arg(scanId),
        this);
    text->setWordWrap(true);
    fill(differences);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *back = buttons->addButton(tr("Set back and run"), QDialogButtonBox::AcceptRole);
    back->setObjectName(u"restore"_s);
    back->setToolTip(tr("Sets what can be set to its value of then, and reads it back"));
    back->setEnabled(std::any_of(differences.begin(), differences.end(),
                                 [](const SettingDifference &one) { return one.isSettable; }));
    QPushButton *keep = buttons->addButton(tr("Keep and run"), QDialogButtonBox::AcceptRole);
    keep->setObjectName(u"keep"_s);
    keep->setToolTip(tr("Runs with what the instruments say now; the scan's log says so"));
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);
    resize(760, 320);
    connect(back, &QPushButton::clicked, this, [this] { choose(SettingsChoice::Restore); });
    connect(keep, &QPushButton::clicked, this, [this] { choose(SettingsChoice::Keep); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void SettingsDialog::fill(const QList<SettingDifference> &differences)
{
    m_table->setColumnCount(5);
    m_table->setHorizontalHeaderLabels(
        {tr("Setting"), tr("Then"), tr("Now"), tr("If set back"), tr("Remark")});
    m_table->setRowCount(int(differences.size()));
    m_table->setAccessibleName(tr("Settings that differ"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int row = 0; row < differences.size(); ++row) {
        const SettingDifference &one = differences.at(row);
        const QStringList cells{one.name(), one.valueText(one.then), one.valueText(one.now),
                                one.valueText(one.proposed(SettingsChoice::Restore)), one.note};
        for (int column = 0; column < cells.size(); ++column)
            m_table->setItem(row, column, new QTableWidgetItem(cells.at(column)));
    }
    m_table->resizeColumnsToContents();
    m_table->horizontalHeader()->setStretchLastSection(true);
}

void SettingsDialog::choose(SettingsChoice choice)
{
    m_choice = choice;
    accept();
}

} // namespace birch
