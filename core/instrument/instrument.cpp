#include "core/instrument/instrument.h"

#include <QCoreApplication>

namespace birch {

Status Instrument::ramp(int index, double, double, const Call &)
{
    return Error{ErrorCode::NotFound,
                 QCoreApplication::translate("Instrument",
                                             "%1 can not be told how fast to go: take the ramp out "
                                             "of its definition")
                     .arg(spec().movements.at(index).name)};
}

} // namespace birch
