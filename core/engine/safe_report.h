#pragma once

#include <QList>
#include <QMetaType>
#include <QString>
#include <QVariant>

namespace birch {

enum class SafeOutcome : quint8 {
    Waiting,  ///< its turn has not come
    Driving,  ///< asked for its safe value, on its way
    Done,     ///< read back at its safe value
    Pending,  ///< did not answer or did not arrive: tried again until done or dismissed
    Failed,   ///< can not be done: trying again would not help
    Dismissed ///< the operator takes care of it
};

/// One movement or setting on its way to its safe value.
struct SafeTarget {
    QString instrument; ///< nickname
    int movement = -1;  ///< in the instrument's spec; -1: a setting
    QString parameter;  ///< key of the setting; "": a movement
    QString name;       ///< "smu.bias"
    QString unit;
    QVariant target; ///< of a movement: double
    int order = 0;   ///< lower first
    SafeOutcome outcome = SafeOutcome::Waiting;
    QVariant readback; ///< where Done
    QString message;   ///< why not, where Pending or Failed
};

/// Where a safe sequence stands.
struct SafeReport {
    QList<SafeTarget> targets; ///< in the order they are driven

    bool isSafe() const;                    ///< every one was read back at its safe value
    bool isOver() const;                    ///< nothing is being driven or tried again any more
    QStringList pendingInstruments() const; ///< what dismiss() is offered for
};

} // namespace birch

Q_DECLARE_METATYPE(birch::SafeReport)
