#pragma once

#include "widgets/shell/autosave.h"
#include "widgets/shell/command_bar.h"
#include "widgets/shell/window_context.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QPointer>

class QLabel;
class QMessageBox;
class QStackedWidget;
class QTimer;

namespace birch {

class AcquirePage;
class ActionSet;
class HistoryPanel;
class InstrumentsPanel;
class InterruptedBar;
class LogPanel;
class NoticeBar;
class PauseBar;
class PromptBar;
class QueueFiles;
class TreeDocument;
enum class NoticeKind;
struct QueueItem;

/// The window: command bar and modes around one page at a time. Owns what is edited; everything
/// that runs belongs to the engine, which it talks to by calls that return at once.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(const WindowContext &context);
    ~MainWindow() override;

    ActionSet &actions() { return *m_actions; }
    TreeDocument &document() { return *m_document; }
    AcquirePage &acquire() { return *m_acquire; }
    NoticeBar &notices() { return *m_notices; }
    QueueFiles &queueFiles() { return *m_queueFiles; }

    /// Asks first when the tree has unsaved changes.
    void openTree(const QString &path);
    void setMode(int mode);
    /// What the instruments offer, or the time it takes, is another now.
    void refreshSpecs();
    /// Leaves by the safe path: what runs is made safe and can be continued. Then left() comes.
    void leave();

signals:
    void left();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    enum Mode { AcquireMode, HistoryMode, InstrumentsMode, LogMode };

    QWidget *makeMiddle();
    void connectEngine();
    void connectQueueActions();
    void connectFileActions();
    void connectModes();
    void followChanges();
    void databaseChanged();
    void readLibrary();
    void makeMenu();
    void makeStatusBar();
    void restoreWindow();

    void addTreeToQueue();
    void start();
    void warnOfCalibrations(const QList<QueueItem> &items);
    void ask(const QString &question, std::function<void()> proceed);
    void newTree();
    void whenUnsavedMayGo(std::function<void()> proceed);
    void saveTree(bool isAs, const std::function<void()> &proceed = {}); ///< \a proceed: once saved
    void rememberFile(const QString &path);
    void fillRecentMenu(QMenu *menu);
    void saveChart();
    void editAgain(const QJsonObject &tree, const QString &title);
    void runLikeSelected();
    void reviewSettings(const QueueItem &item, std::function<void(const QueueItem &)> add);
    void continueScan(const QString &key);
    void notice(NoticeKind kind, const QString &sentence);
    void logLine(const QString &source, const ScanLogEntry &entry);
    void refreshActions();
    void refreshStatus();
    void showPause();
    void connectPrompts();
    void toggleTheme(bool isDark);
    bool reportProblems(const Problems &problems);

    WindowContext m_context;
    ActionSet *m_actions;
    TreeDocument *m_document;
    CommandBar *m_bar;
    NoticeBar *m_notices;
    PauseBar *m_paused;
    PromptBar *m_prompts;
    QStackedWidget *m_pages;
    AcquirePage *m_acquire;
    QueueFiles *m_queueFiles;
    HistoryPanel *m_history;
    InstrumentsPanel *m_instruments;
    LogPanel *m_log;
    InterruptedBar *m_interrupted;
    QLabel *m_lastLine;
    QLabel *m_deadTime;
    QLabel *m_backlog;
    QPointer<QMessageBox> m_question; ///< about unsaved changes, while it is open
    QTimer *m_changeTimer;            ///< until what changed in the database is looked at
    QElapsedTimer m_sinceChange;
    QTimer *m_statusTimer;
    Autosave m_autosave;
    QByteArray m_autosaved;
    QStringList m_safePending; ///< nicknames not yet at their safe values
    CommandBarState m_barState;
    bool m_isLeaving = false;
    bool m_hasLeft = false;
};

} // namespace birch
