#include "app/cli/await.h"
#include "app/cli/instrument_verbs.h"
#include "app/session/termination.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QTextStream>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr std::chrono::seconds kOpen{10};

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

int listActions(const Invocation &invocation, const InstrumentHost &host)
{
    QJsonArray actions;
    for (const ActionSpec &spec : host.spec().actions) {
        actions.append(QJsonObject{
            {u"action"_s, spec.name}, {u"label"_s, spec.label}, {u"confirm"_s, spec.confirm}});
        if (!invocation.isJson)
            invocation.print(u"%1  %2"_s.arg(spec.name, -14).arg(spec.label));
    }
    if (invocation.isJson)
        invocation.printJson({{u"nickname"_s, host.nickname()}, {u"actions"_s, actions}});
    else if (actions.isEmpty())
        invocation.print(tr("%1 has no actions: its definition can give it some under actions:.")
                             .arg(host.nickname()));
    return kDone;
}

int act(const Invocation &invocation, InstrumentHost &host, int action)
{
    QObject context;
    const auto opened =
        await<std::monostate>([&](auto reply) { host.open(kOpen, &context, reply); });
    if (!opened)
        return invocation.fail(opened.error(), kRanAndFailed);
    if (const Status leased = host.acquireLease(tr("birchctl instruments act")); !leased)
        return invocation.fail(leased.error(), kRanAndFailed);
    Termination termination; // what travels is halted
    QObject::connect(&termination, &Termination::requested, &context, [&] { host.cancel(); });
    const auto done = await<std::monostate>(
        [&](auto reply) { host.act(Priority::Panel, action, &context, reply); });
    if (!done)
        return invocation.fail(
            done.error(), done.error().code == ErrorCode::Cancelled ? kInterrupted : kRanAndFailed);
    const ActionSpec &spec = host.spec().actions[action];
    if (invocation.isJson)
        invocation.printJson({{u"nickname"_s, host.nickname()}, {u"action"_s, spec.name}});
    else
        invocation.print(tr("%1: %2 done").arg(host.nickname(), spec.label));
    return kDone;
}

} // namespace

bool isAgreed(const Invocation &invocation, const QString &question)
{
    if (invocation.isSet(u"yes"_s))
        return true;
    if (invocation.isJson || ::isatty(STDIN_FILENO) == 0) {
        invocation.note(tr("%1 Nothing was set: add --yes to agree.").arg(question));
        return false;
    }
    QTextStream(stderr) << question << tr(" [y/N] ") << Qt::flush;
    return QTextStream(stdin).readLine().trimmed().toLower() == u"y";
}

int actInstrument(const Invocation &invocation, StationBench &station, const QStringList &arguments)
{
    InstrumentHost *host = station.bench().find(arguments.value(0));
    if (!host)
        return invocation.usage(tr("The bench has no instrument \"%1\".").arg(arguments.value(0)));
    if (arguments.size() == 1)
        return listActions(invocation, *host);
    const int action = host->spec().actionIndex(arguments[1]);
    if (action < 0)
        return invocation.usage(
            tr("%1 has no action \"%2\": birchctl instruments act %1 lists them.")
                .arg(host->nickname(), arguments[1]));
    const QString confirm = host->spec().actions[action].confirm;
    if (!confirm.isEmpty() && !isAgreed(invocation, confirm))
        return kRanAndFailed;
    return act(invocation, *host, action);
}

} // namespace birch::cli
