#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace birch {

/// Ctrl+K: type a part of any action's name, Enter runs it. Actions that can not run now are shown
/// with their reason to exist, but greyed.
class ActionPalette : public QDialog
{
    Q_OBJECT
public:
    ActionPalette(const QList<QAction *> &actions, QWidget *parent = nullptr);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill(const QString &text);
    void run();

    QList<QAction *> m_actions;
    QLineEdit *m_text;
    QListWidget *m_list;
};

} // namespace birch
