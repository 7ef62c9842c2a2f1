#include "widgets/queue/details_form.h"

#include "widgets/theme/fields_edit.h"
#include "widgets/theme/icon.h"

#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QComboBox *makePicker(QWidget *parent, const QString &name)
{
    auto *box = new QComboBox(parent);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->completer()->setFilterMode(Qt::MatchContains);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    box->setFocusPolicy(Qt::StrongFocus);
    return box;
}

void showFromItsBeginning(QLineEdit *line, const QString &text)
{
    if (line->text() == text)
        return; // nobody's cursor is moved
    line->setText(text);
    line->setCursorPosition(0);
}

} // namespace

DetailsForm::DetailsForm(QWidget *parent)
    : QWidget(parent)
    , m_sample(makePicker(this, tr("Sample")))
    , m_newSample(new QPushButton(themeIcon(u"add"_s), {}, this))
    , m_project(makePicker(this, tr("Project")))
    , m_operator(new QLineEdit(this))
    , m_title(new QLineEdit(this))
    , m_type(new QLineEdit(this))
    , m_tags(new QLineEdit(this))
    , m_comment(new QPlainTextEdit(this))
    , m_fields(new FieldsEdit(this))
{
    m_sample->setObjectName(u"sample"_s);
    m_newSample->setObjectName(u"new-sample"_s);
    m_newSample->hide();
    m_sample->lineEdit()->setPlaceholderText(tr("pick one, or type a new name"));
    m_tags->setPlaceholderText(tr("separated by commas"));
    m_type->setPlaceholderText(tr("e.g. IV, Raman"));
    m_comment->setMaximumHeight(90);
    m_comment->setTabChangesFocus(true);
    m_fields->setObjectName(u"fields"_s);
    const struct {
        QWidget *widget;
        QString name;
    } names[] = {{m_operator, tr("Operator")}, {m_title, tr("Title")},
                 {m_type, tr("Type")},         {m_tags, tr("Tags")},
                 {m_comment, tr("Comment")},   {m_fields, tr("Fields")}};
    auto *form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Sample"), m_sample);
    form->addRow(m_newSample);
    form->addRow(tr("Project"), m_project);
    for (const auto &[widget, name] : names) {
        widget->setAccessibleName(name);
        form->addRow(name, widget);
    }
    connect(m_sample, &QComboBox::editTextChanged, this, [this] {
        refreshSampleButton();
        emit edited();
    });
    connect(m_project, &QComboBox::editTextChanged, this, &DetailsForm::edited);
    for (QLineEdit *line : {m_operator, m_title, m_type, m_tags})
        connect(line, &QLineEdit::textEdited, this, &DetailsForm::edited);
    for (QPlainTextEdit *text : {m_comment, static_cast<QPlainTextEdit *>(m_fields)})
        connect(text, &QPlainTextEdit::textChanged, this, &DetailsForm::edited);
    connect(m_newSample, &QPushButton::clicked, this,
            [this] { emit sampleWanted(m_sample->currentText().trimmed()); });
    connect(m_sample->lineEdit(), &QLineEdit::returnPressed, this, [this] {
        if (!m_newSample->isHidden())
            emit sampleWanted(m_sample->currentText().trimmed());
    });
}

void DetailsForm::setSamples(const QList<NamedRecord> &samples)
{
    const QSignalBlocker blocker(m_sample);
    const QString text = m_sample->currentText();
    m_sample->clear();
    for (const NamedRecord &sample : samples)
        m_sample->addItem(sample.name, sample.uid);
    m_sample->setCurrentIndex(-1);
    m_sample->setEditText(text);
    refreshSampleButton();
}

void DetailsForm::setProjects(const QStringList &projects)
{
    const QSignalBlocker blocker(m_project);
    const QString text = m_project->currentText();
    m_project->clear();
    m_project->addItems(projects);
    m_project->setCurrentIndex(-1);
    m_project->setEditText(text);
}

void DetailsForm::setDetails(const ScanDetails &details)
{
    const QSignalBlocker quiet(this);
    m_details = details;
    const int sample = m_sample->findData(details.sampleUid);
    if (details.sampleUid.isEmpty() || sample < 0) {
        m_sample->setCurrentIndex(-1);
        m_sample->setEditText(details.sampleUid);
    } else {
        m_sample->setCurrentIndex(sample);
    }
    m_project->setEditText(details.project);
    showFromItsBeginning(m_operator, details.operatorName);
    showFromItsBeginning(m_title, details.title);
    showFromItsBeginning(m_type, details.type);
    showFromItsBeginning(m_tags, details.tags.join(u", "_s));
    if (m_comment->toPlainText() != details.comment)
        m_comment->setPlainText(details.comment);
    m_fields->setFields(details.fields);
    refreshSampleButton();
}

ScanDetails DetailsForm::details() const
{
    ScanDetails details = m_details;
    const int sample =
        m_sample->findText(sampleText(), Qt::MatchFixedString | Qt::MatchCaseSensitive);
    details.sampleUid = sample < 0 ? QString() : m_sample->itemData(sample).toString();
    details.project = m_project->currentText().trimmed();
    details.operatorName = m_operator->text().trimmed();
    details.title = m_title->text().trimmed();
    details.type = m_type->text().trimmed();
    details.comment = m_comment->toPlainText();
    details.fields = m_fields->fields();
    details.tags.clear();
    for (const QString &tag : m_tags->text().split(u',', Qt::SkipEmptyParts)) {
        if (!tag.trimmed().isEmpty())
            details.tags << tag.trimmed();
    }
    return details;
}

QString DetailsForm::sampleText() const
{
    return m_sample->currentText().trimmed();
}

void DetailsForm::pickSample(const QString &uid)
{
    m_sample->setCurrentIndex(m_sample->findData(uid));
    refreshSampleButton();
    emit edited();
}

void DetailsForm::refreshSampleButton()
{
    const QString text = sampleText();
    const bool isNew = !text.isEmpty() &&
                       m_sample->findText(text, Qt::MatchFixedString | Qt::MatchCaseSensitive) < 0;
    m_newSample->setText(tr("New sample \"%1\"").arg(text));
    m_newSample->setToolTip(tr("Make a sample of this name and use it"));
    m_newSample->setVisible(isNew);
}

} // namespace birch
