#include "widgets/history/scan_details_view.h"

#include "widgets/theme/calm_combo_box.h"
#include "widgets/history/scan_facts.h"
#include "widgets/history/timing_view.h"
#include "widgets/theme/fields_edit.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QCompleter>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QComboBox *makePicker(QWidget *parent)
{
    auto *box = new CalmComboBox(parent);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->completer()->setFilterMode(Qt::MatchContains);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    box->setFocusPolicy(Qt::StrongFocus);
    return box;
}

QStringList tagsOf(const QString &text)
{
    QStringList tags;
    for (const QString &tag : text.split(u',', Qt::SkipEmptyParts)) {
        if (!tag.trimmed().isEmpty())
            tags << tag.trimmed();
    }
    return tags;
}

} // namespace

ScanDetailsView::ScanDetailsView(QWidget *parent)
    : QWidget(parent)
    , m_head(new QLabel(this))
    , m_reason(new QLabel(this))
    , m_continue(new QPushButton(themeIcon(u"play"_s), tr("Continue this scan"), this))
    , m_tabs(new QTabWidget(this))
    , m_title(new QLineEdit(this))
    , m_sample(makePicker(this))
    , m_project(makePicker(this))
    , m_operator(new QLineEdit(this))
    , m_type(new QLineEdit(this))
    , m_tags(new QLineEdit(this))
    , m_comment(new QPlainTextEdit(this))
    , m_fields(new FieldsEdit(this))
    , m_timing(new TimingView(this))
    , m_facts(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_save(new QPushButton(tr("Save changes"), this))
    , m_giveUp(new QPushButton(tr("Give up changes"), this))
    , m_log(new QListWidget(this))
{
    m_head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_head->setWordWrap(true);
    m_reason->setWordWrap(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setWordWrap(true);
    m_problem->setObjectName(u"details-problem"_s);
    m_log->setWordWrap(true);
    m_log->setAccessibleName(tr("Log of the scan"));
    m_log->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeForm(), tr("Details"));
    m_tabs->addTab(m_log, tr("Log"));
    m_tabs->addTab(m_timing, tr("Time"));
    m_save->setProperty("primary", true);
    m_save->setObjectName(u"details-save"_s);
    m_save->setToolTip(tr("Store what was changed here with the scan"));
    m_giveUp->setObjectName(u"details-give-up"_s);
    m_giveUp->setToolTip(tr("Show what is stored, forget what was changed here"));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_giveUp);
    buttons->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    m_continue->setObjectName(u"details-continue"_s);
    m_continue->setToolTip(tr("Go on at the next point, in the same scan"));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_head, m_reason, m_continue})
        layout->addWidget(widget);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_problem);
    layout->addLayout(buttons);

    for (QLineEdit *line : {m_title, m_operator, m_type, m_tags})
        connect(line, &QLineEdit::textEdited, this, &ScanDetailsView::edited);
    for (QComboBox *box : {m_sample, m_project})
        connect(box, &QComboBox::editTextChanged, this, &ScanDetailsView::edited);
    for (QPlainTextEdit *text : {m_comment, static_cast<QPlainTextEdit *>(m_fields)})
        connect(text, &QPlainTextEdit::textChanged, this, &ScanDetailsView::edited);
    connect(m_continue, &QPushButton::clicked, this,
            [this] { emit continueWanted(m_report.scan.scanId); });
    connect(m_save, &QPushButton::clicked, this, &ScanDetailsView::save);
    connect(m_giveUp, &QPushButton::clicked, this, [this] {
        forgetDraft(m_report.scan.uid);
        emit reloadWanted(m_report.scan.uid);
    });
    clear();
}

QWidget *ScanDetailsView::makeForm()
{
    m_comment->setTabChangesFocus(true);
    m_comment->setObjectName(u"details-comment"_s);
    m_fields->setObjectName(u"details-fields"_s);
    m_comment->setMinimumHeight(64);
    m_comment->setMaximumHeight(96);
    m_title->setObjectName(u"details-title"_s);
    m_tags->setPlaceholderText(tr("separated by commas"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setWordWrap(true);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    auto *inner = new QWidget(this);
    auto *form = new QFormLayout(inner);
    form->setContentsMargins(0, 4, 8, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const struct {
        QString name;
        QWidget *field;
    } rows[] = {{tr("Title"), m_title},   {tr("Comment"), m_comment},
                {tr("Sample"), m_sample}, {tr("Project"), m_project},
                {tr("Tags"), m_tags},     {tr("Operator"), m_operator},
                {tr("Type"), m_type},     {tr("Fields"), m_fields}};
    for (const auto &[name, field] : rows) {
        field->setAccessibleName(name);
        form->addRow(name, field);
    }
    form->addRow(m_facts);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return scroll;
}

void ScanDetailsView::setSamples(const QMap<QString, QString> &samples)
{
    m_isFilling = true;
    const QString text = m_sample->currentText();
    m_samples = samples;
    m_sample->clear();
    m_sample->addItems(samples.keys());
    m_sample->setEditText(text);
    m_isFilling = false;
}

void ScanDetailsView::setProjects(const QStringList &projects)
{
    m_isFilling = true;
    const QString text = m_project->currentText();
    m_project->clear();
    m_project->addItems(projects);
    m_project->setEditText(text);
    m_isFilling = false;
}

void ScanDetailsView::setReport(const ScanReport &report)
{
    const bool isSame = report.scan.uid == m_report.scan.uid;
    const bool keepsFields = isSame && isEdited();
    m_report = report;
    if (!m_report.scan.sample.isEmpty())
        m_samples.insert(m_report.scan.sample, m_report.scan.details.sampleUid);
    setEnabled(true);
    m_head->show();
    m_tabs->show();
    fillFacts();
    if (keepsFields)
        return;
    m_problem->hide();
    if (const auto draft = m_drafts.constFind(report.scan.uid); draft != m_drafts.cend()) {
        m_revision = draft->revision;
        fill(draft->details, m_samples.key(draft->details.sampleUid));
    } else {
        m_revision = report.scan.revision;
        fill(report.scan.details, report.scan.sample);
    }
    edited();
}

void ScanDetailsView::fill(const ScanDetails &details, const QString &sample)
{
    m_isFilling = true;
    m_title->setText(details.title);
    m_sample->setEditText(sample);
    m_project->setEditText(details.project);
    m_operator->setText(details.operatorName);
    m_type->setText(details.type);
    m_tags->setText(details.tags.join(u", "_s));
    m_comment->setPlainText(details.comment);
    m_fields->setFields(details.fields);
    m_isFilling = false;
}

void ScanDetailsView::fillFacts()
{
    const ScanRecord &scan = m_report.scan;
    refreshTheme();
    m_reason->setText(scan.reason);
    m_reason->setVisible(!scan.reason.isEmpty());
    m_continue->setVisible(scan.state == ScanState::Interrupted);
    m_facts->setText(factsOf(scan));
    m_timing->setReport(m_report);
    m_log->clear();
    for (const ScanLogEntry &entry : std::as_const(m_report.log))
        m_log->addItem(logLine(entry));
    m_tabs->setTabText(1, tr("Log (%1)").arg(m_report.log.size()));
}

void ScanDetailsView::refreshTheme()
{
    const StateLook look = lookOf(m_report.scan.state);
    m_head->setText(
        u"<span style='color:%1; font-weight:bold'>%2 %3</span>&nbsp; <b>%4</b>&nbsp; %5"_s.arg(
            look.color.name(), look.shape, look.word, m_report.scan.scanId,
            m_report.scan.details.name.toHtmlEscaped()));
    m_problem->setStyleSheet(u"color: %1"_s.arg(currentColors().text.name()));
}

void ScanDetailsView::clear()
{
    m_report = {};
    fill({}, {});
    m_head->hide();
    m_reason->hide();
    m_continue->hide();
    m_tabs->hide();
    m_problem->hide();
    m_save->hide();
    m_giveUp->hide();
    setEnabled(false);
}

void ScanDetailsView::forgetDraft(const QUuid &scan)
{
    m_drafts.remove(scan);
    if (scan == m_report.scan.uid) {
        m_problem->hide();
        m_revision = m_report.scan.revision;
        fill(m_report.scan.details, m_report.scan.sample);
        edited();
    }
}

void ScanDetailsView::showProblem(const QString &sentence)
{
    m_problem->setText(u"⚠ "_s + sentence);
    m_problem->show();
}

ScanDetails ScanDetailsView::typed() const
{
    ScanDetails details = m_report.scan.details;
    details.title = m_title->text().trimmed();
    details.sampleUid = m_samples.value(m_sample->currentText().trimmed());
    details.project = m_project->currentText().trimmed();
    details.operatorName = m_operator->text().trimmed();
    details.type = m_type->text().trimmed();
    if (tagsOf(m_tags->text()) != tagsOf(details.tags.join(u',')))
        details.tags = tagsOf(m_tags->text());
    details.comment = m_comment->toPlainText();
    details.fields = m_fields->fields();
    return details;
}

bool ScanDetailsView::isEdited() const
{
    return m_drafts.contains(m_report.scan.uid);
}

void ScanDetailsView::edited()
{
    if (m_isFilling || m_report.scan.uid.isNull())
        return;
    const ScanDetails details = typed();
    const QString sample = m_sample->currentText().trimmed();
    const bool isUnknownSample = !sample.isEmpty() && !m_samples.contains(sample);
    if (details != m_report.scan.details || isUnknownSample)
        m_drafts.insert(m_report.scan.uid, {details, m_revision});
    else
        m_drafts.remove(m_report.scan.uid);
    m_save->setVisible(isEdited());
    m_giveUp->setVisible(isEdited());
}

void ScanDetailsView::save()
{
    const QString sample = m_sample->currentText().trimmed();
    if (!sample.isEmpty() && !m_samples.contains(sample))
        return showProblem(
            tr("There is no sample \"%1\": choose one of the list, or leave it empty").arg(sample));
    m_problem->hide();
    emit saveWanted(m_report.scan.uid, typed(), m_revision);
}

} // namespace birch
