#pragma once

#include "core/store/rights.h"

#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <optional>

namespace birch {

enum class EntityFieldType : quint8 {
    Text,
    LongText,
    Integer,
    Real,
    Boolean,
    Date, ///< yyyy-MM-dd
    Time, ///< microseconds UTC; ISO 8601 outside the store
    Choice,
    Unit, ///< a symbol that core/base/unit knows, or an opaque one
    Json,
    Reference, ///< to a row of one other entity
    Object     ///< to a row of any entity that has one in `objects`; "kind:human id" outside
};

/// Whether values of it come one after another: numbers, dates, times.
constexpr bool isOrdered(EntityFieldType type)
{
    return type == EntityFieldType::Integer || type == EntityFieldType::Real ||
           type == EntityFieldType::Date || type == EntityFieldType::Time;
}

/// What becomes of a row when what it refers to is purged.
enum class DeleteRule : quint8 { Restrict, SetNull, Cascade };

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
    bool isOwned = false;     ///< trashed and purged with what it refers to
    bool isContained = false; ///< trashed with what it refers to; purged only if it went with it
    bool isLoose = false;     ///< may lose what it refers to without anybody being asked
    bool isDerived = false;   ///< filled by the store, not by people
    bool isSecret = false;    ///< in no reply, log or audit
    QStringList choices = {}; ///< Choice: what is allowed; the first is the default
    QString references = {};  ///< Reference: table of the other entity
    QStringList kinds = {};   ///< Object: tables it may refer to; empty: any
    QString derivedFrom = {}; ///< a derived `lab`: the reference whose lab it takes
    QString counter = {};     ///< beginning of human ids that the store counts, e.g. "S"
    std::optional<double> minimum = {};
    std::optional<double> maximum = {};
    QVariant defaultValue = {}; ///< of a number or a boolean

    EntityField required() const { return with(&EntityField::isRequired, true); }
    EntityField unique() const { return with(&EntityField::isUnique, true); }
    EntityField indexed() const { return with(&EntityField::isIndexed, true); }
    EntityField searchable() const { return with(&EntityField::isSearchable, true); }
    EntityField owned() const { return with(&EntityField::isOwned, true); }
    EntityField contained() const { return with(&EntityField::isContained, true); }
    EntityField loose() const { return with(&EntityField::isLoose, true); }
    EntityField derived() const { return with(&EntityField::isDerived, true); }
    EntityField secret() const { return with(&EntityField::isSecret, true); }
    EntityField in(const QString &symbol) const { return with(&EntityField::unit, symbol); }
    EntityField counted(const QString &prefix) const { return with(&EntityField::counter, prefix); }
    EntityField atLeast(double value) const { return with(&EntityField::minimum, value); }
    EntityField atMost(double value) const { return with(&EntityField::maximum, value); }
    EntityField initially(const QVariant &value) const
    {
        return with(&EntityField::defaultValue, value);
    }

    /// The column that holds it.
    QString column() const;
    DeleteRule deleteRule() const;
    bool refers() const
    {
        return type == EntityFieldType::Reference || type == EntityFieldType::Object;
    }

private:
    template<typename Value, typename Given>
    EntityField with(Value EntityField::*property, const Given &value) const
    {
        EntityField copy = *this;
        copy.*property = value;
        return copy;
    }
};

/// An entity, declared once: its table, repository, validation, forms and exchange follow from it.
struct EntitySpec {
    QString table;   ///< "samples"
    QString label;   ///< "sample", for sentences
    QString humanId; ///< field that people know it by; "": a link, known by its uid
    QList<EntityField> fields;
    EntityAccess access = EntityAccess::Lab;
    QList<QStringList> uniqueTogether = {};  ///< by field names
    QList<QStringList> indexedTogether = {}; ///< by field names
    QStringList grants = {}; ///< fields that say what somebody may do: changes are told as such
    bool isGrowing = false;  ///< rows come with every scan: newest first has an index of its own

    const EntityField *field(const QString &name) const;
    /// One of them, as JSON names it: "sample".
    QString singular() const;
    /// The names of the fields that people fill in.
    QStringList fieldNames() const;
    EntitySpec unique(const QStringList &names) const;
    EntitySpec indexed(const QStringList &names) const;
    EntitySpec growing() const;
    EntitySpec ownedBy(EntityAccess who) const;
    /// A row of it gives somebody a right, as far as the fields \a names say.
    EntitySpec granting(const QStringList &names) const;
};

EntitySpec labSpec();
EntitySpec projectSpec();
EntitySpec sampleSpec();
EntitySpec stationSpec();
/// All of them, in an order in which each refers only to those before it or to itself.
const QList<EntitySpec> &entitySpecs();
/// Nothing for a table that is no entity.
const EntitySpec *entityByTable(const QList<EntitySpec> &specs, const QString &table);
const EntitySpec *entityByTable(const QString &table);

/// What sentences about a table need; also for those whose repositories are written by hand.
struct ReferenceTarget {
    QString table;
    QString label;
    QString humanId; ///< column; "uid" for a link
};
ReferenceTarget referenceTarget(const QString &table);

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
