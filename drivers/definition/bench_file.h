#pragma once

#include "core/instrument/instrument.h"
#include "drivers/definition/definition.h"
#include "drivers/transport/trace_ring.h"

#include "core/base/problem.h"

namespace birch {

/// One instrument of a bench.
struct BenchEntry {
    QString nickname;
    DefinitionPtr definition; ///< with the bench's own link settings
    QString address;          ///< VISA resource string, canonical
    InstrumentSpec spec;      ///< the definition's with the bench's overrides
    QStringList faults;       ///< for a simulated bench: the definition's and the bench's own
};

/// Whether another process watches the program while it runs scans, and makes the bench safe in its
/// place (birch-sentinel).
struct SentinelRule {
    std::optional<bool> isEnabled; ///< not said: yes for real instruments; simulated ones end with
                                   ///< the program, so there is nothing to make safe
    Nanoseconds beat = std::chrono::seconds(1); ///< how often the program says that it lives
    int missed = 3; ///< beats after which it is killed; 0: never (while it is debugged)
};

/// What a *.bench.yaml says. A value.
struct BenchFile {
    QString path;
    QByteArray text;
    QByteArray version; ///< SHA-256 of the text, lower-case hex
    QString name;
    QString station;             ///< "" : the computer's own name
    bool isSimulated = false;    ///< simulate: true
    quint64 seed = 1;            ///< of a simulated bench's noise
    double timeFactor = 1;       ///< of a simulated bench: physics seconds per second
    QMap<QString, double> world; ///< initial shared quantities of a simulated bench
    SentinelRule sentinel;
    QList<BenchEntry> entries; ///< in the order of the file

    const BenchEntry *find(const QString &nickname) const; ///< null: none
};

struct BenchLoad {
    std::optional<BenchFile> bench; ///< nothing when there are problems
    Problems problems;
};

/// Reads a bench and the definitions it names: paths relative to the bench's folder, ids from
/// there and from \a definitionFolders. Overrides lie within the definition's limits; two
/// instruments at one address are a problem.
BenchLoad loadBench(const QString &path, const QStringList &definitionFolders);

/// The same from text; \a path is quoted in problems and names the folder.
BenchLoad loadBenchText(const QByteArray &text, const QString &path,
                        const QStringList &definitionFolders);

/// The instrument of \a entry behind a transport to \a address (normally entry.address). To be
/// called on the thread that will use it. An address that can not be used shows at open().
/// Its traffic is noted in \a trace, which outlives it.
std::unique_ptr<Instrument> makeInstrument(const BenchEntry &entry, const QString &address,
                                           std::shared_ptr<TraceRing> trace = {});

} // namespace birch
