#include "core/exchange/import/pickle_reader.h"

#include "core/exchange/import/pickle_machine.h"

namespace birch {

Result<PickleDocument> readPickle(QByteArrayView bytes, const PickleLimits &limits)
{
    if (bytes.size() > limits.bytes)
        return Error{ErrorCode::BadInput,
                     PickleMachine::tr("It is larger than %1 MiB: no sample is that large")
                         .arg(limits.bytes / 1024 / 1024)};
    return PickleMachine(bytes, limits).run();
}

} // namespace birch
