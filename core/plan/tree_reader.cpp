#include "core/plan/tree_reader.h"

#include "core/base/id.h"
#include "core/plan/did_you_mean.h"
#include "core/plan/failure_json.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

TreeReader::TreeReader(const NodeRegistry &registry, QString file,
                       std::function<int(const QString &)> lineOf)
    : m_registry(registry)
    , m_file(std::move(file))
    , m_lineOf(std::move(lineOf))
{
}

void TreeReader::problem(const QString &path, const QString &field, const QString &message,
                         const QString &remedy)
{
    m_problems.append({m_file, m_node, field, m_lineOf ? m_lineOf(path) : 0, message, remedy});
}

void TreeReader::checkKeys(const QJsonObject &object, const QString &path, const QStringList &known)
{
    for (auto at = object.begin(); at != object.end(); ++at) {
        if (!known.contains(at.key())) {
            problem(path + u'.' + at.key(), at.key(),
                    tr("There is no field \"%1\" here").arg(at.key()), didYouMean(at.key(), known));
        }
    }
}

bool TreeReader::checkHead(const QJsonObject &document, const QString &path, const QString &format,
                           int version)
{
    if (document.value(u"format"_s).toString() != format) {
        problem(path, u"format"_s, tr("This is no \"%1\" document").arg(format),
                tr("Open a file that begins with {\"format\": \"%1\", \"version\": %2, …}")
                    .arg(format)
                    .arg(version));
        return false;
    }
    const QJsonValue written = document.value(u"version"_s);
    if (written.isDouble() && written.toDouble() > version) {
        problem(
            path, u"version"_s,
            tr("It was written by a newer Birch (document version %1, this program reads up to %2)")
                .arg(written.toDouble())
                .arg(version),
            tr("Update Birch on this computer, or save the file with the older one"));
        return false;
    }
    if (!written.isDouble() || written.toDouble() != version) {
        problem(path, u"version"_s, tr("The version of the document is missing or wrong"),
                tr("Write \"version\": %1").arg(version));
        return false;
    }
    return true;
}

std::optional<ScanTree> TreeReader::readDocument(const QJsonObject &document, const QString &path)
{
    const qsizetype before = m_problems.size();
    if (!checkHead(document, path, u"birch.scan"_s, kTreeVersion))
        return std::nullopt;
    checkKeys(document, path, {u"format"_s, u"version"_s, u"name"_s, u"details"_s, u"root"_s});
    const QJsonValue name = document.value(u"name"_s);
    if (!name.isString() && !name.isUndefined())
        problem(path, u"name"_s, tr("The name is no text"), tr("Write a text in quotes"));
    TreeDetails details;
    readDetails(document.value(u"details"_s), path + u".details"_s, &details);
    auto root = readNode(document.value(u"root"_s), path + u".root"_s, 0);
    m_node.clear();
    if (root && m_registry.find(root->kind) && root->kind != QLatin1StringView(kRootKind)) {
        problem(path + u".root"_s, u"root"_s, tr("The root is no sequence"),
                tr("Put the node into the children of a root of kind \"sequence\""));
    }
    if (!root || m_problems.size() > before)
        return std::nullopt;
    ScanTree tree(std::move(root));
    tree.name = name.toString();
    tree.details = details;
    return tree;
}

void TreeReader::readDetails(const QJsonValue &value, const QString &path, TreeDetails *details)
{
    if (value.isUndefined())
        return;
    if (!value.isObject()) {
        problem(path, u"details"_s, tr("The details are no object"),
                tr("Write an object in braces"));
        return;
    }
    const QList<FieldProblem> found = checkShape(detailFields(), value.toObject());
    for (const FieldProblem &wrong : found)
        problem(path, u"details."_s + wrong.field, wrong.message, wrong.remedy);
    *details = detailsFromJson(value.toObject());
}

std::unique_ptr<ScanNode> TreeReader::readNode(const QJsonValue &value, const QString &path,
                                               int depth)
{
    if (++m_count > kMaxNodes || depth > kMaxDepth) {
        if (m_count == kMaxNodes + 1 || depth > kMaxDepth) {
            problem(path, {},
                    tr("The tree is larger than %1 nodes or deeper than %2 levels")
                        .arg(kMaxNodes)
                        .arg(kMaxDepth),
                    tr("Use a repeat or a sweep instead of copies"));
        }
        return nullptr;
    }
    if (!value.isObject()) {
        problem(path, {}, tr("A node is missing or no object"), tr("Write an object in braces"));
        return nullptr;
    }
    const QJsonObject object = value.toObject();
    const QString around = m_node;
    NodeId id;
    readId(object, path, &id);
    const QString kind = object.value(u"kind"_s).toString();
    auto node = std::make_unique<ScanNode>(kind, id);
    m_node = uidText(node->id);
    QStringList keys{u"id"_s,      u"kind"_s,   u"label"_s,   u"enabled"_s,
                     u"timeout"_s, u"fields"_s, u"children"_s};
    for (const char16_t *key : kFailureKeys)
        keys.append(QString::fromUtf16(key));
    checkKeys(object, path, keys);
    readCommon(object, path, node.get());
    const NodeDeclaration *declaration = m_registry.declaration(kind);
    if (declaration == nullptr) {
        problem(path, u"kind"_s, tr("There is no kind of node called \"%1\"").arg(kind),
                didYouMean(kind, m_registry.ids()));
    } else {
        readFields(object, path, *declaration, node.get());
    }
    readChildren(object, path, declaration, depth, node.get());
    m_node = around;
    return node;
}

void TreeReader::readId(const QJsonObject &object, const QString &path, NodeId *id)
{
    const QJsonValue value = object.value(u"id"_s);
    if (value.isUndefined())
        return;
    *id = QUuid::fromString(value.toString());
    if (id->isNull()) {
        problem(path, u"id"_s, tr("\"%1\" is no node id").arg(value.toString()),
                tr("Leave the id out: a new one is made"));
    } else if (m_ids.contains(*id)) {
        m_node = uidText(*id);
        problem(path, u"id"_s, tr("The id %1 is used by two nodes").arg(uidText(*id)),
                tr("Leave the id of the copy out: a new one is made"));
    }
    m_ids.insert(*id);
}

void TreeReader::readCommon(const QJsonObject &object, const QString &path, ScanNode *node)
{
    const QJsonValue label = object.value(u"label"_s);
    if (!label.isString() && !label.isUndefined())
        problem(path, u"label"_s, tr("The label is no text"), tr("Write a text in quotes"));
    node->label = label.toString();
    const QJsonValue enabled = object.value(u"enabled"_s);
    if (!enabled.isBool() && !enabled.isUndefined())
        problem(path, u"enabled"_s, tr("\"enabled\" is neither true nor false"),
                tr("Write true or false"));
    node->isEnabled = enabled.toBool(true);
    const QJsonValue timeout = object.value(u"timeout"_s);
    if (!timeout.isString() && !timeout.isUndefined())
        problem(path, u"timeout"_s, tr("The timeout is no text"),
                tr("Write a duration such as \"5 s\""));
    node->timeout = timeout.toString();
    readFailure(object, path, node);
}

void TreeReader::readFailure(const QJsonObject &object, const QString &path, ScanNode *node)
{
    QList<FieldProblem> problems;
    const auto rule = failureFromJson(object, &problems);
    for (const FieldProblem &wrong : std::as_const(problems))
        problem(path, wrong.field, wrong.message, wrong.remedy);
    if (rule)
        node->failure = *rule;
}

void TreeReader::readFields(const QJsonObject &object, const QString &path,
                            const NodeDeclaration &declaration, ScanNode *node)
{
    const QJsonValue fields = object.value(u"fields"_s);
    if (fields.isUndefined())
        return;
    if (!fields.isObject()) {
        problem(path, u"fields"_s, tr("The fields are no object"), tr("Write an object in braces"));
        return;
    }
    node->fields = fields.toObject();
    const QList<FieldProblem> found = checkShape(declaration.fields, node->fields);
    for (const FieldProblem &wrong : found) {
        QString place = path + u".fields"_s;
        for (const QString &part : wrong.field.split(u'.')) {
            bool isIndex = false;
            part.toInt(&isIndex);
            place += isIndex ? u"["_s + part + u']' : u'.' + part;
        }
        problem(place, wrong.field, wrong.message, wrong.remedy);
    }
}

void TreeReader::readChildren(const QJsonObject &object, const QString &path,
                              const NodeDeclaration *declaration, int depth, ScanNode *node)
{
    const QJsonValue children = object.value(u"children"_s);
    if (children.isUndefined())
        return;
    if (!children.isArray()) {
        problem(path, u"children"_s, tr("The children are no list"),
                tr("Write a list in square brackets"));
        return;
    }
    const QJsonArray list = children.toArray();
    if (declaration != nullptr && !declaration->takesChildren && !list.isEmpty())
        problem(path, u"children"_s,
                tr("A node of kind \"%1\" has no nodes inside").arg(declaration->id),
                tr("Move them behind it"));
    for (qsizetype i = 0; i < list.size(); ++i) {
        auto child = readNode(list[i], path + u".children[%1]"_s.arg(i), depth + 1);
        if (child)
            node->appendChild(std::move(child));
    }
}

} // namespace birch
