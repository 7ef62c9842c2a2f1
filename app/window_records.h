#pragma once

#include "app/session/workstation.h"
#include "core/store/store_reader.h"
#include "widgets/instruments/instrument_records.h"

namespace birch {

/// The records of the instruments of a window's station, read on the reader's thread.
class WindowRecords final : public InstrumentRecords
{
    Q_OBJECT
public:
    /// Both outlive it.
    WindowRecords(Workstation &station, StoreReader &reader);

    void history(const QString &nickname, QObject *context,
                 Reply<QList<ConnectionLine>> reply) override;
    void presets(const QString &nickname, QObject *context, Reply<QStringList> reply) override;
    void settings(const QString &nickname, const QString &preset, QObject *context,
                  Reply<KnownSettings> reply) override;
    void savePreset(const QString &nickname, const QString &name, const QVariantMap &values,
                    bool mayReplace, QObject *context, Reply<std::monostate> reply) override;
    void calibrationWarnings(const QStringList &nicknames, QObject *context,
                             std::function<void(const Problems &)> reply) override;
    void closeInstrument(const QString &nickname) override;

private:
    QString definitionOf(const QString &nickname) const;

    Workstation &m_station;
    StoreReader &m_reader;
    QSet<QString> m_noted; ///< something became of these
};

} // namespace birch
