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

Status Instrument::act(int, const Call &)
{
    return Error{ErrorCode::NotFound,
                 QCoreApplication::translate("Instrument", "%1 knows no actions: take them out of "
                                                           "its definition")
                     .arg(spec().model)};
}

Result<bool> Instrument::isActing(int, const Call &)
{
    return false;
}

Result<InstrumentSurvey> Instrument::survey(const QList<int> &movements, const Call &call)
{
    auto identity = identify(call);
    if (!identity)
        return identity.error();
    if (!movements.isEmpty())
        return Error{ErrorCode::NotFound,
                     QCoreApplication::translate("Instrument",
                                                 "%1 does not tell where it stands before it is "
                                                 "opened: look at it by hand")
                         .arg(identity.value())};
    return InstrumentSurvey{std::move(identity).value(), {}};
}

} // namespace birch
