#pragma once

#include <QDate>
#include <QString>

namespace birch {

/// One calibration of an instrument, or of one column of what it reads.
struct Calibration {
    QString column = {};      ///< "current", or "iv.current"; "": of the whole instrument
    QDate date = {};          ///< invalid: not said
    QDate due = {};           ///< the last day on which it holds; invalid: for ever
    QString by = {};          ///< who did it
    QString certificate = {}; ///< its number
    /// Of a column: what is recorded = factor * what the instrument says + offset, both in the
    /// column's own unit.
    double factor = 1;
    double offset = 0;

    bool isOverdue(const QDate &today) const { return due.isValid() && today > due; }
    bool operator==(const Calibration &) const = default;
};

} // namespace birch
