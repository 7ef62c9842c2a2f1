#pragma once

#include "core/exchange/import/import_report.h"
#include "core/exchange/import/source_record.h"
#include "core/store/entity/entity_repository.h"

namespace birch {

/// Puts records of one entity into the database, each once: by its uid, or because the same thing
/// is there under its own. Belongs to the connection's thread.
class EntityImport
{
    Q_DECLARE_TR_FUNCTIONS(EntityImport)
public:
    /// What to do with a record whose name another one has already.
    enum class Names : quint8 {
        Free,  ///< give it another name
        Strict ///< it does not fit
    };

    EntityImport(Connection &connection, const Session &session, const EntitySpec &spec,
                 QStringList knownBy, Names names = Names::Free)
        : m_connection(connection)
        , m_session(session)
        , m_repository(connection, spec)
        , m_knownBy(std::move(knownBy))
        , m_names(names)
    {
    }

    struct Outcome {
        RowFate fate = RowFate::Created;
        QString why;
        QString uid; ///< where it is now; "" where it is nowhere
        QString note;
    };

    /// Errors: of the database alone; a record that does not fit is an outcome.
    Result<Outcome> put(const SourceRecord &record);

private:
    /// Fields that together are another record's already.
    struct Clash {
        QStringList fields;
        QString uid;
    };
    Result<std::optional<Outcome>> already(const SourceRecord &record);
    Result<QString> uidWhere(const QStringList &fields, const QVariantMap &values);
    Result<std::optional<Clash>> clash(const QVariantMap &values);
    /// Renames until nothing clashes; nothing where the clash is no matter of names.
    Result<std::optional<Outcome>> makeRoom(QVariantMap *values, QString *note);
    Status setTimes(const SourceRecord &record);

    Connection &m_connection;
    const Session &m_session;
    EntityRepository m_repository;
    QStringList m_knownBy;
    Names m_names;
};

} // namespace birch
