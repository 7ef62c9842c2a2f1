#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QMap>
#include <QTableWidget>
#include <QVariant>

namespace birch {

class InstrumentHost;
struct ParameterSpec;

/// The settings of one instrument as its definition declares them: what they are now, and what
/// they are to become. A new value is checked against type and limits when its edit ends, and
/// staged: nothing is sent here. The wheel changes nothing.
class ParameterTable : public QTableWidget
{
    Q_OBJECT
public:
    ParameterTable(InstrumentHost &host, QWidget *parent = nullptr);

    void refresh(); ///< reads all of them; nothing while closed
    void setControlEnabled(bool isEnabled);
    /// By key; what is as it is now anyway is not in it.
    const QMap<QString, QVariant> &staged() const { return m_staged; }
    const QVariantMap &present() const { return m_now; } ///< as read last
    /// Stages those of \a values that are not as they are now; a value that it does not take is
    /// told by failed() and left out. How many were staged.
    int stageAll(const QJsonObject &values);
    void unstage(const QString &key);
    void discard();

signals:
    void failed(const QString &sentence);
    void stagedChanged();
    void refreshed(); ///< present() is up to date

private:
    void makeRow(int row);
    void takeText(int row);
    void stage(int row, const QVariant &value);
    void showStaged(int row);
    void showValues(const QVariantMap &values);
    const ParameterSpec &specOf(int row) const;

    InstrumentHost &m_host;
    QVariantMap m_now; ///< as read last
    QMap<QString, QVariant> m_staged;
    bool m_isFilling = false;
};

} // namespace birch
