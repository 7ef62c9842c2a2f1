#include "widgets/shell/action_set.h"

#include "widgets/theme/icon.h"

#include <QWidget>

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

struct Row {
    const char16_t *id;
    const char *text; // translated in context ActionSet
    const char *tooltip;
    const char16_t *icon;
    const char16_t *keys; // several separated by ';'
    ActionScope scope;
    bool isCheckable = false;
};

using enum ActionScope;

constexpr std::array kRows{
    Row{u"safe", QT_TRANSLATE_NOOP("ActionSet", "Make safe"),
        QT_TRANSLATE_NOOP("ActionSet", "Drive every output to its safe value now and read it back"),
        u"safe", u"Ctrl+Shift+F12;Ctrl+Pause", Everywhere},
    Row{u"start", QT_TRANSLATE_NOOP("ActionSet", "Start queue"),
        QT_TRANSLATE_NOOP("ActionSet", "Run the waiting scans of the queue in order"), u"play",
        u"F5", Everywhere},
    Row{u"pause", QT_TRANSLATE_NOOP("ActionSet", "Pause after this point"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "Finish the current point, then hold; nothing is repeated on resume"),
        u"pause", u"F6", Everywhere},
    Row{u"pause-now", QT_TRANSLATE_NOOP("ActionSet", "Pause now"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "Halt moves and waits at once; what is broken off is done again on "
                          "resume"),
        u"pause", u"Ctrl+F6", Everywhere},
    Row{u"pause-after-scan", QT_TRANSLATE_NOOP("ActionSet", "Pause after this scan"),
        QT_TRANSLATE_NOOP("ActionSet", "Finish the running scan, then hold before the next"),
        u"pause", u"Ctrl+Shift+F6", Everywhere},
    Row{u"answer", QT_TRANSLATE_NOOP("ActionSet", "Answer the question"),
        QT_TRANSLATE_NOOP("ActionSet", "Go to what the running scan asks"), u"edit", u"F8",
        Everywhere},
    Row{u"resume", QT_TRANSLATE_NOOP("ActionSet", "Resume"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "Bring outputs back to what they were, then go on at the next point"),
        u"play", u"Shift+F6", Everywhere},
    Row{u"stop", QT_TRANSLATE_NOOP("ActionSet", "Stop after this scan"),
        QT_TRANSLATE_NOOP("ActionSet", "Finish the running scan, start no other"), u"stop-after",
        u"F7", Everywhere},
    Row{u"abort", QT_TRANSLATE_NOOP("ActionSet", "Abort now"),
        QT_TRANSLATE_NOOP(
            "ActionSet",
            "Stop the running scan at once and drive safe values; points so far are kept"),
        u"abort", u"Shift+F7", Everywhere},
    Row{u"dismiss-safe", QT_TRANSLATE_NOOP("ActionSet", "Dismiss unreachable instruments"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "Stop retrying the safe values of instruments that do not answer"),
        u"close", u"", Everywhere},
    Row{u"queue-add", QT_TRANSLATE_NOOP("ActionSet", "Add tree to queue"),
        QT_TRANSLATE_NOOP("ActionSet", "Put a copy of this scan tree at the end of the queue"),
        u"queue-add", u"Ctrl+Return", Acquire},
    Row{u"queue-remove", QT_TRANSLATE_NOOP("ActionSet", "Remove from queue"),
        QT_TRANSLATE_NOOP("ActionSet", "Take the selected waiting scan out of the queue"),
        u"remove", u"", Acquire},
    Row{u"queue-now", QT_TRANSLATE_NOOP("ActionSet", "Run this scan now"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "The selected scan is next, past its gate and start time; the rest of "
                          "the queue stays as it is"),
        u"play", u"", Acquire},
    Row{u"queue-ready", QT_TRANSLATE_NOOP("ActionSet", "Ready to run"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "A scan that is not ready is passed over until somebody says it is"),
        u"check", u"", Acquire, true},
    Row{u"queue-turn", QT_TRANSLATE_NOOP("ActionSet", "Priority, start time, repeats…"),
        QT_TRANSLATE_NOOP("ActionSet", "When it is the turn of the selected scan, and how often"),
        u"edit", u"", Acquire},
    Row{u"queue-duplicate", QT_TRANSLATE_NOOP("ActionSet", "Duplicate scan"),
        QT_TRANSLATE_NOOP("ActionSet", "Put a copy of the selected scan right behind it"), u"copy",
        u"", Acquire},
    Row{u"queue-again", QT_TRANSLATE_NOOP("ActionSet", "Queue again"),
        QT_TRANSLATE_NOOP("ActionSet", "The selected scan, which is over, waits once more"),
        u"refresh", u"", Acquire},
    Row{u"queue-clear", QT_TRANSLATE_NOOP("ActionSet", "Remove finished scans"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "Take what is over out of the queue; history keeps its scans"),
        u"close", u"", Acquire},
    Row{u"queue-open", QT_TRANSLATE_NOOP("ActionSet", "Open queue…"),
        QT_TRANSLATE_NOOP("ActionSet", "Add the scans of a queue file"), u"open", u"", Acquire},
    Row{u"queue-save", QT_TRANSLATE_NOOP("ActionSet", "Save queue…"),
        QT_TRANSLATE_NOOP("ActionSet", "Write every scan of the queue to a queue file"), u"save",
        u"", Acquire},
    Row{u"queue-settings", QT_TRANSLATE_NOOP("ActionSet", "How the queue is run…"),
        QT_TRANSLATE_NOOP("ActionSet", "What follows a failed scan, and how many run at once"),
        u"settings", u"", Acquire},
    Row{u"queue-restore", QT_TRANSLATE_NOOP("ActionSet", "Restore queue"),
        QT_TRANSLATE_NOOP("ActionSet", "Bring back scans that waited when a window ended"),
        u"refresh", u"", Acquire},
    Row{u"new", QT_TRANSLATE_NOOP("ActionSet", "New scan tree"),
        QT_TRANSLATE_NOOP("ActionSet", "Start with an empty tree"), u"new", u"Ctrl+N", Acquire},
    Row{u"open", QT_TRANSLATE_NOOP("ActionSet", "Open scan tree…"),
        QT_TRANSLATE_NOOP("ActionSet", "Open a scan tree from a file"), u"open", u"Ctrl+O",
        Acquire},
    Row{u"save", QT_TRANSLATE_NOOP("ActionSet", "Save scan tree"),
        QT_TRANSLATE_NOOP("ActionSet", "Save the scan tree to its file"), u"save", u"Ctrl+S",
        Acquire},
    Row{u"save-as", QT_TRANSLATE_NOOP("ActionSet", "Save scan tree as…"),
        QT_TRANSLATE_NOOP("ActionSet", "Save the scan tree under a new name"), u"save",
        u"Ctrl+Shift+S", Acquire},
    Row{u"demo", QT_TRANSLATE_NOOP("ActionSet", "Load demo tree"),
        QT_TRANSLATE_NOOP("ActionSet", "Open a ready-made scan tree for the demo bench"), u"play",
        u"", Acquire},
    Row{u"undo", QT_TRANSLATE_NOOP("ActionSet", "Undo"),
        QT_TRANSLATE_NOOP("ActionSet", "Take the last edit of the tree back"), u"undo", u"Ctrl+Z",
        Acquire},
    Row{u"redo", QT_TRANSLATE_NOOP("ActionSet", "Redo"),
        QT_TRANSLATE_NOOP("ActionSet", "Do the edit again that was taken back"), u"redo",
        u"Ctrl+Shift+Z", Acquire},
    Row{u"node-after", QT_TRANSLATE_NOOP("ActionSet", "Add node after…"),
        QT_TRANSLATE_NOOP("ActionSet", "Add a node after the selected one"), u"add", u"Ins",
        Acquire},
    Row{u"node-inside", QT_TRANSLATE_NOOP("ActionSet", "Add node inside…"),
        QT_TRANSLATE_NOOP("ActionSet", "Add a node inside the selected one"), u"add-inside",
        u"Shift+Ins", Acquire},
    Row{u"node-remove", QT_TRANSLATE_NOOP("ActionSet", "Remove node"),
        QT_TRANSLATE_NOOP("ActionSet", "Remove the selected node with everything inside"),
        u"remove", u"Del", Acquire},
    Row{u"node-up", QT_TRANSLATE_NOOP("ActionSet", "Move node up"),
        QT_TRANSLATE_NOOP("ActionSet", "Move the selected node before the one above"), u"up",
        u"Alt+Up", Acquire},
    Row{u"node-down", QT_TRANSLATE_NOOP("ActionSet", "Move node down"),
        QT_TRANSLATE_NOOP("ActionSet", "Move the selected node after the one below"), u"down",
        u"Alt+Down", Acquire},
    Row{u"node-toggle", QT_TRANSLATE_NOOP("ActionSet", "Enable or disable node"),
        QT_TRANSLATE_NOOP("ActionSet", "A disabled node and everything inside does nothing"),
        u"check", u"Space", Acquire},
    Row{u"node-rename", QT_TRANSLATE_NOOP("ActionSet", "Rename node"),
        QT_TRANSLATE_NOOP("ActionSet", "Give the selected node a label"), u"edit", u"F2", Acquire},
    Row{u"node-cut", QT_TRANSLATE_NOOP("ActionSet", "Cut node"),
        QT_TRANSLATE_NOOP("ActionSet", "Cut the selected node"), u"cut", u"Ctrl+X", Acquire},
    Row{u"node-copy", QT_TRANSLATE_NOOP("ActionSet", "Copy node"),
        QT_TRANSLATE_NOOP("ActionSet", "Copy the selected node with everything inside"), u"copy",
        u"Ctrl+C", Acquire},
    Row{u"node-paste", QT_TRANSLATE_NOOP("ActionSet", "Paste node"),
        QT_TRANSLATE_NOOP("ActionSet", "Paste after the selected node"), u"paste", u"Ctrl+V",
        Acquire},
    Row{u"chart-reset", QT_TRANSLATE_NOOP("ActionSet", "Show whole chart"),
        QT_TRANSLATE_NOOP("ActionSet", "Undo zoom and pan and follow the scan"), u"fit", u"Ctrl+0",
        Acquire},
    Row{u"chart-save", QT_TRANSLATE_NOOP("ActionSet", "Save chart as picture…"),
        QT_TRANSLATE_NOOP("ActionSet", "Write the chart as it is shown to a PNG file"), u"image",
        u"Ctrl+Shift+P", Acquire},
    Row{u"history-again", QT_TRANSLATE_NOOP("ActionSet", "Edit again"),
        QT_TRANSLATE_NOOP("ActionSet", "Load the tree of the selected scan into the editor"),
        u"edit", u"Ctrl+E", History},
    Row{u"history-like", QT_TRANSLATE_NOOP("ActionSet", "Run again like this"),
        QT_TRANSLATE_NOOP("ActionSet", "Run the selected scan once more from its record, after "
                                       "showing which settings differ"),
        u"repeat", u"Ctrl+Shift+R", History},
    Row{u"history-export", QT_TRANSLATE_NOOP("ActionSet", "Export scan…"),
        QT_TRANSLATE_NOOP("ActionSet", "Write the selected scan to CSV or HDF5"), u"export",
        u"Ctrl+Shift+E", History},
    Row{u"history-refresh", QT_TRANSLATE_NOOP("ActionSet", "Refresh history"),
        QT_TRANSLATE_NOOP("ActionSet", "Ask the database for the newest scans"), u"refresh",
        u"Ctrl+R", History},
    Row{u"connect-all", QT_TRANSLATE_NOOP("ActionSet", "Connect all instruments"),
        QT_TRANSLATE_NOOP("ActionSet", "Connect to every instrument of the bench"), u"connect", u"",
        Everywhere},
    Row{u"discover", QT_TRANSLATE_NOOP("ActionSet", "Find instruments…"),
        QT_TRANSLATE_NOOP(
            "ActionSet", "Look on the network and at serial ports; add what is found to the bench"),
        u"search", u"Ctrl+Shift+I", Everywhere},
    Row{u"bench-reload", QT_TRANSLATE_NOOP("ActionSet", "Reload bench"),
        QT_TRANSLATE_NOOP("ActionSet",
                          "Take over what the bench file says now; what is as before stays "
                          "connected"),
        u"refresh", u"", Everywhere},
    Row{u"mode-acquire", QT_TRANSLATE_NOOP("ActionSet", "Acquire"),
        QT_TRANSLATE_NOOP("ActionSet", "Queue, scan tree and live chart"), u"acquire", u"Ctrl+1",
        Everywhere, true},
    Row{u"mode-history", QT_TRANSLATE_NOOP("ActionSet", "History"),
        QT_TRANSLATE_NOOP("ActionSet", "Every scan so far"), u"history", u"Ctrl+2", Everywhere,
        true},
    Row{u"mode-instruments", QT_TRANSLATE_NOOP("ActionSet", "Instruments"),
        QT_TRANSLATE_NOOP("ActionSet", "Connect, read and set by hand"), u"instruments", u"Ctrl+3",
        Everywhere, true},
    Row{u"mode-log", QT_TRANSLATE_NOOP("ActionSet", "Log"),
        QT_TRANSLATE_NOOP("ActionSet", "What happened"), u"log", u"Ctrl+4", Everywhere, true},
    Row{u"palette", QT_TRANSLATE_NOOP("ActionSet", "Find action…"),
        QT_TRANSLATE_NOOP("ActionSet", "Find any action by typing a part of its name"), u"palette",
        u"Ctrl+K", Everywhere},
    Row{u"theme", QT_TRANSLATE_NOOP("ActionSet", "Dark theme"),
        QT_TRANSLATE_NOOP("ActionSet", "Switch between light and dark"), u"theme", u"", Everywhere,
        true},
    Row{u"reset-layout", QT_TRANSLATE_NOOP("ActionSet", "Reset layout"),
        QT_TRANSLATE_NOOP("ActionSet", "Put all panels back where they were at first"), u"fit", u"",
        Everywhere},
    Row{u"quit", QT_TRANSLATE_NOOP("ActionSet", "Quit"),
        QT_TRANSLATE_NOOP("ActionSet", "Make safe and close Birch"), u"close", u"Ctrl+Q",
        Everywhere},
};

QList<QKeySequence> keysOf(const char16_t *keys)
{
    QList<QKeySequence> sequences;
    for (const QString &key : QString::fromUtf16(keys).split(u';', Qt::SkipEmptyParts))
        sequences << QKeySequence(key, QKeySequence::PortableText);
    return sequences;
}

} // namespace

ActionSet::ActionSet(QWidget *window)
    : QObject(window)
{
    for (const Row &row : kRows) {
        auto *action = new QAction(themeIcon(QString::fromUtf16(row.icon)), tr(row.text), window);
        const QList<QKeySequence> keys = keysOf(row.keys);
        action->setObjectName(QString::fromUtf16(row.id));
        action->setShortcuts(keys);
        // Make safe also counts while a dialog or a torn-off panel has the keyboard.
        if (row.id == QStringView(u"safe"))
            action->setShortcutContext(Qt::ApplicationShortcut);
        action->setCheckable(row.isCheckable);
        action->setProperty("scope", int(row.scope));
        const QString tip = tr(row.tooltip);
        action->setToolTip(keys.isEmpty()
                               ? tip
                               : tip + u" ("_s + keys.first().toString(QKeySequence::NativeText) +
                                     u')');
        action->setStatusTip(tip);
        window->addAction(action);
        m_actions.emplace(action->objectName(), action);
        m_ordered << action;
    }
}

QAction *ActionSet::operator[](const QString &id) const
{
    const auto it = m_actions.find(id);
    Q_ASSERT_X(it != m_actions.end(), "ActionSet", qPrintable(id));
    return it->second;
}

QList<QAction *> ActionSet::all() const
{
    return m_ordered;
}

ActionScope ActionSet::scopeOf(const QAction *action)
{
    return ActionScope(action->property("scope").toInt());
}

} // namespace birch
