#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace birch {

class InstrumentHost;
class InstrumentRecords;
class ManualLease;
class ParameterTable;

/// The settings of one instrument: changes are staged beside what they are now, and applied
/// together, in the order of the definition, under one lease. What is refused stays staged.
/// Presets, and how the instrument was left the last time, are staged in the same way.
class SettingsPanel : public QWidget
{
    Q_OBJECT
public:
    /// Both outlive it.
    SettingsPanel(InstrumentHost &host, InstrumentRecords &records, ManualLease &lease,
                  QWidget *parent = nullptr);

    void refresh();
    void setControlEnabled(bool isEnabled);

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    void openPresets();
    void showPresets(const QStringList &names);
    void stageKnown(const QString &preset);
    void askPresetName();
    void savePreset(const QString &name, bool mayReplace);
    void apply();
    void applyNext();
    void end(const QString &problem);
    void showStaged();

    InstrumentHost &m_host;
    InstrumentRecords &m_records;
    ManualLease &m_lease;
    ParameterTable *m_table;
    QLabel *m_count;
    QPushButton *m_presets;
    QPushButton *m_apply;
    QPushButton *m_discard;
    QStringList m_applied;
    QString m_staged; ///< where what is staged comes from, for the line below; "": from a person
    bool m_isApplying = false;
    bool m_isEnabled = false;
};

} // namespace birch
