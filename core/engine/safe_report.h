#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>

namespace birch {

enum class SafeOutcome : quint8 {
    Waiting,  ///< its turn has not come
    Driving,  ///< asked for its safe value, on its way
    Done,     ///< read back at its safe value
    Pending,  ///< did not answer or did not arrive: tried again until done or dismissed
    Failed,   ///< can not be done: trying again would not help
    Dismissed ///< the operator takes care of it
};

/// One movement on its way to its safe value.
struct SafeMovement {
    QString instrument; ///< nickname
    int movement = -1;  ///< in the instrument's spec
    QString name;       ///< "smu.bias"
    QString unit;
    double target = 0;
    int order = 0; ///< lower first
    SafeOutcome outcome = SafeOutcome::Waiting;
    std::optional<double> readback; ///< where Done
    QString message;                ///< why not, where Pending or Failed
};

/// Where a safe sequence stands.
struct SafeReport {
    QList<SafeMovement> movements; ///< in the order they are driven

    bool isSafe() const;                    ///< every movement was read back at its safe value
    bool isOver() const;                    ///< nothing is being driven or tried again any more
    QStringList pendingInstruments() const; ///< what dismiss() is offered for
};

} // namespace birch

Q_DECLARE_METATYPE(birch::SafeReport)
