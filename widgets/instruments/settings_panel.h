#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace birch {

class InstrumentHost;
class ParameterTable;

/// The settings of one instrument: changes are staged beside what they are now, and applied
/// together, in the order of the definition, under one lease. What is refused stays staged.
class SettingsPanel : public QWidget
{
    Q_OBJECT
public:
    SettingsPanel(InstrumentHost &host, QWidget *parent = nullptr);

    void refresh();
    void setControlEnabled(bool isEnabled);

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    void apply();
    void applyNext();
    void end(const QString &problem);
    void showStaged();

    InstrumentHost &m_host;
    ParameterTable *m_table;
    QLabel *m_count;
    QPushButton *m_apply;
    QPushButton *m_discard;
    QStringList m_applied;
    bool m_isApplying = false;
    bool m_isEnabled = false;
};

} // namespace birch
