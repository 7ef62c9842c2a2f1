#include "app/cli/prompt_answers.h"

#include "core/base/id.h"

#include <algorithm>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

QCommandLineOption answerOption()
{
    return {
        u"answer"_s,
        PromptAnswers::tr("Answers a prompt, by its label or as \"prompt\", e.g. "
                          "thickness=\"12 nm\" or film.thickness=\"12 nm\" where it has several "
                          "fields; may be given several times."),
        u"node=value"_s};
}

PromptAnswers::PromptAnswers(QStringList given, std::function<void(const QString &)> say)
    : m_given(std::move(given))
    , m_say(std::move(say))
{
    if (!::isatty(STDIN_FILENO))
        return;
    m_terminal = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
    m_terminal->setEnabled(false);
    connect(m_terminal.get(), &QSocketNotifier::activated, this, &PromptAnswers::readTerminal);
}

void PromptAnswers::follow(QueueEngine &engine)
{
    connect(this, &PromptAnswers::answered, &engine, &QueueEngine::answerPrompt);
    connect(this, &PromptAnswers::declined, &engine, &QueueEngine::declinePrompt);
    connect(&engine, &QueueEngine::promptAsked, this, &PromptAnswers::ask);
    connect(&engine, &QueueEngine::promptClosed, this, &PromptAnswers::forget);
    connect(&engine, &QueueEngine::promptRefused, this, &PromptAnswers::refuse);
    engine.setPromptsAttended(true);
}

void PromptAnswers::ask(const PromptQuestion &question)
{
    if (const auto typed = given(question)) {
        emit answered(question.id, *typed);
        return;
    }
    if (!m_terminal) {
        emit declined(question.id);
        return;
    }
    m_open.append(question);
    if (m_open.size() == 1)
        showNext();
}

std::optional<QStringList> PromptAnswers::given(const PromptQuestion &question) const
{
    if (question.fields.isEmpty())
        return given(question, {}) ? std::optional(QStringList()) : std::nullopt;
    QStringList typed;
    for (const PromptField &field : question.fields) {
        auto answer = given(question, field.name);
        if (!answer && question.fields.size() == 1)
            answer = given(question, {});
        if (!answer)
            return {};
        typed.append(*answer);
    }
    return typed;
}

std::optional<QString> PromptAnswers::given(const PromptQuestion &question,
                                            const QString &field) const
{
    const QString suffix = field.isEmpty() ? QString() : u'.' + field;
    for (const QString &answer : m_given) {
        const QString node = answer.section(u'=', 0, 0).trimmed();
        for (const QString &name : {question.label, uidText(question.node), u"prompt"_s}) {
            if (!name.isEmpty() && (node == name + suffix || node == field))
                return answer.section(u'=', 1);
        }
    }
    return {};
}

void PromptAnswers::forget(const QUuid &prompt)
{
    const bool isShown = !m_open.isEmpty() && m_open.first().id == prompt;
    m_open.removeIf([&prompt](const PromptQuestion &open) { return open.id == prompt; });
    if (isShown)
        showNext();
}

void PromptAnswers::refuse(const QUuid &prompt, const QString &message)
{
    m_say(message);
    if (!m_open.isEmpty() && m_open.first().id == prompt)
        return showNext();
    emit declined(prompt); // what the command line says does not fit
}

void PromptAnswers::showNext()
{
    m_typed.clear();
    m_line.clear();
    m_terminal->setEnabled(!m_open.isEmpty());
    if (m_open.isEmpty())
        return;
    m_say(m_open.first().text);
    showField();
}

void PromptAnswers::showField()
{
    const PromptQuestion &question = m_open.first();
    if (question.fields.isEmpty())
        return m_say(tr("Press Enter to go on."));
    const PromptField &field = question.fields.at(m_typed.size());
    QString line = field.name;
    if (!field.unit.isEmpty())
        line += u" ("_s + field.unit + u')';
    if (field.kind == PromptFieldKind::Choice)
        line += u" ("_s + field.choices.join(u", "_s) + u')';
    if (field.kind == PromptFieldKind::Confirm)
        line += tr(" (yes, no)");
    if (field.defaultAnswer)
        line += u" ["_s + *field.defaultAnswer + u']';
    m_say(line + u':');
}

void PromptAnswers::readTerminal()
{
    char bytes[256];
    const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) { // the terminal is closed
        m_terminal.release()->deleteLater();
        for (const PromptQuestion &question : std::exchange(m_open, {}))
            emit declined(question.id);
        return;
    }
    m_line.append(bytes, count);
    for (qsizetype end; (end = m_line.indexOf('\n')) >= 0 && !m_open.isEmpty();) {
        const QString line = QString::fromUtf8(m_line.left(end)).trimmed();
        m_line.remove(0, end + 1);
        take(line);
    }
}

void PromptAnswers::take(const QString &line)
{
    const PromptQuestion &question = m_open.first();
    if (m_typed.size() >= question.fields.size() && !question.fields.isEmpty())
        return; // on its way
    if (!question.fields.isEmpty()) {
        const PromptField &field = question.fields.at(m_typed.size());
        const QString typed = line.isEmpty() ? field.defaultAnswer.value_or(line) : line;
        if (const auto value = promptValues({field}, {typed}); !value) {
            m_say(value.error().message);
            return showField();
        }
        m_typed.append(typed);
        if (m_typed.size() < question.fields.size())
            return showField();
    }
    emit answered(question.id, m_typed);
}

} // namespace birch::cli
