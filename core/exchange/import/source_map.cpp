#include "core/exchange/import/source_map.h"

using namespace Qt::StringLiterals;

namespace birch {

SourceMap &SourceMap::same(const QStringList &names)
{
    for (const QString &name : names)
        m_columns.append({name, name});
    return *this;
}

SourceMap &SourceMap::as(const QString &name, const QString &field, Take take)
{
    m_columns.append({name, field, take});
    return *this;
}

SourceMap &SourceMap::words(const QString &name, const QString &field,
                            const QMap<QString, QString> &words)
{
    m_columns.append({name, field, Take::Value, {}, words});
    return *this;
}

SourceMap &SourceMap::refers(const QString &name, const QString &field, const QString &table)
{
    m_columns.append({name, field, Take::Reference, table});
    return *this;
}

SourceMap &SourceMap::inLab()
{
    return refers(u"lab_id"_s, u"lab"_s, u"labs"_s);
}

SourceMap &SourceMap::inProject()
{
    return refers(u"project_id"_s, u"project"_s, u"projects"_s);
}

SourceMap &SourceMap::pair(const QString &kind, const QString &id, const QString &field)
{
    m_pairKind = kind;
    m_pairId = id;
    m_pairField = field;
    return *this;
}

SourceMap &SourceMap::secret(const QStringList &names)
{
    m_secrets = names;
    return *this;
}

SourceMap &SourceMap::known(const QStringList &fields)
{
    m_knownBy = fields;
    return *this;
}

SourceMap &SourceMap::always(const QString &field, const QVariant &value)
{
    m_constants.insert(field, value);
    return *this;
}

SourceMap &SourceMap::made(const QString &at, const QString &by)
{
    m_madeAt = at;
    if (!by.isEmpty())
        m_madeBy = by;
    return *this;
}

SourceMap &SourceMap::named(const QString &kind, const QString &column)
{
    m_nameKind = kind;
    m_nameColumn = column;
    return *this;
}

SourceMap &SourceMap::afterScans()
{
    m_isAfterScans = true;
    return *this;
}

} // namespace birch
