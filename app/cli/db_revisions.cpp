#include "app/cli/db_verbs.h"
#include "core/store/schema.h"
#include "core/store/schema/migration_draft.h"
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

int check(const Invocation &invocation, const Station &, const DatabaseUrl &url)
{
    const auto audit = schemaOf(invocation, url).check();
    if (!audit)
        return invocation.fail(audit.error());
    const int code = audit.value().isClean() ? kDone : kRanAndFailed;
    if (invocation.isJson) {
        invocation.printJson(audit.value().toJson());
        return code;
    }
    for (const SchemaDifference &difference : audit.value().differences + audit.value().undeclared)
        invocation.print(
            u"%1  %2"_s.arg(differenceName(difference.kind), -11).arg(difference.message));
    if (!audit.value().notCompared.isEmpty())
        invocation.note(audit.value().notCompared);
    if (audit.value().isClean())
        invocation.print(tr("Everything is as schema %1 says.").arg(audit.value().version));
    if (!audit.value().remedy.isEmpty())
        invocation.print(audit.value().remedy + u'.');
    return code;
}

QString stateText(const HistoryEntry &entry)
{
    using State = HistoryEntry::State;
    switch (entry.state) {
    case State::Applied:
        return isoTime(entry.appliedUs) + u"  "_s + entry.program;
    case State::Pending:
        return tr("pending");
    case State::Edited:
        return isoTime(entry.appliedUs) + u"  "_s + entry.program + u"  "_s +
               tr("another one than this program's");
    case State::Unknown:
        return isoTime(entry.appliedUs) + u"  "_s + entry.program + u"  "_s +
               tr("not known to this program");
    }
    return {};
}

int history(const Invocation &invocation, const Station &, const DatabaseUrl &url)
{
    const auto entries = schemaOf(invocation, url).history();
    if (!entries)
        return invocation.fail(entries.error());
    QJsonArray list;
    for (const HistoryEntry &entry : entries.value()) {
        list << entry.toJson();
        if (!invocation.isJson)
            invocation.print(
                u"%1  %2  %3  %4"_s.arg(entry.version, 4, 10, QChar(u'0'))
                    .arg(entry.name, -20)
                    .arg(entry.checksum.first(std::min<qsizetype>(12, entry.checksum.size())))
                    .arg(stateText(entry)));
    }
    if (invocation.isJson)
        invocation.printJson({{u"migrations"_s, list}});
    return kDone;
}

int stamp(const Invocation &invocation, const Station &, const DatabaseUrl &url)
{
    if (invocation.arguments().size() != 2)
        return invocation.usage(tr("Name the schema that the tables have: db stamp REV."));
    const auto stamped =
        schemaOf(invocation, url).stamp(invocation.arguments()[1], invocation.isSet(u"force"_s));
    if (!stamped)
        return invocation.fail(stamped.error());
    if (invocation.isJson)
        invocation.printJson(stamped.value().toJson());
    else
        invocation.print(tr("Stamped as schema %1.").arg(stamped.value().current));
    return kDone;
}

int newMigration(const Invocation &invocation, const Station &, const DatabaseUrl &)
{
    if (invocation.arguments().size() != 2)
        return invocation.usage(tr("Name the migration: db new NAME."));
    const QString dir =
        invocation.isSet(u"directory"_s) ? invocation.value(u"directory"_s) : u"resources/sql"_s;
    const auto written = writeNewMigration(dir, invocation.arguments()[1]);
    if (!written)
        return invocation.fail(written.error());
    const auto finished = loadMigrations(Dialect(Engine::Sqlite), dir);
    if (!finished)
        invocation.note(finished.error().message);
    if (invocation.isJson)
        invocation.printJson({{u"files"_s, QJsonArray::fromStringList(written.value())},
                              {u"finished"_s, bool(finished)}});
    for (const QString &file : invocation.isJson ? QStringList() : written.value())
        invocation.print(file);
    return kDone;
}

} // namespace

std::vector<DbVerb> revisionVerbs()
{
    return {
        {.name = u"history"_s,
         .summary = tr("lists the migrations, applied and pending"),
         .run = history},
        {.name = u"check"_s,
         .summary = tr("compares every table with what it must be; exit code 1 when any differs"),
         .options = {{u"directory"_s,
                      tr("schema verbs: take the migrations from DIR (default: those that came "
                         "with the program; of new: resources/sql)."),
                      u"DIR"_s}},
         .run = check},
        {.name = u"stamp"_s,
         .arguments = u"REV"_s,
         .summary = tr("says that the tables are those of schema REV, when they are"),
         .options = {{u"force"_s, tr("stamp: also when they are not.")}},
         .run = stamp},
        {.name = u"new"_s,
         .arguments = u"NAME"_s,
         .summary = tr("for developers: writes the migration to what is declared; what it can not "
                       "know is marked and has to be filled in"),
         .run = newMigration},
    };
}

} // namespace birch::cli
