#pragma once

#include "core/store/connection.h"

namespace birch {

/// Which rows there were when a list was first asked for, as text that travels with its pages:
/// the newest id, and on PostgreSQL the ids just below it that were not there (yet): a row whose
/// transaction commits later must not shift the pages.
class PageAnchor
{
public:
    /// Errors: BadInput - no anchor of ours.
    static Result<PageAnchor> parse(const QString &text);
    /// Of now. One statement.
    static Result<PageAnchor> read(Connection &connection, const QString &table);

    QString text() const;
    /// "t.id <= 5 AND t.id NOT IN (3)"
    QString condition(const QString &alias) const;
    /// What condition() leaves out.
    QString others(const QString &alias) const;

private:
    qint64 m_newest = 0;
    QList<qint64> m_missing;
};

} // namespace birch
