#include "core/store/event.h"

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// In the order of the enumeration.
constexpr std::array kActions{
    u"added",     u"changed",      u"archived", u"unarchived", u"trashed",
    u"restored",  u"purged",       u"merged",   u"started",    u"continued",
    u"completed", u"stopped",      u"aborted",  u"failed",     u"interrupted",
    u"logged_in", u"login_failed", u"granted",  u"revoked",
};
static_assert(kActions.size() == size_t(EventAction::Revoked) + 1);
} // namespace

QString eventActionName(EventAction action)
{
    return QString::fromUtf16(kActions[size_t(action)]);
}

std::optional<EventAction> eventActionFromName(const QString &name)
{
    for (size_t i = 0; i < kActions.size(); ++i) {
        if (name == QStringView(kActions[i]))
            return EventAction(i);
    }
    return {};
}

QStringList eventActionNames()
{
    QStringList names;
    for (const char16_t *name : kActions)
        names << QString::fromUtf16(name);
    return names;
}

} // namespace birch
