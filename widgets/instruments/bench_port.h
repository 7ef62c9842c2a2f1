#pragma once

#include "core/base/problem.h"
#include "core/instrument/specs.h"

#include <QMap>
#include <QObject>
#include <QStringList>

#include <functional>

namespace birch {

class InstrumentRecords;

/// An instrument that a search has found. A value.
struct FoundRow {
    int id = 0; ///< within its search: told of again with more known
    QString address;
    QStringList others;     ///< addresses of the same instrument
    QString who;            ///< what it calls itself; "" unknown
    QString definition;     ///< id of the one that fits; "": none
    QString nickname;       ///< by which the bench has it at this address; "": not
    QStringList candidates; ///< of the bench, at other addresses, with the same definition
    QString problem;        ///< why no more is known of it
};

/// What joins the bench.
struct NewInstrument {
    QString nickname;
    QString definition; ///< id
    QString address;
};

/// What the bench says of a movement beyond its definition; nothing: what the definition says.
struct MovementForm {
    MovementSpec defined;
    std::optional<Limits> limits;
    std::optional<double> safe; ///< in the movement's unit, as the next
    std::optional<double> pause;
};

/// What the bench says of one instrument.
struct InstrumentForm {
    QString nickname;
    QString definition; ///< id
    QString address;
    QList<MovementForm> movements;
    QStringList columns;                     ///< that can be calibrated
    QMap<QString, Calibration> calibrations; ///< by column; "": of the whole instrument
};

/// Where instruments are looked for besides what announces itself.
struct SearchWish {
    QString range; ///< addresses asked one by one, e.g. 192.168.0.1-40; "": none
    bool asksSerial = false;
};

/// One event on a connection, as text for people.
struct TrafficLine {
    qint64 timeNs = 0; ///< since 1970, UTC
    QString text;      ///< > "sent", < "received", or a word
};

/// What the window can do with the bench beyond talking to its instruments: find, add, edit, and
/// look at the traffic. Every call returns at once; signals and replies come on the thread that
/// this belongs to.
class BenchPort : public QObject
{
    Q_OBJECT
public:
    using Reply = std::function<void(const Problems &)>; ///< none: it is done

    using QObject::QObject;

    virtual QMap<QString, QString> addresses() const = 0; ///< nickname -> address in use
    virtual QString file() const = 0;                     ///< that changes are written to
    /// Why a change is not in use at once, with what to do; "" where it is.
    virtual QString fileNote() const = 0;
    virtual QStringList definitions() const = 0; ///< ids of those that are known

    /// Ends the search before it. The reply to a wish that can not be: the problem.
    virtual Problems search(const SearchWish &wish) = 0;
    virtual void stopSearch() = 0;

    virtual void add(const NewInstrument &instrument, QObject *context, Reply reply) = 0;
    virtual void move(const QString &nickname, const QString &address, QObject *context,
                      Reply reply) = 0;
    virtual InstrumentForm form(const QString &nickname) const = 0;
    /// Writes what is another in \a now. All of it or nothing.
    virtual void change(const InstrumentForm &before, const InstrumentForm &now, QObject *context,
                        Reply reply) = 0;
    virtual void remove(const QString &nickname, QObject *context, Reply reply) = 0;
    /// Takes over what the bench file says now.
    virtual Problems reload() = 0;

    /// The latest events of the connection of \a nickname after \a sinceNs, oldest first.
    virtual QList<TrafficLine> traffic(const QString &nickname, qint64 sinceNs) const = 0;

    virtual InstrumentRecords &records() = 0;

signals:
    void found(const birch::FoundRow &row);
    void gone(int id); ///< it is another one that was found on another path
    void searchEnded(const QStringList &notes);
    /// Instruments, addresses or limits are others now. \a sentence: which.
    void benchChanged(const QString &sentence);
};

} // namespace birch
