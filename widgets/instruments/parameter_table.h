#pragma once

#include <QTableWidget>

namespace birch {

class InstrumentHost;

/// The settings of one instrument as its definition declares them: name, value, unit. A value is
/// checked against type and limits and sent when its edit ends; read-only ones can not be edited.
class ParameterTable : public QTableWidget
{
    Q_OBJECT
public:
    ParameterTable(InstrumentHost &host, QWidget *parent = nullptr);

    void refresh(); ///< reads all of them; nothing while closed
    void setControlEnabled(bool isEnabled);

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    void apply(int row);
    void showValue(int row, const QVariant &value);

    InstrumentHost &m_host;
    bool m_isFilling = false;
    bool m_isEnabled = true;
};

} // namespace birch
