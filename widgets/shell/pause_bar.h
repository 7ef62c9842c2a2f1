#pragma once

#include <QFrame>

class QLabel;

namespace birch {

class ActionSet;

/// Under the command bar while the queue is paused, or is going to be: why, what is done again on
/// resume, and the way on. Stays until the queue goes on.
class PauseBar : public QFrame
{
    Q_OBJECT
public:
    explicit PauseBar(const ActionSet &actions, QWidget *parent = nullptr);

    /// \a note "": the queue is paused between two scans.
    void showPause(bool isPaused, const QString &note);
    void refreshTheme();
    QString text() const; ///< "" while it is hidden

private:
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace birch
