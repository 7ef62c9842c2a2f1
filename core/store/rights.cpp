#include "core/store/rights.h"

#include <algorithm>
#include <array>

namespace birch {

namespace {
constexpr std::array kRoles{u"viewer", u"operator", u"admin"};
constexpr qint64 kFreshUs = 60'000'000;

template<typename... Actions>
constexpr unsigned bits(Actions... actions)
{
    return (0U | ... | (1U << unsigned(actions)));
}

constexpr unsigned kLook = bits(Action::List, Action::View);
constexpr unsigned kWrite = kLook | bits(Action::Add, Action::Edit, Action::Archive);
constexpr unsigned kOperate = kWrite | bits(Action::Trash, Action::Restore);
constexpr unsigned kAll = kOperate | bits(Action::Purge);

// [EntityAccess][Grant]
constexpr unsigned kTable[3][5] = {
    {0, kLook, kWrite, kOperate, kAll},
    {0, kLook, kLook, kLook, kAll},
    {0, kLook, kAll, kAll, kAll},
};

bool holds(const Rights::Given &given, qint64 nowUs)
{
    return !given.untilUs || *given.untilUs > nowUs;
}
} // namespace

QString roleName(Role role)
{
    return QString::fromUtf16(kRoles[size_t(role)]);
}

std::optional<Role> roleFromName(const QString &name)
{
    for (size_t i = 0; i < kRoles.size(); ++i) {
        if (name == QStringView(kRoles[i]))
            return Role(i);
    }
    return {};
}

bool allows(Grant grant, EntityAccess access, Action action)
{
    return (kTable[size_t(access)][size_t(grant)] & bits(action)) != 0;
}

Grant Rights::best(const Place &place, qint64 nowUs) const
{
    Grant best = Grant::None;
    for (const Given &one : given) {
        const bool isLab = one.kind == QStringLiteral("labs") && place.lab == one.row;
        const bool isProject =
            one.kind == QStringLiteral("projects") && place.projects.contains(one.row);
        const bool isObject = std::ranges::any_of(place.objects, [&one](const auto &object) {
            return object.row == one.row && object.kind == one.kind;
        });
        if ((isLab || isProject || isObject) && holds(one, nowUs))
            best = std::max(best, one.grant);
    }
    return best;
}

QList<qint64> Rights::rows(const QString &kind, qint64 nowUs) const
{
    QList<qint64> rows;
    for (const Given &one : given) {
        if (one.kind == kind && holds(one, nowUs) && !rows.contains(one.row))
            rows << one.row;
    }
    return rows;
}

QList<qint64> Rights::objectRows(qint64 nowUs) const
{
    QList<qint64> rows;
    for (const Given &one : given) {
        if (one.objectRow != 0 && holds(one, nowUs) && !rows.contains(one.objectRow))
            rows << one.objectRow;
    }
    return rows;
}

bool Rights::isOutdated(qint64 nowUs) const
{
    if (readUs == 0)
        return false;
    const bool hasEnded = std::ranges::any_of(given, [this, nowUs](const Given &one) {
        return one.untilUs && *one.untilUs > readUs && *one.untilUs <= nowUs;
    });
    return hasEnded || nowUs - readUs > kFreshUs || nowUs < readUs;
}

} // namespace birch
