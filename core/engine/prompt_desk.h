#pragma once

#include "core/plan/plan_prompt.h"

#include <QObject>
#include <QUuid>

#include <functional>
#include <map>

namespace birch {

/// What an operator is asked. A value: travels between threads.
struct PromptQuestion {
    QUuid id;
    QUuid scan;
    NodeId node;
    QString label; ///< of the node, "" for none
    QString text;
    QList<PromptField> fields;
    Nanoseconds answerWithin{}; ///< counted from asked(); 0: for ever
};

/// Where running scans leave their questions, and whoever shows them the answers. Engine thread.
class PromptDesk : public QObject
{
    Q_OBJECT
public:
    /// None: nobody can answer.
    using Answer = std::function<void(const std::optional<QStringList> &typed)>;

    explicit PromptDesk(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    bool isAttended() const { return m_isAttended; }
    /// Whether somebody hears asked(). Open questions are declined when everybody leaves.
    void setAttended(bool isAttended);

    /// Returns the id of the question; \a answer is called once, never from inside, unless it is
    /// withdrawn first.
    QUuid ask(PromptQuestion question, Answer answer);
    void withdraw(const QUuid &id);

    /// Errors: NotFound - it is not open any more; BadInput - it does not fit, and stays open.
    Status answer(const QUuid &id, const QStringList &typed);
    void decline(const QUuid &id);

signals:
    void asked(const birch::PromptQuestion &question);
    void closed(const QUuid &id);

private:
    struct Open {
        PromptQuestion question;
        Answer answer;
    };
    void close(const QUuid &id, const std::optional<QStringList> &typed);

    std::map<QUuid, Open> m_open;
    bool m_isAttended = false;
};

} // namespace birch

Q_DECLARE_METATYPE(birch::PromptQuestion)
