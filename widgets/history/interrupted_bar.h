#pragma once

#include "core/store/scan_repository.h"
#include "core/store/store_reader.h"

#include <QFrame>

class QVBoxLayout;

namespace birch {

/// The scans whose program died, each with its rows saved: continue, close as interrupted, show.
/// Hidden while there are none. Closing can not be undone, so it asks back in its own line.
class InterruptedBar : public QFrame
{
    Q_OBJECT
public:
    /// \a reader outlives it.
    explicit InterruptedBar(StoreReader &reader, QWidget *parent = nullptr);

public slots:
    void refresh();

signals:
    void continueWanted(const QString &scanKey);
    void showWanted(const QString &scanKey);
    void notice(bool isError, const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;

private:
    void setScans(const QList<ScanRecord> &scans);
    void fill();
    void colour();
    QWidget *makeLine(const ScanRecord &scan);
    void closeScan(const QUuid &scan, const QString &scanId);

    StoreReader &m_reader;
    QVBoxLayout *m_lines;
    QList<ScanRecord> m_scans;
    QRgb m_colour = 0; ///< of the theme it was drawn for
};

} // namespace birch
