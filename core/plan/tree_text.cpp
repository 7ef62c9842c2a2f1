// The reading half of scan_json.h.
#include "core/plan/json_text.h"
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
    const JsonText json = parseJsonText(text, file);
    if (!json.problems.isEmpty())
        return {std::nullopt, json.problems};
    TreeReader reader(registry, file, json.lineOf);
    auto tree = reader.readDocument(json.object);
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
