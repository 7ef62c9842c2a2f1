#include "widgets/tree/node_form.h"

#include "core/base/id.h"
#include "widgets/models/scan_tree_model.h"
#include "widgets/models/tree_document.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"
#include "widgets/tree/failure_form.h"

#include <QApplication>
#include <QFormLayout>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

NodeForm::NodeForm(TreeDocument &document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_layout(new QVBoxLayout(this))
    , m_hint(new QLabel(tr("Select a node of the scan tree to see and change what it does."), this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_layout->addWidget(m_hint);
    setAccessibleName(tr("Node"));
    connect(&document, &TreeDocument::compiledChanged, this, &NodeForm::refresh);
    connect(&document, &TreeDocument::libraryChanged, this, [this] {
        // The choices of a form are made with it; what is being typed must not go.
        if (m_body && !m_body->isAncestorOf(QApplication::focusWidget()))
            showNode(m_node);
    });
    connect(&document.model(), &QAbstractItemModel::dataChanged, this, &NodeForm::refresh);
    connect(&document.model(), &QAbstractItemModel::modelReset, this, [this] { showNode({}); });
    connect(&document.model(), &QAbstractItemModel::rowsRemoved, this, [this] {
        if (!m_document.tree().find(m_node))
            showNode({});
    });
}

NodeForm::~NodeForm()
{
    dropBody();
}

void NodeForm::dropBody()
{
    // A field that goes while it has the focus says that it was edited: by then it is not ours.
    m_editors.clear();
    m_labels.clear();
    delete std::exchange(m_body, nullptr);
}

FormNames NodeForm::names() const
{
    FormNames names;
    const BenchSpecs &bench = m_document.bench();
    for (auto it = bench.begin(); it != bench.end(); ++it) {
        for (const MovementSpec &movement : it.value().movements) {
            const QString name = it.key() + u'.' + movement.name;
            names.movements << name;
            names.units.insert(name, movement.unit);
        }
        for (const MeasurementSpec &measurement : it.value().measurements)
            names.measurements << it.key() + u'.' + measurement.name;
    }
    names.trees = m_document.library().entries.keys();
    return names;
}

void NodeForm::showNode(const NodeId &id)
{
    m_document.endMerge();
    const ScanNode *node = m_document.tree().find(id);
    m_node = node ? id : NodeId();
    dropBody();
    const bool isShown = node && node != m_document.tree().root();
    m_hint->setVisible(!isShown);
    if (isShown)
        rebuild(*node);
}

void NodeForm::rebuild(const ScanNode &node)
{
    m_body = new QWidget(this);
    m_kind = node.kind;
    auto *layout = new QVBoxLayout(m_body);
    layout->setContentsMargins(0, 0, 0, 0);
    const NodeDeclaration *declaration = m_document.model().registry().declaration(node.kind);
    auto *title = new QLabel(declaration ? declaration->label : node.kind, m_body);
    QFont bold = title->font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    title->setFont(bold);
    auto *help = new QLabel(declaration ? declaration->help : QString(), m_body);
    help->setWordWrap(true);
    help->setForegroundRole(QPalette::PlaceholderText);
    m_problems = new QLabel(m_body);
    m_problems->setWordWrap(true);
    m_problems->setObjectName(u"node-problems"_s);
    layout->addWidget(title);
    layout->addWidget(help);
    layout->addWidget(m_problems);
    m_layout->insertWidget(0, m_body);
    addFields(node);
    addCommonFields();
    layout->addStretch(1);
    refresh();
}

void NodeForm::addFields(const ScanNode &node)
{
    const NodeDeclaration *declaration = m_document.model().registry().declaration(node.kind);
    if (!declaration)
        return;
    const FormNames offered = names();
    for (const FieldSpec &spec : declaration->fields) {
        FieldEditor *editor = makeFieldEditor(spec, offered, m_body);
        editor->setValue(QJsonValue::Undefined); // a choice shows what counts without one
        if (spec.type != FieldType::Bool) {
            auto *label = new QLabel(spec.label, m_body);
            label->setBuddy(editor);
            label->setToolTip(spec.help);
            m_body->layout()->addWidget(label);
            m_labels.insert(spec.key, label);
        }
        m_body->layout()->addWidget(editor);
        m_editors.insert(spec.key, editor);
        connect(editor, &FieldEditor::edited, this,
                [this, key = spec.key](bool isFinal) { fieldEdited(key, isFinal); });
    }
}

void NodeForm::addCommonFields()
{
    auto *line = new QFrame(m_body);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Mid);
    m_body->layout()->addWidget(line);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_label = new QLineEdit(m_body);
    m_label->setObjectName(u"label"_s);
    m_timeout = new QLineEdit(m_body);
    m_timeout->setPlaceholderText(tr("as the enclosing node"));
    m_failure = new FailureForm(tr("as the enclosing node"), m_body);
    const struct {
        QWidget *widget;
        QString name;
    } rows[] = {{m_label, tr("Label")}, {m_timeout, tr("Timeout")}};
    for (const auto &[widget, name] : rows) {
        widget->setAccessibleName(name);
        form->addRow(name, widget);
    }
    form->addRow(m_failure);
    static_cast<QVBoxLayout *>(m_body->layout())->addLayout(form);
    connect(m_label, &QLineEdit::textEdited, this, [this](const QString &text) {
        (void)m_document.apply(TreeEdit(TreeEdit::SetLabel{m_node, text}), tr("Rename node"),
                               u"label"_s + uidText(m_node));
    });
    connect(m_timeout, &QLineEdit::textEdited, this, [this](const QString &text) {
        (void)m_document.apply(TreeEdit(TreeEdit::SetTimeout{m_node, text.trimmed()}),
                               tr("Change timeout"), u"timeout"_s + uidText(m_node));
    });
    for (QLineEdit *edit : {m_label, m_timeout})
        connect(edit, &QLineEdit::editingFinished, this, [this] { m_document.endMerge(); });
    connect(m_failure, &FailureForm::edited, this, &NodeForm::failureEdited);
}

void NodeForm::fieldEdited(const QString &key, bool isFinal)
{
    const ScanNode *node = m_document.tree().find(m_node);
    const FieldEditor *editor = m_editors.value(key);
    if (m_isFilling || !node || !editor)
        return;
    const QJsonValue value = editor->value();
    if (node->fields.value(key) != value) {
        const NodeDeclaration *declaration = m_document.model().registry().declaration(node->kind);
        const FieldSpec *spec = findField(declaration->fields, key);
        (void)m_document.apply(TreeEdit(TreeEdit::SetField{m_node, key, value}),
                               tr("Change %1").arg(spec ? spec->label.toLower() : key),
                               uidText(m_node) + key);
    }
    if (isFinal)
        m_document.endMerge();
}

void NodeForm::failureEdited()
{
    const ScanNode *node = m_document.tree().find(m_node);
    if (m_isFilling || !node)
        return;
    if (m_failure->rule() != node->failure)
        (void)m_document.apply(TreeEdit(TreeEdit::SetFailure{m_node, m_failure->rule()}),
                               tr("Change failure policy"));
}

void NodeForm::refresh()
{
    const ScanNode *node = m_document.tree().find(m_node);
    if (!node || !m_body)
        return;
    const QScopedValueRollback filling(m_isFilling, true);
    for (auto it = m_editors.begin(); it != m_editors.end(); ++it) {
        // What is being typed stays as it is typed.
        if (it.value()->value() != node->fields.value(it.key()))
            it.value()->setValue(node->fields.value(it.key()));
    }
    if (m_label->text() != node->label)
        m_label->setText(node->label);
    if (m_timeout->text().trimmed() != node->timeout)
        m_timeout->setText(node->timeout);
    m_failure->setRule(node->failure);
    showFitting(*node);
    showProblems();
}

/// Fields that mean nothing beside the choice of another one are out of sight.
void NodeForm::showFitting(const ScanNode &node)
{
    const NodeDeclaration *declaration = m_document.model().registry().declaration(node.kind);
    if (!declaration)
        return;
    for (const FieldSpec &spec : declaration->fields) {
        if (spec.visibleWhen.isEmpty())
            continue;
        const FieldSpec *choice = findField(declaration->fields, spec.visibleWhen);
        const QJsonValue chosen =
            node.fields.value(spec.visibleWhen).toString(choice->defaultValue.toString());
        const bool isVisible = spec.visibleValues.contains(chosen.toString());
        m_editors.value(spec.key)->setVisible(isVisible);
        if (QLabel *label = m_labels.value(spec.key))
            label->setVisible(isVisible);
    }
}

void NodeForm::showProblems()
{
    for (FieldEditor *editor : std::as_const(m_editors))
        editor->clearProblems();
    QStringList others;
    const QString id = uidText(m_node);
    for (const Problem &problem : m_document.model().problems()) {
        if (problem.node != id)
            continue;
        const QString sentence = problem.message + u". "_s + problem.remedy;
        FieldEditor *editor = m_editors.value(problem.field.section(u'.', 0, 0));
        if (!editor || editor->isHidden() ||
            !editor->showProblem(problem.field.section(u'.', 1), sentence))
            others << u"⚠ "_s + sentence;
    }
    for (const Problem &note : m_document.compiled().notes) {
        if (note.node == id)
            others << u"ⓘ "_s + note.message + u". "_s + note.remedy;
    }
    m_problems->setText(others.join(u'\n'));
    m_problems->setVisible(!others.isEmpty());
    m_problems->setStyleSheet(u"color: %1"_s.arg(currentColors().warning.name()));
}

} // namespace birch
