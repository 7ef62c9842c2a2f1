#pragma once

#include "core/engine/queue_item.h"
#include "core/plan/node_id.h"

#include <QWidget>

class QLabel;
class QTabWidget;

namespace birch {

class DetailsForm;
class FailureForm;
class NodeForm;
class StoreReader;
class TreeDocument;

/// What is selected, to be edited: a node of the tree, or what the operator says about the tree or
/// a queue item.
class Inspector : public QWidget
{
    Q_OBJECT
public:
    Inspector(TreeDocument &document, StoreReader &reader, const QString &user,
              QWidget *parent = nullptr);

    void showNode(const NodeId &node);
    void showTreeDetails();
    void showFailure();
    void failureEdited();
    void showItem(const QueueItem &item, int number);
    QUuid shownItem() const { return m_item; } ///< null: the tree's details are shown
    DetailsForm *details() const { return m_details; }
    void reloadLists(); ///< samples and projects from the database

signals:
    void itemDetailsEdited(const QUuid &item, const birch::ScanDetails &details);
    void failed(const QString &sentence);

private:
    void detailsEdited();
    void makeSample(const QString &name);

    TreeDocument &m_document;
    StoreReader &m_reader;
    QString m_user;
    QTabWidget *m_tabs;
    NodeForm *m_node;
    DetailsForm *m_details;
    QLabel *m_caption;
    QLabel *m_failureCaption;
    FailureForm *m_failure; ///< of the whole tree
    QUuid m_item;
};

} // namespace birch
