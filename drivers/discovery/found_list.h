#pragma once

#include "drivers/discovery/found_instrument.h"
#include "drivers/discovery/identity.h"

#include <QHash>
#include <QList>
#include <QMap>

namespace birch {

/// What a search has found so far: addresses, and which of them are of one instrument. Two are
/// where both give the same serial number for the same model. Pure.
class FoundList
{
public:
    explicit FoundList(const QList<DefinitionPtr> &definitions)
        : m_matcher(definitions)
    {
    }

    /// False: the address was there already, and is now also found in this \a way, or one too many.
    bool add(const QString &address, const QString &way, const QString &name = {});
    void setIdentity(const QString &address, const QString &identity);
    void setProblem(const QString &address, const QString &problem);
    /// What a host announces of itself, for those of its addresses that say nothing.
    void setAnnounced(const QString &host, const Identity &identity);

    bool hasHost(const QString &host) const;

    struct Changes {
        QList<FoundInstrument> found; ///< new, or changed since the last time
        QList<int> gone;              ///< ids of those that turned out to be another one
    };
    Changes takeChanges();

private:
    struct Place {
        QString address;
        QString host;
        QStringList ways;
        QString name;
        QString identity;
        QString problem;
    };

    Place *find(const QString &address);
    Identity identityOf(const Place &place) const;
    FoundInstrument describe(int id, QList<int> members) const;

    IdentityMatcher m_matcher;
    QList<Place> m_places;
    QHash<QString, int> m_indexOf;        ///< by address
    QHash<QString, Identity> m_announced; ///< by host
    QMap<int, FoundInstrument> m_told;
};

} // namespace birch
