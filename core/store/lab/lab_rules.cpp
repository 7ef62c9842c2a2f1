#include "core/store/lab/lab_rules.h"

namespace birch {

QList<EntityHooks> labRules()
{
    return {};
}

} // namespace birch
