#include "app/cli/commands.h"
#include "app/cli/prompt_answers.h"
#include "app/cli/queue_verbs.h"
#include "app/cli/run_options.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

Command queueCommand()
{
    std::vector<Verb> verbs = queueListVerbs();
    for (const auto &more : {queueFillVerbs(), queueEditVerbs(), queueRunVerbs()})
        verbs.insert(verbs.end(), more.begin(), more.end());
    Command command =
        verbCommand(u"queue"_s,
                    QCoreApplication::translate(
                        "birchctl", "Queues that are kept in the database: fill, order, run them."),
                    verbs, detailOptions() + queueEditOptions() + queueRunOptions());
    command.help +=
        u'\n' +
        QCoreApplication::translate(
            "birchctl",
            "An ITEM is given as QUEUE/NUMBER, as \"show\" counts them, or by its id. Queues are "
            "run by stations that have started them: one here, or on PostgreSQL as many as there "
            "are, each scan by one of them. What is changed while a queue runs counts from the "
            "next scan on.\nFields of your own go with every scan of a queue: over those that the "
            "file of its tree has, under those of the item, and under what --field says; an empty "
            "text takes one away.");
    return command;
}

} // namespace birch::cli
