#pragma once

#include <QWidget>

class QComboBox;
class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace birch {

class LogModel;
struct LogLine;

/// The log with a text filter and a level; follows the newest line unless the reader scrolled up.
class LogPanel : public QWidget
{
    Q_OBJECT
public:
    explicit LogPanel(QWidget *parent = nullptr);

    void append(const LogLine &line);
    QTableView *view() const { return m_view; }

private:
    void applyFilter();

    LogModel *m_model;
    QSortFilterProxyModel *m_filter;
    QLineEdit *m_text;
    QComboBox *m_level;
    QTableView *m_view;
};

} // namespace birch
