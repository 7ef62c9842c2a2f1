#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
EntityField anyObject()
{
    return object(u"object"_s, tr("On")).required().owned();
}

QList<EntitySpec> tagSpecs()
{
    return {
        EntitySpec{u"tags"_s,
                   tr("tag"),
                   u"name"_s,
                   {lab(), name(), text(u"category"_s, tr("Category")).searchable(),
                    text(u"color"_s, tr("Colour")), description()}}
            .unique({u"lab"_s, u"name"_s}),
        EntitySpec{u"object_tags"_s,
                   tr("tag of an object"),
                   {},
                   {labOf(u"object"_s), anyObject(),
                    reference(u"tag"_s, tr("Tag"), u"tags"_s).required().owned()}}
            .unique({u"tag"_s, u"object"_s}),
    };
}

EntitySpec attachmentSpec()
{
    // The bytes lie in `blobs` under their hash, or stay where they are, by path.
    return EntitySpec{
        u"attachments"_s,
        tr("attachment"),
        u"name"_s,
        {labOf(u"object"_s), anyObject(), name(), text(u"filename"_s, tr("File")).searchable(),
         description(), choice(u"tier"_s, tr("Tier"), {u"raw"_s, u"processed"_s, u"published"_s}),
         integer(u"version"_s, tr("Version")).initially(1).atLeast(1).derived(),
         reference(u"previous"_s, tr("Replaces"), u"attachments"_s).contained().derived(),
         flag(u"is_current"_s, tr("Newest"), true).derived(),
         flag(u"is_image"_s, tr("Picture"), false).derived(),
         flag(u"is_primary"_s, tr("Shown first"), false), text(u"media_type"_s, tr("Type")),
         integer(u"size"_s, tr("Size")).in(u"bytes"_s).required().atLeast(0).derived(),
         text(u"sha256"_s, tr("SHA-256")).required().indexed().derived(),
         text(u"path"_s, tr("Stays at")), integer(u"width"_s, tr("Width")).in(u"px"_s).derived(),
         integer(u"height"_s, tr("Height")).in(u"px"_s).derived(),
         text(u"thumbnail_sha256"_s, tr("Preview")).derived()}}
        .growing();
}

QList<EntitySpec> collectionSpecs()
{
    return {
        EntitySpec{u"collections"_s,
                   tr("collection"),
                   u"name"_s,
                   {lab(), name(), description(),
                    choice(u"kind"_s, tr("Kind"), {u"manual"_s, u"search"_s}),
                    text(u"entity_type"_s, tr("Of")), json(u"query"_s, tr("Search"))}}
            .unique({u"lab"_s, u"name"_s}),
        EntitySpec{
            u"collection_items"_s,
            tr("item of a collection"),
            {},
            {labOf(u"collection"_s),
             reference(u"collection"_s, tr("Collection"), u"collections"_s).required().owned(),
             anyObject(), integer(u"position"_s, tr("Position")).atLeast(0), notes()}}
            .unique({u"collection"_s, u"object"_s}),
    };
}

QList<EntitySpec> locationSpecs()
{
    return {
        EntitySpec{u"locations"_s,
                   tr("location"),
                   u"name"_s,
                   {lab(), reference(u"parent"_s, tr("In"), u"locations"_s).contained(), name(),
                    text(u"location_type"_s, tr("Type")).searchable(), description(),
                    text(u"room"_s, tr("Room")).searchable(),
                    text(u"building"_s, tr("Building")).searchable(), text(u"floor"_s, tr("Floor")),
                    integer(u"capacity"_s, tr("Holds")).atLeast(0),
                    text(u"conditions"_s, tr("Conditions")),
                    longText(u"access_notes"_s, tr("Access")), active()}}
            .unique({u"lab"_s, u"parent"_s, u"name"_s}),
        EntitySpec{u"placements"_s,
                   tr("placement"),
                   {},
                   {labOf(u"location"_s),
                    reference(u"location"_s, tr("Location"), u"locations"_s).required(),
                    object(u"object"_s, tr("Object"),
                           {u"equipment"_s, u"instruments"_s, u"samples"_s, u"precursors"_s,
                            u"stations"_s, u"wastes"_s})
                        .required()
                        .owned(),
                    time(u"placed_at"_s, tr("Since")).required(),
                    time(u"removed_at"_s, tr("Until")), text(u"placed_by"_s, tr("By")), notes()}}
            .indexed({u"object"_s, u"placed_at"_s}),
    };
}

QList<EntitySpec> publicationSpecs()
{
    return {
        EntitySpec{u"publications"_s,
                   tr("publication"),
                   u"title"_s,
                   {lab(), project(), text(u"title"_s, tr("Title")).required().searchable(),
                    text(u"doi"_s, tr("DOI")).unique().searchable(),
                    text(u"authors"_s, tr("Authors")).searchable(),
                    text(u"journal"_s, tr("Journal")).searchable(),
                    date(u"published_on"_s, tr("Published")), text(u"url"_s, tr("Link")),
                    choice(u"status"_s, tr("Status"),
                           {u"draft"_s, u"submitted"_s, u"accepted"_s, u"published"_s}),
                    description()}},
        EntitySpec{
            u"publication_items"_s,
            tr("item of a publication"),
            {},
            {labOf(u"publication"_s),
             reference(u"publication"_s, tr("Publication"), u"publications"_s).required().owned(),
             anyObject(), text(u"role"_s, tr("Role")), notes()}}
            .unique({u"publication"_s, u"object"_s}),
    };
}

QList<EntitySpec> personalSpecs()
{
    return {
        EntitySpec{u"templates"_s,
                   tr("template"),
                   u"name"_s,
                   {lab(), project(), name(),
                    text(u"entity_type"_s, tr("For")).required().indexed(), description(),
                    json(u"prefill"_s, tr("Values")).required(),
                    choice(u"status"_s, tr("Status"), {u"active"_s, u"draft"_s, u"archived"_s})}}
            .unique({u"lab"_s, u"name"_s, u"entity_type"_s}),
        EntitySpec{u"user_pins"_s,
                   tr("pin"),
                   {},
                   {labOf(u"object"_s),
                    reference(u"user"_s, tr("User"), u"users"_s).required().owned(), anyObject()}}
            .unique({u"user"_s, u"object"_s})
            .ownedBy(EntityAccess::Personal),
    };
}
} // namespace

QList<EntitySpec> sharedSpecs()
{
    return tagSpecs() + QList<EntitySpec>{attachmentSpec()} + collectionSpecs() + locationSpecs() +
           publicationSpecs() + personalSpecs();
}

} // namespace birch
