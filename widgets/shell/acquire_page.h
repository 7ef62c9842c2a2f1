#pragma once

#include "widgets/models/queue_model.h"
#include "widgets/shell/window_context.h"

#include <QMainWindow>

namespace birch {

class ActionSet;
class ChartPanel;
class Inspector;
class LiveValues;
class QueueActions;
class QueuePanel;
class ScanTreePanel;
class TreeDocument;

/// Queue above the scan tree at the left, chart in the middle with live values under it, inspector
/// at the right; docks that can be moved and torn off. Mirrors the engine's signals into the
/// queue's model and pulls the running scan's data into the chart.
class AcquirePage : public QMainWindow
{
    Q_OBJECT
public:
    AcquirePage(const WindowContext &context, const ActionSet &actions, TreeDocument &document,
                QWidget *parent = nullptr);
    ~AcquirePage() override;

    QueueModel &queue() { return *m_queue; }
    QueueActions *queueActions() const { return m_queueActions; }
    QueuePanel *queuePanel() const { return m_queuePanel; }
    ScanTreePanel *treePanel() const { return m_treePanel; }
    ChartPanel *chart() const { return m_chart; }
    Inspector *inspector() const { return m_inspector; }

    void resetLayout();
    /// Puts the running scan on the chart when it is not there yet, pulls live values.
    void refresh();
    void refreshTheme();

signals:
    void notice(bool isError, const QString &sentence);

private:
    QDockWidget *addPanel(const QString &id, const QString &title, QWidget *panel,
                          Qt::DockWidgetArea area);
    void connectEngine();
    void connectActions(const ActionSet &actions);
    void showScan(const QUuid &scan);
    void editDetails(const QUuid &item, const ScanDetails &details);
    void itemSelected(const QUuid &id);

    WindowContext m_context;
    TreeDocument &m_document;
    QueueModel *m_queue;
    QueuePanel *m_queuePanel;
    QueueActions *m_queueActions;
    ScanTreePanel *m_treePanel;
    ChartPanel *m_chart;
    LiveValues *m_values;
    Inspector *m_inspector;
    QByteArray m_firstLayout;
    QUuid m_shown;  ///< scan on the chart
    QUuid m_wanted; ///< scan to put on the chart as soon as it has data
};

} // namespace birch
