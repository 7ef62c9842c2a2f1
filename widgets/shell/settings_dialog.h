#pragma once

#include "core/instrument/settings_difference.h"

#include <QDialog>

class QTableWidget;

namespace birch {

/// How instruments differ from what the record of a scan says, before anything is set: then, now
/// and what setting back would make of it. Rejected: nothing is to run.
class SettingsDialog : public QDialog
{
    Q_OBJECT
public:
    SettingsDialog(const QString &scanId, const QList<SettingDifference> &differences,
                   QWidget *parent = nullptr);

    /// Refuse until it was accepted.
    SettingsChoice choice() const { return m_choice; }
    QTableWidget *table() const { return m_table; }

private:
    void fill(const QList<SettingDifference> &differences);
    void choose(SettingsChoice choice);

    QTableWidget *m_table;
    SettingsChoice m_choice = SettingsChoice::Refuse;
};

} // namespace birch
