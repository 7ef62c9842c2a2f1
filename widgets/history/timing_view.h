#pragma once

#include "core/store/scan_record.h"

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace birch {

class TimeBar;

/// Where the time of a scan went: a line, and by part, what it was spent on. All runs of a scan
/// that was continued together; of parallel lanes only the main one.
class TimingView : public QWidget
{
    Q_OBJECT
public:
    explicit TimingView(QWidget *parent = nullptr);

    void setReport(const ScanReport &report);

private:
    QLabel *m_head;
    TimeBar *m_bar;
    QTreeWidget *m_parts;
};

} // namespace birch
