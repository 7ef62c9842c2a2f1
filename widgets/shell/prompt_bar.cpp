#include "widgets/shell/prompt_bar.h"

#include "core/plan/duration_text.h"
#include "widgets/theme/calm_combo_box.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

PromptBar::PromptBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_answer(new QPushButton(themeIcon(u"check"_s), tr("Answer"), this))
    , m_later(new QPushButton(tr("Pause instead"), this))
    , m_middle(new QVBoxLayout)
{
    setAccessibleName(tr("Question of a scan"));
    m_text->setAccessibleName(tr("What the scan asks"));
    m_text->setWordWrap(true);
    m_problem->setAccessibleName(tr("What is wrong with the answer"));
    m_problem->setWordWrap(true);
    m_answer->setToolTip(tr("Give the answer to the scan (Enter in a field)"));
    m_later->setToolTip(tr("Nobody can answer now: the scan pauses and asks again on resume"));
    m_middle->addWidget(m_text);
    m_middle->addWidget(m_problem);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addLayout(m_middle, 1);
    for (QPushButton *button : {m_answer, m_later}) {
        button->setMinimumHeight(32);
        layout->addWidget(button, 0, Qt::AlignBottom);
    }
    connect(m_answer, &QPushButton::clicked, this, &PromptBar::submit);
    connect(m_later, &QPushButton::clicked, this, [this] {
        if (isAsking())
            emit declined(m_open.first().question.id);
    });
    refreshTheme();
    hide();
}

void PromptBar::ask(const PromptQuestion &question, const QString &scan)
{
    m_open.append({question, scan});
    if (m_open.size() == 1)
        showFirst();
}

void PromptBar::forget(const QUuid &prompt)
{
    const bool isShown = isAsking() && m_open.first().question.id == prompt;
    m_open.removeIf([&prompt](const Open &open) { return open.question.id == prompt; });
    if (isShown)
        showFirst();
}

void PromptBar::refuse(const QUuid &prompt, const QString &message)
{
    if (!isAsking() || m_open.first().question.id != prompt)
        return;
    m_problem->setText(u"⚠ "_s + message);
    m_problem->show();
    m_answer->setEnabled(true);
    takeFocus();
}

void PromptBar::showFirst()
{
    m_inputs.clear();
    delete std::exchange(m_form, nullptr);
    m_problem->hide();
    setVisible(isAsking());
    emit asking(isAsking());
    if (!isAsking())
        return;
    const PromptQuestion &question = m_open.first().question;
    QString text = m_open.first().scan + u": "_s + question.text;
    if (question.answerWithin > Nanoseconds::zero())
        text += u' ' + tr("Without an answer within %1 the defaults are taken.")
                           .arg(durationText(question.answerWithin));
    m_text->setText(text);
    m_form = new QWidget(this);
    auto *form = new QFormLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    for (const PromptField &field : question.fields)
        addField(field);
    m_middle->insertWidget(1, m_form);
    m_answer->setText(question.fields.isEmpty() ? tr("Go on") : tr("Answer"));
    m_answer->setEnabled(true);
    // Not out of the hands of somebody who types.
    if (!qobject_cast<QLineEdit *>(QApplication::focusWidget()))
        takeFocus();
}

void PromptBar::addField(const PromptField &field)
{
    QWidget *input = nullptr;
    const QString given = field.defaultAnswer.value_or(QString());
    if (field.kind == PromptFieldKind::Choice) {
        auto *box = new CalmComboBox(m_form);
        box->addItems(field.choices);
        box->setCurrentIndex(int(field.choices.indexOf(given))); // -1: to be chosen
        input = box;
    } else if (field.kind == PromptFieldKind::Confirm) {
        auto *check = new QCheckBox(tr("yes"), m_form);
        check->setChecked(given == u"yes" || given == u"true");
        input = check;
    } else {
        auto *line = new QLineEdit(given, m_form);
        line->setMinimumWidth(240);
        if (!field.unit.isEmpty())
            line->setPlaceholderText(tr("in %1, or with its own unit").arg(field.unit));
        connect(line, &QLineEdit::returnPressed, this, &PromptBar::submit);
        input = line;
    }
    input->setAccessibleName(field.name);
    input->setMinimumHeight(28);
    const QString label =
        field.unit.isEmpty() ? field.name : u"%1 (%2)"_s.arg(field.name, field.unit);
    static_cast<QFormLayout *>(m_form->layout())->addRow(label, input);
    m_inputs.append(input);
}

QString PromptBar::typedIn(const QWidget *input) const
{
    if (const auto *box = qobject_cast<const QComboBox *>(input))
        return box->currentText();
    if (const auto *check = qobject_cast<const QCheckBox *>(input))
        return check->isChecked() ? u"yes"_s : u"no"_s;
    return static_cast<const QLineEdit *>(input)->text();
}

void PromptBar::submit()
{
    if (!isAsking() || !m_answer->isEnabled())
        return;
    QStringList typed;
    for (const QWidget *input : std::as_const(m_inputs))
        typed.append(typedIn(input));
    m_answer->setEnabled(false); // until it is taken or refused
    emit answered(m_open.first().question.id, typed);
}

void PromptBar::takeFocus()
{
    if (!isAsking())
        return;
    QWidget *first = m_inputs.isEmpty() ? static_cast<QWidget *>(m_answer) : m_inputs.first();
    first->setFocus(Qt::ShortcutFocusReason);
}

void PromptBar::refreshTheme()
{
    const ThemeColors &colors = currentColors();
    m_icon->setPixmap(themeIcon(u"info"_s, colors.accent).pixmap(20, 20));
    m_problem->setStyleSheet(u"color: %1;"_s.arg(colors.warning.name()));
    setStyleSheet(
        u"birch--PromptBar { background: %1; border: 0; border-left: 6px solid %2; }"_s.arg(
            colors.surface.name(), colors.accent.name()));
}

} // namespace birch
