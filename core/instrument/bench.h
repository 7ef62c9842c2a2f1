#pragma once

#include "core/base/definition_text.h"
#include "core/instrument/instrument_host.h"

#include <map>
#include <mutex>

namespace birch {

/// What a bench file said: kept with every scan that runs on the bench. A value.
struct BenchRecord {
    QString name;
    QString file;       ///< path it was read from
    QByteArray text;    ///< of that file; empty: of none
    QByteArray version; ///< SHA-256 of the text, lower-case hex
    /// By nickname: its own text first, then what it extends in turn.
    QMap<QString, QList<DefinitionText>> definitions;
};

/// The instruments of one station by nickname: what plans are compiled against and the engine runs
/// on. Owns the hosts; belongs to the composition root, outlives engine and panels. Changed on its
/// own thread only; may be asked on any.
class Bench : public QObject
{
    Q_OBJECT
public:
    explicit Bench(QObject *parent = nullptr);
    ~Bench() override;

    Status add(std::unique_ptr<InstrumentHost> host); ///< Conflict: the nickname is taken
    /// These leave the bench: they are closed and found no more. Their hosts live as long as the
    /// bench, since others may still hold a pointer. All of them or none. Errors: NotFound;
    /// Conflict - one is held by somebody, who is named.
    Status retire(const QStringList &nicknames);

    InstrumentHost *find(const QString &nickname) const; ///< null: none
    QList<InstrumentHost *> hosts() const;               ///< ordered by nickname

    BenchRecord record() const;
    void setRecord(BenchRecord record);

signals:
    void hostAdded(birch::InstrumentHost *host);
    void hostRetired(birch::InstrumentHost *host); ///< closed soon; not to be asked any more

private:
    mutable std::mutex m_mutex; // guards all below
    std::map<QString, std::unique_ptr<InstrumentHost>> m_hosts;
    std::vector<std::unique_ptr<InstrumentHost>> m_retired;
    BenchRecord m_record;
};

} // namespace birch
