#pragma once

#include "core/store/connection.h"
#include "core/store/migrations.h"

#include <QJsonObject>
#include <QStringList>

namespace birch {

/// What is known about a database before it is opened for use.
struct SchemaStatus {
    DatabaseUrl url;
    bool exists = false; ///< there is a Birch schema in it
    int current = 0;
    int head = 0;            ///< what this program needs
    QString uid;             ///< "" when it does not exist
    QStringList differences; ///< columns that are not as declared; empty is good

    bool isCurrent() const { return exists && current == head && differences.isEmpty(); }
    /// {"database","engine","exists","current","head","up_to_date","uid","differences"}
    QJsonObject toJson() const;
};

/// 0: empty, no schema. Errors: BadInput - it holds something else.
Result<int> schemaVersion(Connection &connection);
/// Ok when \a connection's schema is the one this program was built for; else one sentence with
/// what differs and what to run. Errors: NotFound - empty; Conflict - older, newer or changed.
Status checkSchema(Connection &connection, const QList<Migration> &migrations);

/// The schema layer: the only code that alters a schema. Each change takes the database exclusively
/// and happens whole or not at all.
class Schema
{
    Q_DECLARE_TR_FUNCTIONS(Schema)
public:
    explicit Schema(DatabaseUrl url, QString migrationsDir = QString::fromUtf16(kMigrationsDir));

    /// Changes nothing; does not make a file.
    Result<SchemaStatus> status() const;
    /// Makes database and schema; \a userName becomes administrator. Conflict: there is one
    /// already.
    Result<SchemaStatus> init(const QString &userName);
    /// To head. NotFound: there is none.
    Result<SchemaStatus> upgrade();
    /// Loses what the undone steps had added.
    Result<SchemaStatus> downgrade(int version);

private:
    struct Exclusive;
    Result<Exclusive> openExclusive() const;
    Result<SchemaStatus> inspect(Connection &connection, const QList<Migration> &migrations) const;
    Result<SchemaStatus> migrate(int target);
    Result<QList<Migration>> migrations() const;
    Status createServerDatabase() const;

    DatabaseUrl m_url;
    QString m_dir;
};

} // namespace birch
