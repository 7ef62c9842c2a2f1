#include "core/store/entity/entity_hooks.h"

#include "core/store/lab/lab_rules.h"
#include "core/store/users/last_admin.h"

namespace birch {

const EntityHooks *entityHooks(const QString &table)
{
    static const QList<EntityHooks> all = labRules() + QList<EntityHooks>{userRules()};
    for (const EntityHooks &hooks : all) {
        if (hooks.table == table)
            return &hooks;
    }
    return nullptr;
}

} // namespace birch
