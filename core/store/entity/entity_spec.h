#pragma once

#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

namespace birch {

enum class EntityFieldType : quint8 {
    Text,
    LongText,
    Integer,
    Real,
    Boolean,
    Date,
    Choice,
    Json,
    Reference
};

/// One field of an entity. A member function per property, so that a declaration reads as one line.
struct EntityField {
    QString name; ///< in JSON, CSV and on the command line; the column too, but for references
    EntityFieldType type = EntityFieldType::Text;
    QString label;     ///< for people, translated
    QString unit = {}; ///< symbol; "" for none
    bool isRequired = false;
    bool isUnique = false;
    bool isIndexed = false;
    bool isSearchable = false;
    QStringList choices = {}; ///< Choice: what is allowed; the first is the default
    QString references = {};  ///< Reference: table of the other entity

    EntityField required() const { return with(&EntityField::isRequired); }
    EntityField unique() const { return with(&EntityField::isUnique); }
    EntityField indexed() const { return with(&EntityField::isIndexed); }
    EntityField searchable() const { return with(&EntityField::isSearchable); }
    /// The column that holds it.
    QString column() const;

private:
    EntityField with(bool EntityField::*property) const
    {
        EntityField copy = *this;
        copy.*property = true;
        return copy;
    }
};

/// An entity, declared once: its table, repository, validation, forms and exchange follow from it.
struct EntitySpec {
    QString table;   ///< "samples"
    QString label;   ///< "sample", for sentences
    QString humanId; ///< field that people know it by
    QList<EntityField> fields;

    const EntityField *field(const QString &name) const;
};

EntitySpec labSpec();
EntitySpec projectSpec();
EntitySpec sampleSpec();
EntitySpec stationSpec();
QList<EntitySpec> entitySpecs(); ///< all of them
/// Nothing for a table that is no entity.
const EntitySpec *entityByTable(const QList<EntitySpec> &specs, const QString &table);

/// Columns that every entity has besides its fields.
struct AuditColumn {
    const char16_t *name;
    EntityFieldType type;
    bool isRequired;
};
inline constexpr AuditColumn kAuditColumns[] = {
    {u"uid", EntityFieldType::Text, true},
    {u"extra_data", EntityFieldType::Json, true},
    {u"revision", EntityFieldType::Integer, true},
    {u"created_at", EntityFieldType::Integer, true},
    {u"created_by", EntityFieldType::Text, true},
    {u"updated_at", EntityFieldType::Integer, true},
    {u"updated_by", EntityFieldType::Text, true},
    {u"archived_at", EntityFieldType::Integer, false},
    {u"trashed_at", EntityFieldType::Integer, false},
};

} // namespace birch
