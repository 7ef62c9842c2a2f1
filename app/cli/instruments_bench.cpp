#include "app/cli/instrument_verbs.h"

#include "app/session/bench_change.h"
#include "app/session/resource_paths.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/discovery/identity.h"
#include "drivers/transport/resource.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr std::chrono::seconds kIdentityTime{5};

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// The bench that a person means to change: never the demo's, which is simulated and not theirs.
QString benchToChange(const Invocation &invocation)
{
    if (!invocation.bench.isEmpty())
        return invocation.bench;
    const QString own = stationBenchFile();
    return own.isEmpty() ? ownBenchFile() : own;
}

/// Where a bench finds definitions: those beside it come before those of the program.
QStringList foldersOf(const QString &bench)
{
    return QStringList{QFileInfo(bench).absolutePath()} + definitionFolders();
}

/// The id of the definition that fits whoever answers at \a address.
Result<QString> definitionFor(const QString &address, const QStringList &folders, QString *identity)
{
    const auto answer = askIdentity(address, Call::within(kIdentityTime));
    if (!answer)
        return Error{answer.error().code,
                     tr("%1; or say what it is with --definition (see instruments definitions)")
                         .arg(answer.error().message)};
    *identity = answer.value();
    Problems problems;
    const IdentityMatcher matcher(loadDefinitions(folders, &problems));
    if (const DefinitionPtr definition = matcher.match(answer.value()))
        return definition->spec.definitionId;
    return Error{ErrorCode::NotFound,
                 tr("No definition fits \"%1\"; write a first one with birchctl instruments new "
                    "--identify %2, or say which one to use with --definition")
                     .arg(answer.value(), address)};
}

int report(const Invocation &invocation, const BenchChange &change, const QString &nickname,
           const QString &identity)
{
    if (!change.bench)
        return invocation.fail(change.problems);
    const BenchEntry *entry = change.bench->find(nickname);
    if (!entry)
        return invocation.fail(Error{ErrorCode::Internal, tr("The change was not made")});
    if (invocation.isJson)
        invocation.printJson({{u"bench"_s, change.bench->path},
                              {u"nickname"_s, nickname},
                              {u"address"_s, entry->address},
                              {u"definition"_s, entry->spec.definitionId},
                              {u"identity"_s, identity}});
    else
        invocation.print(u"%1  %2  %3 %4"_s.arg(nickname, -14)
                             .arg(entry->address, -40)
                             .arg(entry->spec.manufacturer, entry->spec.model));
    invocation.note(tr("Written to %1.").arg(change.bench->path));
    if (change.bench->isSimulated)
        invocation.note(tr("That bench says simulate: true: no instrument is reached through it."));
    return kDone;
}

} // namespace

int addInstrument(const Station &, const Invocation &invocation, const QStringList &arguments)
{
    const QString nickname = invocation.value(u"name"_s);
    if (arguments.size() != 1 || nickname.isEmpty())
        return invocation.usage(tr("Write it as: add ADDRESS --name NICKNAME [--definition ID]."));
    const auto resource = parseResource(arguments[0]);
    if (!resource)
        return invocation.fail(resource.error());
    const QString address = resource.value().canonical();
    const QString bench = benchToChange(invocation);
    QString definition = invocation.value(u"definition"_s);
    QString identity;
    if (definition.isEmpty()) {
        auto found = definitionFor(address, foldersOf(bench), &identity);
        if (!found)
            return invocation.fail(found.error());
        definition = std::move(found).value();
    }
    return report(invocation, addToBench(bench, {nickname, definition, address}), nickname,
                  identity);
}

int moveInstrument(const Station &, const Invocation &invocation, const QStringList &arguments)
{
    if (arguments.size() != 2)
        return invocation.usage(tr("Write it as: move NICKNAME ADDRESS."));
    const auto resource = parseResource(arguments[1]);
    if (!resource)
        return invocation.fail(resource.error());
    return report(
        invocation,
        moveInBench(benchToChange(invocation), arguments[0], resource.value().canonical()),
        arguments[0], {});
}

} // namespace birch::cli
