#pragma once

#include "app/cli/command.h"

namespace birch::cli {

// One per file cmd_*.cpp; listed in commands.cpp.
Command checkCommand();
Command runCommand();
Command resumeCommand();
Command demoCommand();
Command instrumentsCommand();

} // namespace birch::cli
