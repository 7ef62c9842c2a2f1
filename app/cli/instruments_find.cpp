#include "app/cli/instrument_verbs.h"

#include "app/session/resource_paths.h"
#include "app/session/termination.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/discovery/address_range.h"
#include "drivers/discovery/discovery_search.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFileInfo>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr double kLongestSearch = 600; // s

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// By address: the nickname that the bench has for it. Of simulated benches the addresses mean
/// nothing.
QMap<QString, QString> nicknames(const QString &benchFile)
{
    QMap<QString, QString> names;
    const BenchLoad load = loadBench(benchFile, definitionFolders());
    if (load.bench && !load.bench->isSimulated) {
        for (const BenchEntry &entry : load.bench->entries)
            names.insert(entry.address, entry.nickname);
    }
    return names;
}

Result<DiscoveryOptions> optionsFrom(const Invocation &invocation)
{
    DiscoveryOptions options;
    options.identifiesSerial = invocation.isSet(u"serial"_s);
    if (invocation.isSet(u"range"_s)) {
        auto hosts = hostsInRange(invocation.value(u"range"_s));
        if (!hosts)
            return hosts.error();
        options.hosts = std::move(hosts).value();
        options.limit *= 2; // what is asked one by one takes longer
    }
    if (invocation.isSet(u"seconds"_s)) {
        bool isNumber = false;
        const double seconds = invocation.value(u"seconds"_s).toDouble(&isNumber);
        if (!isNumber || !(seconds >= 0.5 && seconds <= kLongestSearch))
            return Error{ErrorCode::BadInput, tr("--seconds takes 0.5 to 600.")};
        options.limit = std::chrono::milliseconds(qint64(seconds * 1000));
    }
    return options;
}

QJsonObject toJson(const FoundInstrument &found, const QString &nickname)
{
    return {{u"addresses"_s, QJsonArray::fromStringList(found.addresses)},
            {u"found_by"_s, QJsonArray::fromStringList(found.ways)},
            {u"name"_s, found.name},
            {u"identity"_s, found.identity},
            {u"manufacturer"_s, found.manufacturer},
            {u"model"_s, found.model},
            {u"serial_number"_s, found.serialNumber},
            {u"definition"_s, found.definition},
            {u"nickname"_s, nickname},
            {u"problem"_s, found.problem}};
}

void print(const Invocation &invocation, const FoundInstrument &found, const QString &nickname)
{
    const QString announced = (found.manufacturer + u' ' + found.model).trimmed();
    const QString who = !found.identity.isEmpty() ? found.identity
                        : !announced.isEmpty()    ? announced
                                                  : found.name;
    invocation.print(u"%1  %2"_s.arg(found.addresses.first(), -40).arg(who).trimmed());
    for (const QString &address : found.addresses.sliced(1))
        invocation.print(u"    "_s + tr("also %1").arg(address));
    if (!nickname.isEmpty())
        invocation.print(u"    "_s + tr("in the bench as \"%1\"").arg(nickname));
    else if (!found.definition.isEmpty())
        invocation.print(u"    "_s + tr("definition %1; birchctl instruments add %2 --name NAME")
                                         .arg(found.definition, found.addresses.first()));
    else if (!found.identity.isEmpty())
        invocation.print(u"    "_s + tr("no definition; birchctl instruments new --identify %1")
                                         .arg(found.addresses.first()));
    else if (!found.problem.isEmpty())
        invocation.print(u"    "_s + found.problem);
}

} // namespace

int findInstruments(const Station &station, const Invocation &invocation)
{
    auto options = optionsFrom(invocation);
    if (!options)
        return invocation.usage(options.error().message);
    Problems problems;
    const QString benchFile = station.benchFile();
    const QStringList folders{QFileInfo(benchFile).absolutePath()};
    const QList<DefinitionPtr> definitions =
        loadDefinitions(folders + definitionFolders(), &problems);
    for (const Problem &problem : problems)
        invocation.note(problemText(problem));
    const QMap<QString, QString> bench = nicknames(benchFile);

    QMap<int, FoundInstrument> found;
    QStringList notes;
    QEventLoop loop;
    DiscoverySearch search(std::move(options).value(), definitions);
    QObject::connect(&search, &DiscoverySearch::found, &loop,
                     [&](const FoundInstrument &one) { found.insert(one.id, one); });
    QObject::connect(&search, &DiscoverySearch::gone, &loop, [&](int id) { found.remove(id); });
    QObject::connect(&search, &DiscoverySearch::finished, &loop, [&](const QStringList &said) {
        notes = said;
        loop.quit();
    });
    Termination termination; // an impatient person gets what was found until then
    QObject::connect(&termination, &Termination::requested, &search, &DiscoverySearch::stop);
    search.start();
    loop.exec();

    QJsonArray instruments;
    for (const FoundInstrument &one : std::as_const(found)) {
        QString nickname;
        for (const QString &address : one.addresses)
            nickname = nickname.isEmpty() ? bench.value(address) : nickname;
        instruments.append(toJson(one, nickname));
        if (!invocation.isJson)
            print(invocation, one, nickname);
    }
    for (const QString &note : std::as_const(notes))
        invocation.note(note);
    if (invocation.isJson)
        invocation.printJson(
            {{u"instruments"_s, instruments}, {u"notes"_s, QJsonArray::fromStringList(notes)}});
    else
        invocation.print(tr("%1 found").arg(found.size()));
    return kDone;
}

} // namespace birch::cli
