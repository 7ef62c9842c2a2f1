#pragma once

#include "core/base/problem.h"
#include "core/plan/node_id.h"
#include "widgets/tree/field_editor.h"

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace birch {

class FailureForm;
class ScanNode;
class TreeDocument;

/// The inspector of one node: label, enabled, its kind's fields, timeout, what to do on failure.
/// Made anew for another node or kind; problems stand beside the field that causes them.
class NodeForm : public QWidget
{
    Q_OBJECT
public:
    explicit NodeForm(TreeDocument &document, QWidget *parent = nullptr);
    ~NodeForm() override;

    void showNode(const NodeId &id); ///< null: nothing selected
    NodeId node() const { return m_node; }
    void refresh(); ///< values and problems from the document

private:
    void rebuild(const ScanNode &node);
    void dropBody();
    void addFields(const ScanNode &node);
    void addCommonFields();
    void fieldEdited(const QString &key, bool isFinal);
    void failureEdited();
    FormNames names() const;
    void showFitting(const ScanNode &node);
    void showProblems();

    TreeDocument &m_document;
    NodeId m_node;
    QString m_kind;
    QWidget *m_body = nullptr;
    QVBoxLayout *m_layout;
    QLabel *m_hint; ///< while no node is shown
    QMap<QString, FieldEditor *> m_editors;
    QMap<QString, QLabel *> m_labels;
    QLineEdit *m_label = nullptr;
    QLineEdit *m_timeout = nullptr;
    FailureForm *m_failure = nullptr;
    QLabel *m_problems = nullptr;
    bool m_isFilling = false;
};

} // namespace birch
