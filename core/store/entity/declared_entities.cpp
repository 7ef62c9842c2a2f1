// entitySpecs() and nothing else: a program that brings its own (a test that declares one more) is
// linked with that one, and the whole store, exchange and command line follow it.
#include "core/store/entity/entities.h"

namespace birch {

const QList<EntitySpec> &entitySpecs()
{
    static const QList<EntitySpec> all = birchSpecs();
    return all;
}

} // namespace birch
