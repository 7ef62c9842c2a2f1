#include "app/cli/commands.h"

namespace birch::cli {

std::vector<Command> commands()
{
    std::vector<Command> commands{checkCommand(),  runCommand(),   resumeCommand(), queueCommand(),
                                  scansCommand(),  showCommand(),  dataCommand(),   exportCommand(),
                                  importCommand(), configCommand()};
    for (Command &command : entityCommands())
        commands.push_back(std::move(command));
    commands.insert(commands.end(),
                    {searchCommand(), eventsCommand(), trashCommand(), attachCommand(),
                     tagCommand(), pinCommand(), notifyCommand(), instrumentsCommand(),
                     safeCommand(), dbCommand(), demoCommand()});
    return commands;
}

} // namespace birch::cli
