#include "drivers/discovery/found_list.h"

#include "drivers/transport/resource.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qsizetype kMostPlaces = 4096;

/// Lower is better: what marks the end of its messages and can be cleared comes first.
int rankOf(const QString &address)
{
    const auto resource = parseResource(address);
    if (!resource)
        return 4;
    switch (resource.value().kind) {
    case Resource::Kind::Hislip:
        return 0;
    case Resource::Kind::Vxi11:
        return 1;
    case Resource::Kind::Socket:
        return 2;
    case Resource::Kind::Serial:
        return 3;
    }
    Q_UNREACHABLE();
}

} // namespace

FoundList::Place *FoundList::find(const QString &address)
{
    const auto index = m_indexOf.constFind(address);
    return index == m_indexOf.cend() ? nullptr : &m_places[*index];
}

bool FoundList::add(const QString &address, const QString &way, const QString &name)
{
    if (Place *known = find(address)) {
        if (!known->ways.contains(way))
            known->ways.append(way);
        if (known->name.isEmpty())
            known->name = name;
        return false;
    }
    if (m_places.size() >= kMostPlaces)
        return false;
    const auto resource = parseResource(address);
    m_indexOf.insert(address, int(m_places.size()));
    m_places.append({address, resource ? resource.value().host : QString(), {way}, name, {}, {}});
    return true;
}

void FoundList::setIdentity(const QString &address, const QString &identity)
{
    if (Place *place = find(address)) {
        place->identity = identity;
        place->problem.clear();
    }
}

void FoundList::setProblem(const QString &address, const QString &problem)
{
    if (Place *place = find(address))
        place->problem = problem;
}

void FoundList::setAnnounced(const QString &host, const Identity &identity)
{
    m_announced.insert(host, identity);
}

bool FoundList::hasHost(const QString &host) const
{
    return std::any_of(m_places.begin(), m_places.end(),
                       [&](const Place &place) { return place.host == host; });
}

Identity FoundList::identityOf(const Place &place) const
{
    return place.identity.isEmpty() && !place.host.isEmpty() ? m_announced.value(place.host)
                                                             : identityFrom(place.identity);
}

FoundInstrument FoundList::describe(int id, QList<int> members) const
{
    // Who answered before who did not, then the better protocol.
    std::stable_sort(members.begin(), members.end(), [this](int a, int b) {
        const auto order = [this](int i) {
            return std::pair(m_places[i].identity.isEmpty(), rankOf(m_places[i].address));
        };
        return order(a) < order(b);
    });
    FoundInstrument found;
    found.id = id;
    for (const int member : std::as_const(members)) {
        const Place &place = m_places[member];
        found.addresses.append(place.address);
        for (const QString &way : place.ways) {
            if (!found.ways.contains(way))
                found.ways.append(way);
        }
        if (found.name.isEmpty())
            found.name = place.name;
    }
    const Place &best = m_places[members.first()];
    const Identity identity = identityOf(best);
    found.identity = best.identity;
    found.manufacturer = identity.manufacturer;
    found.model = identity.model;
    found.serialNumber = identity.serialNumber;
    found.problem = best.problem;
    if (const DefinitionPtr definition = m_matcher.match(found.identity))
        found.definition = definition->spec.definitionId;
    return found;
}

FoundList::Changes FoundList::takeChanges()
{
    QMap<int, QList<int>> groups; // by the first address that was found of each
    QHash<QString, int> groupOf;
    for (int i = 0; i < int(m_places.size()); ++i) {
        const QString key = identityOf(m_places[i]).key();
        const int group = key.isEmpty() ? i : groupOf.value(key, i);
        if (!key.isEmpty())
            groupOf.insert(key, group);
        groups[group].append(i);
    }
    Changes changes;
    for (auto told = m_told.begin(); told != m_told.end();) {
        if (groups.contains(told.key())) {
            ++told;
            continue;
        }
        changes.gone.append(told.key());
        told = m_told.erase(told);
    }
    for (auto group = groups.cbegin(); group != groups.cend(); ++group) {
        const FoundInstrument now = describe(group.key(), group.value());
        const auto told = m_told.constFind(group.key());
        if (told != m_told.cend() && *told == now)
            continue;
        m_told.insert(group.key(), now);
        changes.found.append(now);
    }
    return changes;
}

} // namespace birch
