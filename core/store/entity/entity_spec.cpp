#include "core/store/entity/entity_spec.h"

#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

QString EntityField::column() const
{
    switch (type) {
    case EntityFieldType::Reference:
        return name + u"_id"_s;
    case EntityFieldType::Object:
        return name == u"object"_s ? u"object_id"_s : name + u"_object_id"_s;
    default:
        return name;
    }
}

DeleteRule EntityField::deleteRule() const
{
    if (isOwned)
        return DeleteRule::Cascade;
    return isRequired ? DeleteRule::Restrict : DeleteRule::SetNull;
}

const EntityField *EntitySpec::field(const QString &wanted) const
{
    for (const EntityField &candidate : fields) {
        if (candidate.name == wanted)
            return &candidate;
    }
    return nullptr;
}

QString EntitySpec::singular() const
{
    if (table.endsWith(u"analyses"_s))
        return table.chopped(2) + u"is"_s;
    if (table.endsWith(u"sses"_s) || table.endsWith(u"ches"_s))
        return table.chopped(2);
    const bool isPlural =
        table.endsWith(u's') && !table.endsWith(u"ss"_s) && !table.endsWith(u"us"_s);
    return isPlural ? table.chopped(1) : table;
}

QStringList EntitySpec::fieldNames() const
{
    QStringList names;
    for (const EntityField &field : fields) {
        if (!field.isDerived && !field.isSecret)
            names << field.name;
    }
    return names;
}

EntitySpec EntitySpec::unique(const QStringList &names) const
{
    EntitySpec copy = *this;
    copy.uniqueTogether << names;
    return copy;
}

EntitySpec EntitySpec::indexed(const QStringList &names) const
{
    EntitySpec copy = *this;
    copy.indexedTogether << names;
    return copy;
}

EntitySpec EntitySpec::growing() const
{
    EntitySpec copy = *this;
    copy.isGrowing = true;
    return copy;
}

EntitySpec EntitySpec::granting(const QStringList &names) const
{
    EntitySpec spec = *this;
    spec.grants = names;
    return spec;
}

EntitySpec EntitySpec::ownedBy(EntityAccess who) const
{
    EntitySpec copy = *this;
    copy.access = who;
    return copy;
}

QList<EntitySpec> birchSpecs()
{
    return peopleSpecs() + equipmentSpecs() + issueSpecs() + materialSpecs() + sampleSpecs() +
           acquisitionSpecs() + analysisSpecs() + sharedSpecs() + noticeSpecs();
}

const EntitySpec *entityByTable(const QList<EntitySpec> &specs, const QString &table)
{
    for (const EntitySpec &spec : specs) {
        if (spec.table == table)
            return &spec;
    }
    return nullptr;
}

const EntitySpec *entityByTable(const QString &table)
{
    return entityByTable(entitySpecs(), table);
}

ReferenceTarget referenceTarget(const QString &table)
{
    if (table == u"scans"_s)
        return {table, fields::tr("scan"), u"scan_id"_s};
    if (table == u"queues"_s)
        return {table, fields::tr("queue"), u"name"_s};
    if (table == u"measurement_objects"_s)
        return {table, fields::tr("measurement"), u"name"_s};
    const EntitySpec *spec = entityByTable(table);
    if (!spec)
        return {table, table, u"uid"_s};
    return {table, spec->label, spec->humanId.isEmpty() ? u"uid"_s : spec->humanId};
}

} // namespace birch
