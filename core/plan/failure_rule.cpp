#include "core/plan/failure_rule.h"

#include <algorithm>
#include <cmath>

namespace birch {

Nanoseconds FailureRule::waitBefore(int number) const
{
    if (backOff <= Nanoseconds::zero() || number < 1)
        return Nanoseconds::zero();
    const auto most = double((longest > Nanoseconds::zero() ? longest : kMaxBackOff).count());
    const double wanted = double(backOff.count()) * std::pow(factor, number - 1);
    return Nanoseconds(qint64(std::min(wanted, most)));
}

} // namespace birch
