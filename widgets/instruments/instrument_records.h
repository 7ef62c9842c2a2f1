#pragma once

#include "core/base/problem.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <functional>

namespace birch {

/// One change of an instrument's connection, for people.
struct ConnectionLine {
    qint64 atUs = 0; ///< microseconds UTC
    QString what;    ///< "ready", "fault: timeout"
    QString reason;  ///< one sentence, or ""
    bool isFault = false;
};

/// Settings of an instrument as they were once.
struct KnownSettings {
    QString from;       ///< "preset cold", "how it was left on ..."
    QJsonObject values; ///< {parameter: value}
};

/// What the database knows of the instruments of a bench. Every call returns at once; replies come
/// on the thread that this belongs to, unless \a context is gone.
class InstrumentRecords : public QObject
{
    Q_OBJECT
public:
    template<typename T>
    using Reply = std::function<void(Result<T>)>;

    using QObject::QObject;

    /// Newest first.
    virtual void history(const QString &nickname, QObject *context,
                         Reply<QList<ConnectionLine>> reply) = 0;
    /// Names of the presets that fit it.
    virtual void presets(const QString &nickname, QObject *context, Reply<QStringList> reply) = 0;
    /// \a preset "": how it was left the last time.
    virtual void settings(const QString &nickname, const QString &preset, QObject *context,
                          Reply<KnownSettings> reply) = 0;
    /// \a values: as the instrument says now. Errors: Conflict - the name is taken, unless \a
    /// mayReplace.
    virtual void savePreset(const QString &nickname, const QString &name, const QVariantMap &values,
                            bool mayReplace, QObject *context, Reply<std::monostate> reply) = 0;

    /// Overdue calibrations of these, by the bench and by the database; where that is away, by the
    /// bench.
    virtual void calibrationWarnings(const QStringList &nicknames, QObject *context,
                                     std::function<void(const Problems &)> reply) = 0;
    /// Closes it, and keeps how it was left.
    virtual void closeInstrument(const QString &nickname) = 0;

signals:
    /// Something new is in its history.
    void historyChanged(const QString &nickname);
};

} // namespace birch
