#include "core/store/search/page_anchor.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kLookBack = 64; // ids; transactions in flight began hardly earlier

QString numbers(const QList<qint64> &ids)
{
    QStringList texts;
    for (const qint64 id : ids)
        texts << QString::number(id);
    return texts.join(u", "_s);
}
} // namespace

Result<PageAnchor> PageAnchor::parse(const QString &text)
{
    PageAnchor anchor;
    bool isNumber = false;
    anchor.m_newest = text.section(u'-', 0, 0).toLongLong(&isNumber);
    for (const QString &part : text.split(u'-').mid(1)) {
        bool isId = false;
        anchor.m_missing << part.toLongLong(&isId);
        isNumber &= isId;
    }
    if (!isNumber || anchor.m_missing.size() > kLookBack)
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate(
                         "Lists", "\"%1\" is no anchor: use the one that came with the first page")
                         .arg(text)};
    return anchor;
}

Result<PageAnchor> PageAnchor::read(Connection &connection, const QString &table)
{
    // SQLite has one writer: its ids become visible in their order.
    const qint64 wanted = connection.dialect().isPostgres() ? kLookBack : 1;
    QList<qint64> ids;
    const Status done =
        connection.select(u"SELECT id FROM %1 ORDER BY id DESC LIMIT ?"_s.arg(table), {wanted},
                          [&ids](const SqlRow &row) { ids << row.integer(0); });
    if (!done)
        return done.error();
    PageAnchor anchor;
    if (ids.isEmpty())
        return anchor;
    anchor.m_newest = ids.first();
    qint64 expected = ids.first() - 1;
    for (const qint64 id : ids.mid(1)) {
        for (; expected > id && anchor.m_missing.size() < kLookBack; --expected)
            anchor.m_missing << expected;
        expected = id - 1;
    }
    return anchor;
}

QString PageAnchor::text() const
{
    QString text = QString::number(m_newest);
    for (const qint64 id : m_missing)
        text += u'-' + QString::number(id);
    return text;
}

QString PageAnchor::condition(const QString &alias) const
{
    const QString newest = u"%1.id <= %2"_s.arg(alias).arg(m_newest);
    return m_missing.isEmpty()
               ? newest
               : newest + u" AND %1.id NOT IN (%2)"_s.arg(alias, numbers(m_missing));
}

QString PageAnchor::others(const QString &alias) const
{
    const QString newer = u"%1.id > %2"_s.arg(alias).arg(m_newest);
    return m_missing.isEmpty() ? newer
                               : u"(%1 OR %2.id IN (%3))"_s.arg(newer, alias, numbers(m_missing));
}

} // namespace birch
