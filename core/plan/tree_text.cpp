// The reading half of scan_json.h.
#include "core/plan/document_text.h"
#include "core/plan/scan_json.h"
#include "core/plan/tree_reader.h"

namespace birch {

ReadTree readTree(const QJsonObject &document, const NodeRegistry &registry, const QString &file)
{
    TreeReader reader(registry, file);
    auto tree = reader.readDocument(document);
    return {std::move(tree), reader.problems()};
}

ReadTree readTreeText(const QByteArray &text, const NodeRegistry &registry, const QString &file)
{
    Problems problems;
    const auto json = parseDocument(text, file, &problems);
    if (!json)
        return {std::nullopt, problems};
    TreeReader reader(registry, file,
                      [&json](const QString &path) { return json->lines.lineOf(path.mid(1)); });
    auto tree = reader.readDocument(json->root);
    return {std::move(tree), reader.problems()};
}

std::unique_ptr<ScanNode> readNode(const QJsonObject &object, const NodeRegistry &registry,
                                   Problems *problems)
{
    TreeReader reader(registry, {});
    auto node = reader.readNode(object, {}, 0);
    *problems = reader.problems();
    return problems->isEmpty() ? std::move(node) : nullptr;
}

} // namespace birch
