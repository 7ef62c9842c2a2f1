#include "core/instrument/specs.h"

namespace birch {

int InstrumentSpec::movementIndex(const QString &name) const
{
    for (int i = 0; i < movements.size(); ++i) {
        if (movements[i].name == name)
            return i;
    }
    return -1;
}

int InstrumentSpec::measurementIndex(const QString &name) const
{
    for (int i = 0; i < measurements.size(); ++i) {
        if (measurements[i].name == name)
            return i;
    }
    return -1;
}

int InstrumentSpec::actionIndex(const QString &name) const
{
    for (int i = 0; i < actions.size(); ++i) {
        if (actions[i].name == name)
            return i;
    }
    return -1;
}

const ParameterSpec *InstrumentSpec::parameter(const QString &key) const
{
    for (const ParameterSpec &spec : parameters) {
        if (spec.key == key)
            return &spec;
    }
    return nullptr;
}

} // namespace birch
