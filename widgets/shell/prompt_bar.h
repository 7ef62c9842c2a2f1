#pragma once

#include "core/engine/prompt_desk.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace birch {

/// What running scans ask the operator, one question after the other, under the command bar: never
/// modal. Hidden while nothing is asked.
class PromptBar : public QFrame
{
    Q_OBJECT
public:
    explicit PromptBar(QWidget *parent = nullptr);

    /// \a scan: whose question it is, for people.
    void ask(const PromptQuestion &question, const QString &scan);
    void forget(const QUuid &prompt);
    void refuse(const QUuid &prompt, const QString &message);
    bool isAsking() const { return !m_open.isEmpty(); }
    void takeFocus(); ///< to the first field
    void refreshTheme();

signals:
    void answered(const QUuid &prompt, const QStringList &typed);
    void declined(const QUuid &prompt);
    void asking(bool isAsking);

private:
    struct Open {
        PromptQuestion question;
        QString scan;
    };
    void showFirst();
    void addField(const PromptField &field);
    void submit();
    QString typedIn(const QWidget *input) const;

    QList<Open> m_open; ///< the first is shown
    QLabel *m_icon;
    QLabel *m_text;
    QLabel *m_problem;
    QPushButton *m_answer;
    QPushButton *m_later;
    QVBoxLayout *m_middle;
    QWidget *m_form = nullptr;
    QList<QWidget *> m_inputs; ///< one per field
};

} // namespace birch
