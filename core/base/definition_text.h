#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace birch {

/// One file of an instrument definition as it was read. What it extends is another one, found by
/// its version: together they are the definition.
struct DefinitionText {
    QByteArray version; ///< see definitionVersion(): of this text and of all that it extends
    QString id;
    QString name;    ///< manufacturer and model
    QByteArray text; ///< the bytes of the file
    QByteArray base; ///< version of what it extends; empty: it extends nothing

    bool operator==(const DefinitionText &) const = default;
};

/// SHA-256, lower-case hex: of the text of a definition that stands alone; else of its own and
/// those that it extends in turn, each after its length.
QByteArray definitionVersion(const QList<QByteArray> &texts);

} // namespace birch
