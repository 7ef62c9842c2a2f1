#pragma once

#include "core/exchange/import/csv_reader.h"
#include "core/exchange/import/entity_import.h"

namespace birch {

/// Rows of a CSV file as rows of an entity: its columns are fields by name, beside uid,
/// "<reference>_uid" and extra_data; audit columns are passed over. Belongs to the connection's
/// thread.
class CsvEntities
{
    Q_DECLARE_TR_FUNCTIONS(CsvEntities)
public:
    CsvEntities(Connection &connection, const Session &session, const EntitySpec &spec,
                const QString &lab);

    /// Inside the caller's transaction. Errors: BadInput - a column that is no field; a line that
    /// can not be read: roll back; of the database.
    Status import(CsvReader &reader, TableReport &report);

private:
    Status checkHeader(const CsvReader &reader) const;
    SourceRecord recordOf(const CsvReader &reader, const QStringList &cells) const;
    static QStringList knownBy(const EntitySpec &spec);

    EntitySpec m_spec;
    QString m_lab;
    EntityImport m_import;
};

} // namespace birch
