#pragma once

#include "core/store/connection.h"
#include "core/store/session.h"

#include <QJsonObject>

namespace birch {

/// An instrument where it is connected at the moment.
struct InstrumentAtStation {
    QString manufacturer; ///< as it says itself
    QString model;
    QString serialNumber; ///< "": it has none, or has not answered yet
    QString station;      ///< name
    QString nickname;
    QString address;    ///< VISA resource string
    QString definition; ///< id

    bool operator==(const InstrumentAtStation &) const = default;
};

/// Rows of `instruments` and `instrument_bindings` for what a station connects. With a serial
/// number an instrument is the same row wherever it is connected; without one it is whatever this
/// station has called by that nickname and definition before. One that takes the place of another
/// is a row of its own, and the other one's binding stays as one that is not usual.
class InstrumentRegistry
{
    Q_DECLARE_TR_FUNCTIONS(InstrumentRegistry)
public:
    InstrumentRegistry(Connection &connection, const Session &session)
        : m_connection(connection)
        , m_session(session)
    {
    }

    /// The row of the instrument, made or completed where need be, with its binding.
    /// \a connectedUs: since when it is connected, microseconds UTC; 0: it is not.
    /// Blocks for one transaction. Errors: Denied; those of the database.
    Result<qint64> enter(const InstrumentAtStation &instrument, qint64 connectedUs);

    /// The settings that \a instrument was left with, as JSON of core/instrument's snapshot.
    Status keepSettings(const InstrumentAtStation &instrument, const QJsonObject &settings,
                        qint64 atUs);

private:
    Result<qint64> rowOf(const InstrumentAtStation &instrument);
    Result<qint64> bySerial(const InstrumentAtStation &instrument);
    Result<qint64> byNickname(const InstrumentAtStation &instrument);
    Result<qint64> add(const InstrumentAtStation &instrument);
    Status complete(qint64 row, const InstrumentAtStation &instrument);
    Status bind(qint64 row, const InstrumentAtStation &instrument, qint64 connectedUs);

    Connection &m_connection;
    const Session &m_session;
};

} // namespace birch
