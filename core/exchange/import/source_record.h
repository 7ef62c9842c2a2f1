#pragma once

#include "core/exchange/import/source_ids.h"
#include "core/exchange/import/source_map.h"
#include "core/exchange/import/source_time.h"
#include "core/exchange/import/sqlite_source.h"
#include "core/store/entity/entity_spec.h"

#include <QJsonObject>

namespace birch {

/// One row of the source as a record of ours.
struct SourceRecord {
    qint64 id = 0; ///< in the source
    QString uid;
    QVariantMap values;
    QStringList tags; ///< names
    QJsonObject extraData;
    std::optional<qint64> createdUs; ///< microseconds UTC
    std::optional<qint64> updatedUs;
    std::optional<qint64> trashedUs;
    std::optional<qint64> archivedUs;
    QString createdBy;
    QStringList notes;           ///< what could not be taken as it is, one sentence each
    QMap<QString, qint64> waits; ///< field -> id of a row of the same table that it refers to
    QString obstacle;            ///< why it can be no record; "": it can

    QString hash() const;
};

/// What all tables of a file have in common.
struct SourceContext {
    QString source; ///< identity of the file
    SourceIds ids;
    SourceClock clock;
    QHash<qint64, qint64> placementEnds; ///< id of a row of object_locations -> µs UTC
    QString onlyLab; ///< uid, where the file has one lab: whatever names none belongs there
};

/// Rows of one table to records, as \a map declares. Nothing of a row is lost: what has no field,
/// or does not fit into its field, is in extra_data. Outlived by what it is given.
class SourceConverter
{
    Q_DECLARE_TR_FUNCTIONS(SourceConverter)
public:
    SourceConverter(const SourceMap &map, const EntitySpec &spec, const SourceTable &table,
                    const SourceContext &context)
        : m_map(map)
        , m_spec(spec)
        , m_table(table)
        , m_context(context)
    {
    }

    SourceRecord convert(const SourceRow &row) const;
    /// extra_data of a row whose columns but \a taken are kept as they are.
    static QJsonObject extraDataOf(const SourceRow &row, const SourceTable &table,
                                   const QStringList &taken, const QString &source,
                                   const QString &hash);

private:
    void takeColumn(const SourceColumn &column, const SourceRow &row, SourceRecord *record,
                    QStringList *taken) const;
    QVariant fitting(const SourceColumn &column, const EntityField &field, const QVariant &raw,
                     const SourceRow &row, SourceRecord *record) const;
    QVariant reference(const SourceColumn &column, const EntityField &field, const QVariant &raw,
                       SourceRecord *record) const;
    static QVariant prefill(const QVariant &raw, const QString &kind);
    static QVariant choice(const SourceColumn &column, const EntityField &field,
                           const QVariant &raw);
    void takePair(const SourceRow &row, SourceRecord *record, QStringList *taken) const;
    void takeAudit(const SourceRow &row, SourceRecord *record) const;
    void fillRequired(SourceRecord *record) const;
    void checkValues(const SourceRow &row, SourceRecord *record, QStringList *taken) const;

    const SourceMap &m_map;
    const EntitySpec &m_spec;
    const SourceTable &m_table;
    const SourceContext &m_context;
};

} // namespace birch
