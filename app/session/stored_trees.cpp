#include "app/session/stored_trees.h"

#include "core/store/entity/entities.h"
#include "core/store/entity/entity_repository.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<TreeLibrary> storedTrees(Connection &connection, const Session &session)
{
    EntityRepository templates(connection, *entityByTable(u"scan_templates"_s));
    EntityFilter filter;
    filter.isArchiveIncluded = false;
    filter.equal.insert(u"is_active"_s, u"true"_s);
    filter.sort = u"created_at"_s;
    filter.perPage = 500;
    TreeLibrary library;
    for (qint64 seen = 0;; ++filter.page) {
        const auto page = templates.list(session, filter);
        if (!page)
            return page.error();
        for (const EntityRecord &record : page.value().records) {
            const QString name = record.text(u"name"_s);
            if (!library.entries.contains(name))
                library.entries.insert(
                    name, {QString::number(record.values.value(u"version"_s).toLongLong()),
                           record.values.value(u"tree"_s).toJsonValue().toObject()});
        }
        seen += page.value().records.size();
        if (page.value().records.isEmpty() || seen >= page.value().total)
            return library;
        filter.anchor = page.value().anchor;
    }
}

} // namespace birch
