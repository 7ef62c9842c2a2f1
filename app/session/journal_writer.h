#pragma once

#include "app/session/journal_entry.h"
#include "core/store/database.h"

#include <QLockFile>
#include <QObject>
#include <QTimer>

#include <memory>

namespace birch {

/// Writes journal entries into the database, in order. What it does not take at the moment waits
/// here, 10 000 entries at most (the oldest go first), and is tried again every few seconds; at the
/// end of the program the rest goes to a file, which the next one reads. Lives on a thread of its
/// own.
class JournalWriter : public QObject
{
    Q_OBJECT
public:
    struct Place {
        const Database *database = nullptr; ///< outlives this; null: there is none
        QString user;
        QString station;
        QString file; ///< of what could not be written; without a database nothing is kept
    };

    explicit JournalWriter(Place place);
    ~JournalWriter() override;

    void begin(); ///< reads what an earlier program could not write
    void add(const birch::JournalEntry &entry);
    /// Tries once more, then writes the rest to the file.
    void end();

signals:
    /// All that was added so far is in the database.
    void written();
    /// "": it is taken again.
    void problemChanged(const QString &problem);

private:
    void write();
    Status writeSome();
    Status connectDatabase();
    Status writeEntry(const JournalEntry &entry);
    void setProblem(const QString &problem);
    void keep();

    Place m_place;
    QList<JournalEntry> m_waiting;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
    std::unique_ptr<QLockFile> m_lock; ///< of the file, while entries from it wait here
    QString m_problem;
    QTimer *m_retry;
};

} // namespace birch
