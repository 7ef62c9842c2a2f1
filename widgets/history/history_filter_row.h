#pragma once

#include "core/store/scan_repository.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QTimer;

namespace birch {

/// Which scans to list: text, sample, project, state, date.
class HistoryFilterRow : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryFilterRow(QWidget *parent = nullptr);

    ScanFilter filter() const;
    bool isOpen() const; ///< lets everything through
    void setSamples(const QStringList &samples);
    void setProjects(const QStringList &projects);
    void clearAll();

signals:
    void changed(); ///< of typed text: once it rests

private:
    void fill(QComboBox *box, const QString &all, const QStringList &names);

    QLineEdit *m_text;
    QComboBox *m_sample;
    QComboBox *m_project;
    QComboBox *m_state;
    QComboBox *m_since;
    QTimer *m_rest;
};

} // namespace birch
