#pragma once

#include "core/plan/failure_rule.h"
#include "core/plan/field_check.h"

#include <QJsonObject>

namespace birch {

/// The keys of a failure rule in a node's JSON.
inline constexpr const char16_t *kFailureKeys[] = {u"on_failure", u"retries", u"back_off",
                                                   u"back_off_factor", u"back_off_limit"};

void appendFailure(const FailureRule &rule, QJsonObject *node);
/// None where the node says nothing. What is wrong is added to \a problems; then the rule is not
/// to be used.
std::optional<FailureRule> failureFromJson(const QJsonObject &node, QList<FieldProblem> *problems);

/// Exact and as short as can be, e.g. "1500 ms"; durationFromJson() reads it back.
QString exactDuration(Nanoseconds duration);

} // namespace birch
