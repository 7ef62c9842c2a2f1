#include "core/store/upkeep/merge.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Merge", text);
}

QString kindName(MergeConflict::Kind kind)
{
    switch (kind) {
    case MergeConflict::Kind::Differs:
        return u"differs"_s;
    case MergeConflict::Kind::Mapped:
        return u"mapped"_s;
    case MergeConflict::Kind::Renamed:
        return u"renamed"_s;
    }
    Q_UNREACHABLE();
}

QString sentence(MergeConflict::Kind kind)
{
    switch (kind) {
    case MergeConflict::Kind::Differs:
        return tr("is in both and differs; the target's stays");
    case MergeConflict::Kind::Mapped:
        return tr("has the name of another one in the target and was taken for that");
    case MergeConflict::Kind::Renamed:
        return tr("has the number of another one in the target and got its own");
    }
    Q_UNREACHABLE();
}
} // namespace

QJsonObject MergeConflict::toJson() const
{
    QJsonArray list;
    for (const Field &field : fields)
        list.append(QJsonObject{
            {u"field"_s, field.name}, {u"source"_s, field.source}, {u"target"_s, field.target}});
    return {{u"kind"_s, kindName(kind)}, {u"table"_s, table}, {u"id"_s, id}, {u"fields"_s, list}};
}

QString MergeConflict::text() const
{
    QStringList parts;
    for (const Field &field : fields)
        parts << tr("%1: source \"%2\", target \"%3\"")
                     .arg(field.name, field.source.left(60), field.target.left(60));
    const QString line = u"%1 %2: %3"_s.arg(table, id, sentence(kind));
    return parts.isEmpty() ? line : line + u" ("_s + parts.join(u"; "_s) + u')';
}

qint64 MergeReport::rows() const
{
    qint64 sum = 0;
    for (const qint64 count : added)
        sum += count;
    return sum;
}

QJsonObject MergeReport::toJson() const
{
    QJsonObject tables;
    for (auto it = added.begin(); it != added.end(); ++it)
        tables.insert(it.key(), it.value());
    QJsonArray list;
    for (const MergeConflict &conflict : conflicts)
        list.append(conflict.toJson());
    return {{u"added"_s, tables},
            {u"rows"_s, rows()},
            {u"conflicts"_s, list},
            {u"conflict_count"_s, conflictCount}};
}

} // namespace birch
