#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVariant>

namespace birch {

/// How a value of the source becomes a value of a field.
enum class Take : quint8 {
    Value,
    Utc,       ///< a time without zone that is in UTC
    Local,     ///< a time without zone from a form or an instrument's computer
    Day,       ///< the day of a time
    Kind,      ///< PyBirch's name of an entity: our table
    Reference, ///< id of a row of SourceColumn::references
    Prefill,   ///< values of a template: named as our fields
    Ended,     ///< whether a placement is the current one: when it ended
    Station,   ///< name of a computer: our station, made when it is new
    Member,    ///< e-mail address of a user of the same file
    Tags       ///< a list of names: tags of the record, no field
};

struct SourceColumn {
    QString name;  ///< in the source
    QString field; ///< of the entity
    Take take = Take::Value;
    QString references = {};           ///< table of the source
    QMap<QString, QString> words = {}; ///< choices that are called otherwise, lower case
};

/// What becomes of one table of the source: declared once, read by everything. A column that is not
/// named here and is no secret goes to extra_data as it is. Where two columns are meant for one
/// field, the first that holds something is taken.
class SourceMap
{
public:
    SourceMap(const char16_t *table, const char16_t *entity)
        : m_table(QString::fromUtf16(table))
        , m_entity(QString::fromUtf16(entity))
    {
    }

    const QString &table() const { return m_table; }
    const QString &entity() const { return m_entity; }
    const QList<SourceColumn> &columns() const { return m_columns; }
    /// PyBirch's (kind, id) pair and the field it becomes; "" where there is none.
    const QString &pairKind() const { return m_pairKind; }
    const QString &pairId() const { return m_pairId; }
    const QString &pairField() const { return m_pairField; }
    const QStringList &secrets() const { return m_secrets; }
    /// Fields by which an entity that is there already is recognised as the same thing.
    const QStringList &knownBy() const { return m_knownBy; }
    const QVariantMap &constants() const { return m_constants; }
    /// Tells a row from another that got its id after it was deleted.
    const QString &madeAt() const { return m_madeAt; }
    const QString &madeBy() const { return m_madeBy; }
    bool isAfterScans() const { return m_isAfterScans; }
    /// Rows that others know by a text: "user" by the column with the address.
    const QString &nameKind() const { return m_nameKind; }
    const QString &nameColumn() const { return m_nameColumn; }

    SourceMap &same(const QStringList &names);
    SourceMap &as(const QString &name, const QString &field, Take take = Take::Value);
    SourceMap &words(const QString &name, const QString &field,
                     const QMap<QString, QString> &words);
    SourceMap &refers(const QString &name, const QString &field, const QString &table);
    /// lab_id and project_id, as most tables have them.
    SourceMap &inLab();
    SourceMap &inProject();
    SourceMap &pair(const QString &kind, const QString &id, const QString &field);
    SourceMap &secret(const QStringList &names);
    SourceMap &known(const QStringList &fields);
    SourceMap &always(const QString &field, const QVariant &value);
    SourceMap &made(const QString &at, const QString &by = {});
    SourceMap &named(const QString &kind, const QString &column);
    SourceMap &afterScans();

private:
    QString m_table;
    QString m_entity;
    QList<SourceColumn> m_columns;
    QString m_pairKind;
    QString m_pairId;
    QString m_pairField;
    QStringList m_secrets;
    QStringList m_knownBy;
    QVariantMap m_constants;
    QString m_madeAt = QStringLiteral("created_at");
    QString m_madeBy = QStringLiteral("created_by");
    QString m_nameKind;
    QString m_nameColumn;
    bool m_isAfterScans = false;
};

} // namespace birch
