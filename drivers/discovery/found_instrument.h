#pragma once

#include <QString>
#include <QStringList>

namespace birch {

/// An instrument that a search has found. A value.
struct FoundInstrument {
    int id = 0;            ///< within its search: told of again, with more known of it
    QStringList addresses; ///< canonical resource strings, the best one first
    QStringList ways;      ///< how it was found: "mdns", "vxi11", "range", "serial"
    QString name;          ///< what it calls itself, for people; may be ""
    QString identity;      ///< its answer to *IDN?; "": not asked, or no answer
    QString manufacturer;  ///< from the identity, or from what it announces
    QString model;
    QString serialNumber;
    QString definition; ///< id of the one that fits it; "": none
    QString problem;    ///< why nothing more is known; "" where nothing is wrong

    bool operator==(const FoundInstrument &) const = default;
};

} // namespace birch
