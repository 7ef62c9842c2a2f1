#pragma once

#include "core/base/problem.h"
#include "core/plan/node_registry.h"
#include "core/plan/scan_tree.h"

namespace birch {

/// A tree read from JSON, or everything that is wrong with it.
struct ReadTree {
    std::optional<ScanTree> tree; ///< none: there are problems
    Problems problems;
};

/// The document of a tree ("birch.scan"), as stored in files and with every scan.
QJsonObject treeToJson(const ScanTree &tree);
/// The same as canonical text: reading and writing it again gives the same bytes.
QByteArray treeToText(const ScanTree &tree);
/// One node with everything below it, e.g. for the clipboard.
QJsonObject nodeToJson(const ScanNode &node);
QByteArray nodeToText(const ScanNode &node);

/// Strict: unknown keys and kinds, values of the wrong type and ids given twice are problems, all
/// of them at once. A node without an id gets a new one. What is not filled in yet is no problem
/// here; the compiler says so.
ReadTree readTree(const QJsonObject &document, const NodeRegistry &registry,
                  const QString &file = {});
ReadTree readTreeText(const QByteArray &text, const NodeRegistry &registry,
                      const QString &file = {});

/// A node from the clipboard, with its ids; null after problems.
std::unique_ptr<ScanNode> readNode(const QJsonObject &object, const NodeRegistry &registry,
                                   Problems *problems);

TreeDetails detailsFromJson(const QJsonObject &object); ///< of the declared shape
QJsonObject detailsToJson(const TreeDetails &details);
/// Keys of details with their types, for the strict check of scan and queue files.
QList<FieldSpec> detailFields();

inline constexpr int kTreeVersion = 1;

} // namespace birch
