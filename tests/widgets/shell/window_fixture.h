#pragma once

#include "app/session/workstation.h"
#include "core/plan/node_registry.h"
#include "core/store/change_feed.h"
#include "core/store/store_reader.h"
#include "widgets/shell/main_window.h"

#include <QListWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

namespace birch::test {

/// A station in a scratch folder: SQLite file, spool, and the demo bench behind a simulator
/// process. Windows come and go over it, as when the program is started again.
class StationFixture
{
public:
    /// \a smuFaults: fault script of the source meter, e.g. "hang@40+".
    explicit StationFixture(const QString &smuFaults = {});
    ~StationFixture();

    bool isReady() const { return m_problem.isEmpty(); }
    QString problem() const { return m_problem; }

    /// Opens the program: recovery, bench, engine, window; closes the one before by the safe path.
    MainWindow &openWindow();
    /// Waits until the window has left by the safe path.
    bool closeWindow();
    MainWindow &window() { return *m_window; }
    Workstation &station() { return *m_station; }
    StationData &data() { return *m_data; }
    StoreReader &reader() { return *m_reader; }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    void dropWindow();

    QTemporaryDir m_folder;
    QString m_bench;
    QString m_problem;
    NodeRegistry m_registry;
    std::unique_ptr<StationData> m_data;
    std::unique_ptr<Workstation> m_station;
    std::unique_ptr<StoreReader> m_reader;
    std::unique_ptr<ChangeFeed> m_changes;
    std::unique_ptr<MainWindow> m_window;
};

/// The visible widget of this type below \a root whose object or accessible name is \a name; null:
/// none.
template<typename Widget>
Widget *visible(QWidget &root, const QString &name)
{
    for (Widget *widget : root.findChildren<Widget *>()) {
        if (widget->isVisible() &&
            (widget->objectName() == name || widget->accessibleName() == name))
            return widget;
    }
    return nullptr;
}

/// As an operator does it: click into the field, replace what is there, type.
void type(QWidget *field, const QString &text);
void click(QWidget *widget);
/// Ticks the row called \a name.
void tick(QListWidget *list, const QString &name);

} // namespace birch::test
