#pragma once

#include <QList>
#include <QString>

namespace birch {

/// One thing wrong with an input, found before anything was done. Checks collect all of them.
/// `birchctl check --json` prints exactly these fields.
struct Problem {
    QString file = {};    ///< path as given by the operator; empty for a tree that has no file
    QString node = {};    ///< node id (UUID text), or "" where no node is concerned
    QString field = {};   ///< key inside the node or file, e.g. "positions.stop"; may be empty
    int line = 0;         ///< 1-based line in the file; 0 where unknown
    QString message = {}; ///< what is wrong, one sentence
    QString remedy = {};  ///< what to do next, one sentence

    bool operator==(const Problem &) const = default;
};

using Problems = QList<Problem>;

} // namespace birch
