#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace birch::test {

/// What one call of birchctl came to.
struct Outcome {
    int exitCode = -1; ///< -1: killed or not started
    QByteArray output;
    QByteArray messages; ///< stderr

    QJsonObject json() const; ///< of the output; empty where that is no single JSON document
    /// Points in the last whole progress line of `run --json`; 0 without one.
    qint64 pointsTold() const;
};

/// A measurement as `data` prints it.
struct Table {
    QByteArrayList rows;  ///< CSV, without the times
    QString disorder;     ///< "" when times grow strictly and so do the index columns
    bool isTimely = true; ///< times never go back
};

/// A station of the test's own: settings, database and spool in a scratch folder, and birchctl as a
/// person would call it there.
class TestStation
{
public:
    /// \a database: URL; "" : a SQLite file in the folder. \a program: called instead of birchctl.
    explicit TestStation(QString database = {}, QString program = {});

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString database() const { return m_database; }
    void setEnvironment(const QString &name, const QString &value);
    /// Writes a file into the folder; its path.
    QString write(const QString &name, const QByteArray &text) const;

    /// Runs to the end; gives up after a minute.
    Outcome run(const QStringList &arguments) const;
    /// Starts it; see await().
    std::unique_ptr<QProcess> start(const QStringList &arguments) const;
    static Outcome await(QProcess &process);
    /// Waits until \a process has told of this many points; their scan's id, "" when it ended
    /// before.
    static QString awaitPoints(QProcess &process, qint64 points);

    /// SCAN of `show`.
    QJsonObject show(const QString &scan) const;
    Table table(const QString &scan, const QString &measurement) const;

private:
    QTemporaryDir m_folder;
    QString m_database;
    QString m_program;
    QProcessEnvironment m_environment;
};

QString birchctl(); ///< the program under test

} // namespace birch::test
