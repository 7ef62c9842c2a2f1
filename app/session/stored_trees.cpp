#include "app/session/stored_trees.h"

#include "core/store/entity/entities.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/lab/template_versions.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
Status addEarlier(Connection &connection, const QHash<qint64, QString> &names, TreeLibrary *library)
{
    if (names.isEmpty())
        return ok();
    const auto versions = templateVersions(connection);
    if (!versions)
        return versions.error();
    for (const TemplateVersion &one : versions.value()) {
        const auto name = names.constFind(one.templateRow);
        if (name == names.constEnd())
            continue;
        TreeLibrary::Entry &entry = library->entries[*name];
        if (const QString version = QString::number(one.version); version != entry.version)
            entry.earlier.insert(version, one.tree);
    }
    return ok();
}
} // namespace

Result<TreeLibrary> storedTrees(Connection &connection, const Session &session)
{
    EntityRepository templates(connection, *entityByTable(u"scan_templates"_s));
    EntityFilter filter;
    filter.isArchiveIncluded = false;
    filter.equal.insert(u"is_active"_s, u"true"_s);
    filter.sort = u"created_at"_s;
    filter.perPage = 500;
    TreeLibrary library;
    QHash<qint64, QString> names; // by row
    for (qint64 seen = 0;; ++filter.page) {
        const auto page = templates.list(session, filter);
        if (!page)
            return page.error();
        for (const EntityRecord &record : page.value().records) {
            const QString name = record.text(u"name"_s);
            if (library.entries.contains(name))
                continue;
            names.insert(record.id, name);
            library.entries.insert(name,
                                   {QString::number(record.values.value(u"version"_s).toLongLong()),
                                    record.values.value(u"tree"_s).toJsonValue().toObject()});
        }
        seen += page.value().records.size();
        if (page.value().records.isEmpty() || seen >= page.value().total)
            break;
        filter.anchor = page.value().anchor;
    }
    if (Status added = addEarlier(connection, names, &library); !added)
        return added.error();
    return library;
}

} // namespace birch
