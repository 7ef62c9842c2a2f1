#pragma once

#include "core/store/store_reader.h"

#include <QJsonObject>
#include <QWidget>

class QAction;

namespace birch {

/// Every scan so far: find one, look at it, write about it, take its tree or its data along.
/// All of the database's work is done on \a reader's thread.
class HistoryPanel : public QWidget
{
    Q_OBJECT
public:
    /// \a actions are shown as buttons; whoever made them connects them. \a reader outlives it.
    HistoryPanel(StoreReader &reader, const QList<QAction *> &actions, QWidget *parent = nullptr);

public slots:
    /// Takes new scans and changed states in; selection and scroll stay.
    void refresh();
    /// Asks for the selected scan's tree; editAgain() answers.
    void editSelected();
    /// Opens the export row for the selected scan.
    void exportSelected();
    /// Selects the scan \a scanKey and draws it.
    void showScan(const QString &scanKey);

signals:
    void editAgain(const QJsonObject &tree, const QString &title);
    void continueWanted(const QString &scanKey);
    void notice(bool isError, const QString &sentence);

private:
    StoreReader &m_reader;
};

} // namespace birch
