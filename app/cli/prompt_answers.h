#pragma once

#include "core/engine/queue_engine.h"

#include <QCommandLineOption>
#include <QSocketNotifier>

#include <memory>

namespace birch::cli {

/// "--answer NODE=VALUE".
QCommandLineOption answerOption();

/// Answers the prompts of running scans: from the command line, else by a person at the terminal,
/// else not at all.
class PromptAnswers : public QObject
{
    Q_OBJECT
public:
    /// \a given: "NODE=VALUE" or "NODE.FIELD=VALUE", NODE being the label or the id of the prompt,
    /// or "prompt". \a say writes a line for a person.
    PromptAnswers(QStringList given, std::function<void(const QString &)> say);

    /// Its prompts are answered from now on, as far as there is an answer.
    void follow(QueueEngine &engine);
    void ask(const birch::PromptQuestion &question);
    void forget(const QUuid &prompt);
    void refuse(const QUuid &prompt, const QString &message);

signals:
    void answered(const QUuid &prompt, const QStringList &typed);
    void declined(const QUuid &prompt);

private:
    std::optional<QStringList> given(const PromptQuestion &question) const;
    std::optional<QString> given(const PromptQuestion &question, const QString &field) const;
    void showNext();
    void showField();
    void readTerminal();
    void take(const QString &line);

    QStringList m_given;
    std::function<void(const QString &)> m_say;
    QList<PromptQuestion> m_open;                ///< for the terminal; the first is shown
    QStringList m_typed;                         ///< to the fields of the first
    QByteArray m_line;                           ///< typed so far
    std::unique_ptr<QSocketNotifier> m_terminal; ///< null: nobody sits there
};

} // namespace birch::cli
