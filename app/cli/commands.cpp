#include "app/cli/commands.h"

namespace birch::cli {

std::vector<Command> commands()
{
    return {checkCommand(), runCommand(), resumeCommand(), instrumentsCommand(), demoCommand()};
}

} // namespace birch::cli
