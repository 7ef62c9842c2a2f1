#pragma once

#include "app/cli/command.h"

namespace birch::cli {

// One per file cmd_*.cpp; listed in commands.cpp.
Command checkCommand();
Command runCommand();
Command resumeCommand();
Command demoCommand();
Command scansCommand();
Command showCommand();
Command dataCommand();
Command exportCommand();
Command importCommand();
Command configCommand();
std::vector<Command> entityCommands(); ///< samples, labs, projects, …
Command searchCommand();
Command eventsCommand();
Command instrumentsCommand();
Command trashCommand();
Command attachCommand();
Command tagCommand();
Command pinCommand();
Command notifyCommand();
Command safeCommand();
Command dbCommand();
Command queueCommand();

} // namespace birch::cli
