#include "core/engine/prompt_desk.h"

#include "core/base/id.h"

namespace birch {

void PromptDesk::setAttended(bool isAttended)
{
    m_isAttended = isAttended;
    while (!isAttended && !m_open.empty())
        close(m_open.begin()->first, {});
}

QUuid PromptDesk::ask(PromptQuestion question, Answer answer)
{
    question.id = newUid();
    m_open[question.id] = {question, std::move(answer)};
    emit asked(question);
    return question.id;
}

void PromptDesk::withdraw(const QUuid &id)
{
    if (m_open.erase(id) > 0)
        emit closed(id);
}

Status PromptDesk::answer(const QUuid &id, const QStringList &typed)
{
    const auto open = m_open.find(id);
    if (open == m_open.end())
        return Error{ErrorCode::NotFound,
                     tr("This question is not open any more: it was answered, or its scan has "
                        "paused or ended")};
    if (const auto values = promptValues(open->second.question.fields, typed); !values)
        return values.error();
    close(id, typed);
    return ok();
}

void PromptDesk::decline(const QUuid &id)
{
    if (m_open.contains(id))
        close(id, {});
}

void PromptDesk::close(const QUuid &id, const std::optional<QStringList> &typed)
{
    const Answer answer = std::move(m_open.extract(id).mapped().answer);
    emit closed(id);
    answer(typed);
}

} // namespace birch
