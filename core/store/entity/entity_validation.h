#pragma once

#include "core/base/problem.h"
#include "core/base/result.h"
#include "core/store/entity/entity_record.h"

namespace birch {

/// \a value (typed in a form, read from CSV or JSON) as a value of \a field; an invalid QVariant
/// for nothing given. Errors: BadInput - says what is expected.
Result<QVariant> fieldValue(const EntityField &field, const QVariant &value);

enum class Completeness : quint8 {
    Part, ///< a change
    Whole ///< an insert: required fields must be given
};

enum class Origin : quint8 {
    Person, ///< may not give what the store fills in
    Store   ///< import, services
};

/// What is wrong with \a values, all of it. Values are converted in place. References and
/// uniqueness are checked by the database.
Problems validate(const EntitySpec &spec, QVariantMap *values, Completeness completeness,
                  Origin origin = Origin::Person);

/// All of \a problems as one error. Not for an empty list.
Error asError(const Problems &problems);

} // namespace birch
