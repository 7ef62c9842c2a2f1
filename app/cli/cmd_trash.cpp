#include "app/cli/commands.h"
#include "app/cli/verb_table.h"
#include "core/store/entity/trash.h"
#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

qint64 retentionUs(const StationData &data)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               data.settings().duration(Setting::TrashRetention))
        .count();
}

Result<QJsonObject> list(StationData &data, const Invocation &, const QStringList &)
{
    const auto entries = Trash(data.connection()).list(data.session());
    if (!entries)
        return entries.error();
    QJsonArray items;
    for (const TrashEntry &entry : entries.value()) {
        const qint64 at = entry.root.trashedUs.value_or(0);
        items.append(QJsonObject{{u"object"_s, entry.root.name()},
                                 {u"kind"_s, entry.root.kind},
                                 {u"uid"_s, entry.root.uid},
                                 {u"title"_s, entry.root.title},
                                 {u"count"_s, entry.count},
                                 {u"trashed_at"_s, isoTime(at)},
                                 {u"expires_at"_s, isoTime(at + retentionUs(data))}});
    }
    return QJsonObject{{u"trash"_s, items}};
}

using Operation = Result<TrashOutcome> (Trash::*)(const Session &, const QString &,
                                                  const QString &);

template<Operation operation>
Result<QJsonObject> one(StationData &data, const Invocation &, const QStringList &arguments)
{
    const auto object = findObject(data.connection(), arguments.first());
    if (!object)
        return object.error();
    Trash trash(data.connection());
    const auto done = (trash.*operation)(data.session(), object.value().kind, object.value().uid);
    if (!done)
        return done.error();
    return done.value().toJson();
}

Result<QJsonObject> empty(StationData &data, const Invocation &, const QStringList &)
{
    const auto done =
        Trash(data.connection()).purgeExpired(data.session(), nowUs() - retentionUs(data));
    if (!done)
        return done.error();
    QJsonArray purged;
    for (const TrashOutcome &outcome : done.value().purged)
        purged.append(outcome.toJson());
    return QJsonObject{{u"purged"_s, purged},
                       {u"kept"_s, QJsonArray::fromStringList(done.value().kept)}};
}

void printOutcome(const Invocation &invocation, const QJsonObject &answer)
{
    const QJsonObject counts = answer[u"counts"_s].toObject();
    QStringList parts;
    for (auto it = counts.begin(); it != counts.end(); ++it)
        parts << u"%1 %2"_s.arg(it.value().toInteger()).arg(it.key());
    invocation.print(answer[u"title"_s].toString() + u": "_s + parts.join(u", "_s));
}

void printEmptied(const Invocation &invocation, const QJsonObject &answer)
{
    for (const QJsonValue &purged : answer[u"purged"_s].toArray())
        printOutcome(invocation, purged.toObject());
    for (const QJsonValue &kept : answer[u"kept"_s].toArray())
        invocation.print(kept.toString());
    invocation.print(tr("%1 purged").arg(answer[u"purged"_s].toArray().size()));
}

} // namespace

Command trashCommand()
{
    return verbCommand(
        u"trash"_s, tr("List what is in the trash; put something there, bring it back, end it."),
        {{u"list"_s,
          {},
          tr("what was trashed, oldest first, and when it expires"),
          list,
          listPrinter(u"trash"_s, {u"object"_s, u"count"_s, u"trashed_at"_s, u"expires_at"_s})},
         {u"put"_s, u"OBJECT"_s, tr("trashes it with all it owns and contains"), one<&Trash::trash>,
          printOutcome},
         {u"restore"_s, u"OBJECT"_s, tr("brings back exactly what that trashing took"),
          one<&Trash::restore>, printOutcome},
         {u"purge"_s, u"OBJECT"_s, tr("for good, when nothing that stays refers to it"),
          one<&Trash::purge>, printOutcome},
         {u"empty"_s,
          {},
          tr("purges what is older than the setting trash.retention"),
          empty,
          printEmptied}});
}

} // namespace birch::cli
