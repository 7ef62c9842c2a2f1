#include "core/store/database_stats.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<QJsonObject> databaseStats(Connection &connection)
{
    const QString bytes =
        connection.dialect().isPostgres()
            ? u"pg_database_size(current_database())"_s
            : u"(SELECT c.page_count * s.page_size FROM pragma_page_count c, pragma_page_size s)"_s;
    const auto row = connection.firstRow(
        u"SELECT (SELECT count(*) FROM samples WHERE trashed_at IS NULL), "
        "(SELECT count(*) FROM queues WHERE trashed_at IS NULL), "
        "(SELECT count(*) FROM scans WHERE trashed_at IS NULL), "
        "(SELECT coalesce(sum(points), 0) FROM scans WHERE trashed_at IS NULL), "_s +
        bytes);
    if (!row)
        return row.error();
    const QVariantList &values = row.value().value();
    return QJsonObject{{u"samples"_s, values[0].toLongLong()},
                       {u"queues"_s, values[1].toLongLong()},
                       {u"scans"_s, values[2].toLongLong()},
                       {u"points"_s, values[3].toLongLong()},
                       {u"bytes"_s, values[4].toLongLong()}};
}

} // namespace birch
