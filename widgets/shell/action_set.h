#pragma once

#include <QAction>
#include <QObject>

#include <map>

namespace birch {

/// Where an action's keys count: one meaning per key in each.
enum class ActionScope { Everywhere, Acquire, History, Instruments, Log };

/// Every action of the window by a stable id: text, keys, tooltip and icon are declared in one
/// table (action_table.cpp). Menus, buttons, the palette (Ctrl+K) and the key test use the same
/// objects.
class ActionSet : public QObject
{
    Q_OBJECT
public:
    explicit ActionSet(QWidget *window);

    /// Asserts that \a id is in the table: an unknown id is our own bug.
    QAction *operator[](const QString &id) const;
    QList<QAction *> all() const; ///< in the table's order
    static ActionScope scopeOf(const QAction *action);

private:
    std::map<QString, QAction *> m_actions;
    QList<QAction *> m_ordered;
};

} // namespace birch
