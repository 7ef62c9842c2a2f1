// What a StepExecutor does where the operator is asked.
#include "core/engine/step_executor.h"

using namespace Qt::StringLiterals;

namespace birch {

bool StepExecutor::prompt(const PlanStep &step)
{
    if (step.isSkipped && step.object < 0) {
        m_cursor.advance();
        return true;
    }
    if (!yield())
        return false;
    if (step.isSkipped) {
        PointTable &table = m_lanes.rows.table(step.object);
        table.skipValues();
        return finishPoint(step, table);
    }
    m_isInPrompt = true;
    if (m_isPauseAsked)
        return rest();
    ask();
    return false;
}

void StepExecutor::ask()
{
    const PlanPrompt &prompt = m_lanes.plan->prompts.at(m_cursor.current().prompt);
    const quint64 turn = ++m_turn;
    if (prompt.answerWithin > Nanoseconds::zero()) {
        m_lanes.clock.after(prompt.answerWithin, this, [this, turn, &prompt] {
            QStringList defaults;
            for (const PromptField &field : prompt.fields)
                defaults.append(field.defaultAnswer.value_or(QString()));
            if (turn == m_turn)
                answered(defaults, true);
        });
    }
    if (!m_lanes.prompts || !m_lanes.prompts->isAttended())
        return tellNobody();
    m_question = m_lanes.prompts->ask({{},
                                       m_lanes.scan,
                                       prompt.node,
                                       prompt.label,
                                       prompt.text,
                                       prompt.fields,
                                       prompt.answerWithin},
                                      [this, turn](const std::optional<QStringList> &typed) {
                                          if (turn != m_turn)
                                              return;
                                          m_question = {};
                                          if (typed)
                                              answered(*typed, false);
                                          else
                                              tellNobody();
                                      });
}

/// Waits for the defaults where there are any, else pauses the scan.
void StepExecutor::tellNobody()
{
    const PlanPrompt &prompt = m_lanes.plan->prompts.at(m_cursor.current().prompt);
    if (prompt.answerWithin > Nanoseconds::zero())
        return;
    m_lanes.askPause(
        tr("There is nobody to answer \"%1\": resume to be asked again, in the window or by "
           "birchctl at a terminal or with --answer; a prompt with defaults and a time "
           "to answer within goes on by itself")
            .arg(prompt.text));
}

void StepExecutor::answered(const QStringList &typed, bool isDefault)
{
    const PlanStep &step = m_cursor.current();
    const PlanPrompt &prompt = m_lanes.plan->prompts.at(step.prompt);
    ++m_turn;
    withdrawQuestion();
    m_isInPrompt = false;
    QStringList parts;
    for (qsizetype i = 0; i < typed.size(); ++i)
        parts.append(u"%1 = %2"_s.arg(prompt.fields.at(i).name, typed.at(i)));
    const QString text = parts.isEmpty() ? tr("confirmed") : parts.join(u", "_s);
    m_lanes.record.log(u"info"_s, isDefault
                                      ? tr("\"%1\": nobody answered, so %2").arg(prompt.text, text)
                                      : tr("\"%1\": %2").arg(prompt.text, text));
    if (step.object < 0) {
        m_cursor.advance();
        return goOnUnlessPausing();
    }
    auto values = promptValues(prompt.fields, typed);
    if (!values) // checked before: a bug
        return end(values.error().within(prompt.text));
    PointTable &table = m_lanes.rows.table(step.object);
    table.answer(values.value());
    m_phase = Phase::Running;
    if (finishPoint(step, table))
        run();
}

void StepExecutor::withdrawQuestion()
{
    if (m_question.isNull())
        return;
    m_lanes.prompts->withdraw(std::exchange(m_question, {}));
}

} // namespace birch
