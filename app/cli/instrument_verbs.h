#pragma once

#include "app/cli/station_setup.h"

namespace birch::cli {

/// Verbs of `birchctl instruments` with files of their own; each returns an exit code.
int findInstruments(const Station &station, const Invocation &invocation);
int addInstrument(const Station &station, const Invocation &invocation,
                  const QStringList &arguments);
int moveInstrument(const Station &station, const Invocation &invocation,
                   const QStringList &arguments);
int newInstrument(const Station &station, const Invocation &invocation,
                  const QStringList &arguments);

int instrumentStatus(const Station &station, const Invocation &invocation,
                     const QStringList &arguments);
int instrumentPresets(const Station &station, const Invocation &invocation,
                      const QStringList &arguments);
int lastInstrumentSettings(const Station &station, const Invocation &invocation,
                           const QStringList &arguments);

/// Does an action of an instrument and waits for its end; without a name it prints which there are.
int actInstrument(const Invocation &invocation, StationBench &station,
                  const QStringList &arguments);
/// Yes by --yes, or at the terminal.
bool isAgreed(const Invocation &invocation, const QString &question);

} // namespace birch::cli
