#pragma once

#include "core/data/series_source.h"
#include "widgets/chart/chart_choice.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QMenu;
class QSlider;
class QStackedWidget;
class QTimer;
class QToolButton;

namespace birch {

class ArrayRowSource;
class ChartView;

/// One scan on a chart: which measurement, as what, which columns, linear or log; the cursor's
/// values below. Pulls from its sources at display rate while visible; draws nothing otherwise.
class ChartPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ChartPanel(QWidget *parent = nullptr);
    ~ChartPanel() override;

    /// One source per measurement object; columns and kind start at what chartChoice() says.
    void setSources(const QString &title, std::vector<std::shared_ptr<const SeriesSource>> sources);
    /// Shows \a hint instead of a chart.
    void clear(const QString &hint);
    ChartView *view() const { return m_view; }

    void resetView();
    /// Writes what is shown as PNG, to a temporary name first.
    bool savePng(const QString &path, QString *problem);
    void refreshTheme();

private:
    void makeControls();
    void chooseObject(int index);
    void chooseKind();
    void rebuild();
    void rebuildLine(const TableSchema &schema);
    void rebuildMap(const TableSchema &schema);
    void rebuildArray(const TableSchema &schema);
    void fillColumns(const TableSchema &schema);
    QList<int> checkedColumns() const;
    void refresh();
    ChartKind kind() const;

    std::vector<std::shared_ptr<const SeriesSource>> m_sources;
    std::shared_ptr<const SeriesSource> m_source;
    std::shared_ptr<ArrayRowSource> m_array;
    ChartChoice m_choice;
    bool m_isFilling = false;

    QLabel *m_title;
    QComboBox *m_object;
    QComboBox *m_kind;
    QComboBox *m_x;
    QToolButton *m_y;
    QMenu *m_yMenu;
    QComboBox *m_mapY;
    QComboBox *m_mapZ;
    QComboBox *m_colours;
    QToolButton *m_logX;
    QToolButton *m_logY;
    QToolButton *m_follow;
    QSlider *m_row;
    QLabel *m_rowText;
    QLabel *m_readout;
    QLabel *m_hint;
    QStackedWidget *m_stack;
    ChartView *m_view;
    QTimer *m_timer;
};

} // namespace birch
