#pragma once

#include "core/plan/scan_node.h"

#include <QMap>
#include <QStringList>

namespace birch {

/// What the operator says about the scan, stored in the tree's file.
struct TreeDetails {
    QString sample; ///< name or uid; "" while none is chosen
    QString project;
    QString operatorName; ///< "operator" in JSON
    QString title;
    QString type;
    QStringList tags;
    QString comment;
    QMap<QString, QString> fields; ///< of the user, by name

    bool isEmpty() const { return *this == TreeDetails(); }
    bool operator==(const TreeDetails &) const = default;
};

/// The document an operator edits: a name, details and nodes below a root sequence.
/// A value: copies are deep and keep the node ids. Never empty: the root is always there.
class ScanTree
{
public:
    ScanTree();
    explicit ScanTree(std::unique_ptr<ScanNode> root);
    ScanTree(const ScanTree &other);
    ScanTree &operator=(const ScanTree &other);
    ScanTree(ScanTree &&) noexcept = default;
    ScanTree &operator=(ScanTree &&) noexcept = default;
    ~ScanTree() = default;

    QString name;
    TreeDetails details;

    ScanNode *root() const { return m_root.get(); }
    ScanNode *find(const NodeId &id) const; ///< null: none
    int nodeCount() const;                  ///< the root included

private:
    std::unique_ptr<ScanNode> m_root;
};

/// Kind of the root of every tree.
inline constexpr auto kRootKind = "sequence";

/// More nodes, or deeper nesting, than anybody draws: such a file is refused instead of read.
inline constexpr int kMaxNodes = 100'000;
inline constexpr int kMaxDepth = 64;

} // namespace birch
