#pragma once

#include "core/base/problem.h"
#include "core/plan/node_registry.h"
#include "core/plan/scan_tree.h"
#include "core/plan/tree_library.h"

#include <QHash>

namespace birch {

/// A tree with the content of every enabled include in its place, and with full paths where nodes
/// name other files, so that it means the same from any folder.
struct ExpandedTree {
    /// None: the tree names neither files nor stored trees. Each include has become a sequence with
    /// its id, label, timeout and failure policy, which holds the root of the included tree.
    std::optional<ScanTree> tree;
    /// Problems with files, cycles and versions; each names the include node of the outer tree.
    Problems problems;
    bool asksLibrary = false; ///< something is included by name
    bool isTooLarge = false;  ///< the tree is cut off: not worth compiling

    struct Source {
        NodeId include; ///< in the outer tree
        QString field;  ///< of the include, that names it
        QString name;   ///< of the file or of the stored tree, for people
    };
    QHash<NodeId, Source> sources; ///< of the nodes that came from elsewhere
};

/// Reads what \a tree includes, files being relative to the folder of the file that includes them
/// (\a file for the tree itself, and for stored trees that it includes), and stored trees those of
/// \a library. Ids of included nodes follow from the id of the include node and
/// their place below it, so the same files give the same tree. Blocks for the disk; any thread.
ExpandedTree expandIncludes(const ScanTree &tree, const NodeRegistry &registry, const QString &file,
                            const TreeLibrary &library = {});

/// Whether \a tree, or a file that it includes, includes a stored tree. As expandIncludes().
bool needsLibrary(const ScanTree &tree, const NodeRegistry &registry, const QString &file);

/// \a problems with those of included nodes put at the include node, naming the file.
Problems toldAtIncludes(const Problems &problems, const ExpandedTree &expanded);

/// The version of a tree's file: changes with what it says, not with its layout or place.
QString treeFileVersion(const QByteArray &text);

} // namespace birch
