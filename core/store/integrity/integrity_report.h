#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

namespace birch {

/// One thing that is wrong, as exactly as it can be said.
struct IntegrityFinding {
    QString table;
    QString id;            ///< which row: "scan bench-270115-001, iv, column 2"
    QString what;          ///< a sentence
    QString rows = {};     ///< of data: "100 to 163"; "" where there are none
    QString expected = {}; ///< "" where the sentence says it all
    QString found = {};
    QString remedy = {};
    QString check = {}; ///< filled in by the run

    QJsonObject toJson() const;
    /// All of it in a line for people.
    QString text() const;
};

/// What one check came to.
struct CheckOutcome {
    QString name;  ///< "chunks"
    QString title; ///< what it looks at, for people
    QString unit;  ///< of what it counts: "events"
    qint64 examined = 0;
    qint64 findings = 0; ///< all of them, also those beyond IntegrityReport::kMaxFindings
    double seconds = 0;
};

/// The end of a chain of the audit log: noted elsewhere it proves later that nothing was cut off.
struct ChainEnd {
    qint64 lab = 0;
    QString labName = {}; ///< "" for the chain of the database itself
    qint64 events = 0;
    qint64 purged = 0; ///< of them, whose detail is gone by retention
    QByteArray hash = {};
};

struct IntegrityReport {
    static constexpr qint64 kMaxFindings = 100; ///< told of one check

    QList<CheckOutcome> checks;
    QList<IntegrityFinding> findings;
    QList<ChainEnd> chains;

    bool isSound() const;
    /// {"ok","checks","findings","chains"}
    QJsonObject toJson() const;
};

} // namespace birch
