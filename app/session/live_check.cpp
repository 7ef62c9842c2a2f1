#include "app/session/live_check.h"

#include <QCoreApplication>

#include <future>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("LiveCheck", text);
}
} // namespace

QList<LiveInstrument> identifyInstruments(const StationBench &bench, const QStringList &nicknames,
                                          Nanoseconds limit)
{
    std::vector<std::future<LiveInstrument>> answers;
    for (const BenchEntry &entry : bench.file().entries) {
        if (!nicknames.isEmpty() && !nicknames.contains(entry.nickname))
            continue;
        const QString address = bench.addresses().value(entry.nickname, entry.address);
        answers.push_back(std::async(std::launch::async, [&entry, address, limit] {
            const auto who = makeInstrument(entry, address)->identify(Call::within(limit));
            return LiveInstrument{entry.nickname, who ? who.value() : QString(),
                                  who ? QString() : who.error().message};
        }));
    }
    QList<LiveInstrument> instruments;
    for (auto &answer : answers)
        instruments << answer.get();
    return instruments;
}

Problems liveProblems(const QList<LiveInstrument> &instruments, const QString &benchFile)
{
    Problems problems;
    for (const LiveInstrument &instrument : instruments) {
        if (!instrument.problem.isEmpty())
            problems << Problem{.file = benchFile,
                                .field = instrument.nickname,
                                .message = instrument.problem,
                                .remedy = tr("Switch it on, see to its cable and its address in "
                                             "the bench file, and end what else talks to it.")};
    }
    return problems;
}

} // namespace birch
