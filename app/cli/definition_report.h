#pragma once

#include "app/cli/command.h"
#include "core/store/definition_texts.h"
#include "drivers/definition/bench_file.h"

namespace birch::cli {

/// Prints the text of the definition that \a nickname of \a scanId was driven by. Exit code.
int printDefinition(const Invocation &invocation, const QList<ScanDefinition> &definitions,
                    const QString &scanId, const QString &nickname);

/// Says which definitions of \a bench are not those that the instruments of a stored scan were
/// driven by, and what of their texts is different. \a instruments: as its record has them.
void tellOtherDefinitions(const Invocation &invocation, const QString &scanId,
                          const QJsonObject &instruments, const QList<ScanDefinition> &definitions,
                          const BenchFile &bench);

} // namespace birch::cli
