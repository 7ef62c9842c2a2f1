#include "core/base/column.h"

#include <array>

namespace birch {

namespace {

template<typename Enum>
struct Name {
    Enum value;
    const char16_t *name;
};

constexpr std::array kTypes{
    Name<ColumnType>{ColumnType::Float64, u"float64"},
    Name<ColumnType>{ColumnType::Int64, u"int64"},
    Name<ColumnType>{ColumnType::Bool, u"bool"},
    Name<ColumnType>{ColumnType::Utf8, u"utf8"},
};
constexpr std::array kRoles{
    Name<ColumnRole>{ColumnRole::Time, u"time"},
    Name<ColumnRole>{ColumnRole::Index, u"index"},
    Name<ColumnRole>{ColumnRole::Setpoint, u"setpoint"},
    Name<ColumnRole>{ColumnRole::Readback, u"readback"},
    Name<ColumnRole>{ColumnRole::Value, u"value"},
};
constexpr std::array kStates{
    Name<ValueState>{ValueState::Ok, u"ok"},
    Name<ValueState>{ValueState::Overload, u"overload"},
    Name<ValueState>{ValueState::NotANumber, u"nan"},
    Name<ValueState>{ValueState::Skipped, u"skipped"},
};

template<typename Table, typename Enum>
QString nameOf(const Table &table, Enum value)
{
    for (const auto &entry : table) {
        if (entry.value == value)
            return QString::fromUtf16(entry.name);
    }
    return {};
}

template<typename Table, typename Enum>
bool fromName(const Table &table, const QString &name, Enum *value)
{
    for (const auto &entry : table) {
        if (name == QStringView(entry.name)) {
            *value = entry.value;
            return true;
        }
    }
    return false;
}

} // namespace

QString columnTypeName(ColumnType type)
{
    return nameOf(kTypes, type);
}

bool columnTypeFromName(const QString &name, ColumnType *type)
{
    return fromName(kTypes, name, type);
}

QString columnRoleName(ColumnRole role)
{
    return nameOf(kRoles, role);
}

bool columnRoleFromName(const QString &name, ColumnRole *role)
{
    return fromName(kRoles, name, role);
}

QString valueStateName(ValueState state)
{
    return nameOf(kStates, state);
}

} // namespace birch
