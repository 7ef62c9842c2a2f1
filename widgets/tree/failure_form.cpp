#include "widgets/tree/failure_form.h"

#include "core/base/unit.h"
#include "core/plan/failure_json.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace birch {

FailureForm::FailureForm(const QString &inherited, QWidget *parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
    , m_policy(new QComboBox(this))
    , m_retries(new QLineEdit(this))
    , m_backOff(new QLineEdit(this))
    , m_factor(new QLineEdit(this))
    , m_longest(new QLineEdit(this))
    , m_problem(new QLabel(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_policy->addItem(inherited, QString());
    m_policy->addItem(tr("abort the scan"), u"abort"_s);
    m_policy->addItem(tr("try again, then abort"), u"retry"_s);
    m_policy->addItem(tr("skip the point"), u"skip"_s);
    m_policy->addItem(tr("pause the scan"), u"pause"_s);
    m_retries->setPlaceholderText(tr("how often, e.g. 3"));
    m_backOff->setPlaceholderText(tr("at once"));
    m_factor->setPlaceholderText(tr("2 times as long each time"));
    m_longest->setPlaceholderText(tr("no limit but a day"));
    m_problem->setWordWrap(true);
    m_policy->installEventFilter(this);
    const struct {
        QWidget *widget;
        QString name;
        QString help;
    } rows[] = {
        {m_policy, tr("On failure"),
         tr("A failed move is never followed by its measurement. A skipped point is recorded as "
            "missing.")},
        {m_retries, tr("Retries"), tr("A measurement is tried again after its movements are")},
        {m_backOff, tr("Wait before"), tr("Time before the first retry, e.g. \"1 s\"")},
        {m_factor, tr("Growing by"), tr("Each next wait is so many times as long")},
        {m_longest, tr("At most"), tr("The longest wait, e.g. \"1 min\"")},
    };
    for (const auto &[widget, name, help] : rows) {
        widget->setAccessibleName(name);
        widget->setToolTip(help);
        m_layout->addRow(name, widget);
    }
    m_layout->addRow(m_problem);
    m_policy->setObjectName(u"on_failure"_s);
    m_retries->setObjectName(u"retries"_s);
    m_backOff->setObjectName(u"back_off"_s);
    m_factor->setObjectName(u"back_off_factor"_s);
    m_longest->setObjectName(u"back_off_limit"_s);
    m_problem->setObjectName(u"failure-problem"_s);
    connect(m_policy, &QComboBox::activated, this, &FailureForm::take);
    for (QLineEdit *edit : {m_retries, m_backOff, m_factor, m_longest})
        connect(edit, &QLineEdit::editingFinished, this, &FailureForm::take);
    showRule();
}

bool FailureForm::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Wheel)
        return QWidget::eventFilter(watched, event);
    event->ignore(); // it scrolls what is around
    return true;
}

void FailureForm::setRule(const std::optional<FailureRule> &rule)
{
    if (rule == m_rule)
        return; // what is being typed stays
    m_rule = rule;
    showRule();
}

/// As a file would say it, so that one reader decides what is right.
void FailureForm::take()
{
    QJsonObject said;
    if (const QString policy = m_policy->currentData().toString(); !policy.isEmpty())
        said.insert(u"on_failure"_s, policy);
    if (said.value(u"on_failure"_s) == u"retry"_s) {
        said.insert(u"retries"_s,
                    m_retries->text().trimmed().isEmpty() ? 1 : m_retries->text().toInt());
        if (const QString text = m_backOff->text().trimmed(); !text.isEmpty())
            said.insert(u"back_off"_s, text);
        if (const QString text = m_factor->text().trimmed(); !text.isEmpty())
            said.insert(u"back_off_factor"_s, text.toDouble());
        if (const QString text = m_longest->text().trimmed(); !text.isEmpty())
            said.insert(u"back_off_limit"_s, text);
    }
    QList<FieldProblem> problems;
    const auto rule = failureFromJson(said, &problems);
    m_problem->setVisible(!problems.isEmpty());
    if (!problems.isEmpty()) {
        m_problem->setStyleSheet(u"color: %1;"_s.arg(currentColors().warning.name()));
        m_problem->setText(u"⚠ "_s + problems.first().message + u". "_s + problems.first().remedy +
                           u'.');
        return;
    }
    if (rule == m_rule)
        return;
    m_rule = rule;
    showRule();
    emit edited();
}

void FailureForm::showRule()
{
    QJsonObject said;
    if (m_rule)
        appendFailure(*m_rule, &said);
    m_policy->setCurrentIndex(m_policy->findData(said.value(u"on_failure"_s).toString()));
    const bool isRetry = m_rule && m_rule->policy == FailurePolicy::Retry;
    m_retries->setText(isRetry ? QString::number(m_rule->retries) : QString());
    m_backOff->setText(said.value(u"back_off"_s).toString());
    m_factor->setText(isRetry ? numberToText(m_rule->factor) : QString());
    m_longest->setText(said.value(u"back_off_limit"_s).toString());
    for (QLineEdit *edit : {m_retries, m_backOff, m_factor, m_longest}) {
        edit->setVisible(isRetry);
        m_layout->labelForField(edit)->setVisible(isRetry);
    }
    m_problem->hide();
}

} // namespace birch
