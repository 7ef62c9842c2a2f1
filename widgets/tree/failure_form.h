#pragma once

#include "core/plan/failure_rule.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace birch {

/// What happens when a step fails: of one node, or of the whole scan.
class FailureForm : public QWidget
{
    Q_OBJECT
public:
    /// \a inherited: the text of "nothing is said here".
    explicit FailureForm(const QString &inherited, QWidget *parent = nullptr);

    void setRule(const std::optional<FailureRule> &rule);
    std::optional<FailureRule> rule() const { return m_rule; }

signals:
    void edited(); ///< by the user, and what stands there is right

protected:
    bool eventFilter(QObject *watched, QEvent *event) override; // the wheel changes no value

private:
    void take();
    void showRule();

    std::optional<FailureRule> m_rule;
    QFormLayout *m_layout;
    QComboBox *m_policy;
    QLineEdit *m_retries;
    QLineEdit *m_backOff;
    QLineEdit *m_factor;
    QLineEdit *m_longest;
    QLabel *m_problem;
};

} // namespace birch
