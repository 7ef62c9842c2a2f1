#pragma once

#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

namespace birch {

enum class FieldType : quint8 {
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
struct FieldSpec {
    QString name; ///< in JSON, CSV and on the command line; the column too, but for references
    FieldType type = FieldType::Text;
    QString label;     ///< for people, translated
    QString unit = {}; ///< symbol; "" for none
    bool isRequired = false;
    bool isUnique = false;
    bool isIndexed = false;
    bool isSearchable = false;
    QStringList choices = {}; ///< Choice: what is allowed; the first is the default
    QString references = {};  ///< Reference: table of the other entity

    FieldSpec required() const { return with(&FieldSpec::isRequired); }
    FieldSpec unique() const { return with(&FieldSpec::isUnique); }
    FieldSpec indexed() const { return with(&FieldSpec::isIndexed); }
    FieldSpec searchable() const { return with(&FieldSpec::isSearchable); }
    /// The column that holds it.
    QString column() const;

private:
    FieldSpec with(bool FieldSpec::*property) const
    {
        FieldSpec copy = *this;
        copy.*property = true;
        return copy;
    }
};

/// An entity, declared once: its table, repository, validation, forms and exchange follow from it.
struct EntitySpec {
    QString table;   ///< "samples"
    QString label;   ///< "sample", for sentences
    QString humanId; ///< field that people know it by
    QList<FieldSpec> fields;

    const FieldSpec *field(const QString &name) const;
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
    FieldType type;
    bool isRequired;
};
inline constexpr AuditColumn kAuditColumns[] = {
    {u"uid", FieldType::Text, true},
    {u"extra_data", FieldType::Json, true},
    {u"revision", FieldType::Integer, true},
    {u"created_at", FieldType::Integer, true},
    {u"created_by", FieldType::Text, true},
    {u"updated_at", FieldType::Integer, true},
    {u"updated_by", FieldType::Text, true},
    {u"archived_at", FieldType::Integer, false},
    {u"trashed_at", FieldType::Integer, false},
};

} // namespace birch
