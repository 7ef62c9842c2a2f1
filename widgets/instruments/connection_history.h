#pragma once

#include "widgets/instruments/instrument_records.h"

#include <QTableWidget>

namespace birch {

/// What became of the connection of one instrument, newest first: when, what, and why. Follows
/// what comes while it is visible.
class ConnectionHistory : public QTableWidget
{
    Q_OBJECT
public:
    ConnectionHistory(InstrumentRecords &records, const QString &nickname,
                      QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void fill(const QList<ConnectionLine> &lines);
    void say(const QString &sentence); ///< instead of lines

    InstrumentRecords &m_records;
    QString m_nickname;
};

} // namespace birch
