#pragma once

#include "core/store/migrations.h"
#include "core/store/schema/schema_audit.h"

#include <QStringList>

#include <algorithm>

namespace birch {

/// What is known about a database before it is opened for use.
struct SchemaStatus {
    DatabaseUrl url;
    bool exists = false; ///< there is a Birch schema in it
    int current = 0;
    int head = 0;            ///< what this program needs
    QString uid;             ///< "" when it does not exist
    QStringList differences; ///< columns that are not as declared; empty is good
    QString backup;          ///< file that the change just made was preceded by; "" for none

    bool isCurrent() const { return exists && current == head && differences.isEmpty(); }
    /// {"database","engine","exists","current","head","up_to_date","uid","differences"}, and
    /// "backup" where there is one
    QJsonObject toJson() const;
};

/// A migration as this program knows it and as the database does.
struct HistoryEntry {
    enum class State : quint8 { Applied, Pending, Edited, Unknown };
    int version = 0;
    QString name;
    QString checksum; ///< as applied; of what is pending: as it is here
    State state = State::Pending;
    qint64 appliedUs = 0;
    QString program;

    /// {"version","name","checksum","state","applied_at","program"}
    QJsonObject toJson() const;
};

/// 0: empty, no schema. Errors: BadInput - it holds something else, or does not say which schema.
Result<int> schemaVersion(Connection &connection);
/// Ok when \a connection's schema is the one this program was built for; else one sentence with
/// what differs and what to run. Errors: NotFound - empty; Conflict - older, newer or changed.
Status checkSchema(Connection &connection, const QList<Migration> &migrations);

/// The schema layer: the only code that alters a schema. Each change takes the database exclusively
/// and happens in whole steps: a step is done or not at all.
class Schema
{
    Q_DECLARE_TR_FUNCTIONS(Schema)
public:
    /// \a specs: what the last of the migrations must make.
    explicit Schema(DatabaseUrl url, QString migrationsDir = QString::fromUtf16(kMigrationsDir),
                    QList<EntitySpec> specs = entitySpecs());

    /// How many of the backups beside a SQLite file stay, the newest: at least one.
    void keepBackups(qsizetype count) { m_keptBackups = std::max<qsizetype>(1, count); }

    /// Changes nothing; does not make a file.
    Result<SchemaStatus> status() const;
    /// Every difference from what the migrations and the declarations say. NotFound: there is none.
    Result<SchemaAudit> check() const;
    /// Applied and pending migrations, oldest first.
    Result<QList<HistoryEntry>> history() const;

    /// Makes database and schema; \a userName becomes administrator. Conflict: there is one
    /// already.
    Result<SchemaStatus> init(const QString &userName);
    /// To \a revision (see revisionNumber()); a SQLite file is backed up beside itself first.
    /// NotFound: there is none. BadInput: no such schema, or an older one. Conflict: in use, or a
    /// migration was edited since it was applied.
    Result<SchemaStatus> upgrade(const QString &revision = QStringLiteral("head"));
    /// Loses what the undone steps had added: without \a mayLoseData a Conflict that lists it, when
    /// there is any. Otherwise as upgrade().
    Result<SchemaStatus> downgrade(const QString &revision, bool mayLoseData);
    /// As above, whatever is lost.
    Result<SchemaStatus> downgrade(int version);
    /// Says that the tables are those of \a revision. Conflict: they are not; \a isForced says it
    /// all the same.
    Result<SchemaStatus> stamp(const QString &revision, bool isForced = false);

private:
    enum class Direction : quint8 { Up, Down };
    struct Course {
        int from = 0;
        int to = 0;
    };
    Result<SchemaStatus> inspect(Connection &connection, const QList<Migration> &migrations) const;
    Result<SchemaStatus> migrate(Direction direction, const QString &revision, bool mayLoseData);
    Result<Course> course(Connection &connection, const QList<Migration> &steps,
                          Direction direction, const QString &revision) const;
    Status checkLoss(Connection &connection, const QList<Migration> &migrations, int target) const;
    Result<QString> backUp(Connection &connection, int version) const;
    void removeOldBackups() const;
    Result<QList<Migration>> migrations() const;

    DatabaseUrl m_url;
    QString m_dir;
    QList<EntitySpec> m_specs;
    qsizetype m_keptBackups = 3;
};

} // namespace birch
