#include "core/plan/tree_includes.h"

#include "core/base/file_writer.h"
#include "core/base/id.h"
#include "core/plan/document_text.h"
#include "core/plan/field_check.h"
#include "core/plan/include_kind.h"
#include "core/plan/scan_json.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qsizetype kVersionDigits = 12;

bool isInclude(const ScanNode &node)
{
    return node.kind == QLatin1StringView(kIncludeKind) && node.isEnabled;
}

bool holdsInclude(const ScanNode &node)
{
    if (!node.isEnabled)
        return false;
    if (isInclude(node))
        return true;
    for (int row = 0; row < node.childCount(); ++row) {
        if (holdsInclude(*node.child(row)))
            return true;
    }
    return false;
}

/// Files that \a record names, with the path that they have from \a folder. False: it names none.
bool moveFiles(const QList<FieldSpec> &specs, const QDir &folder, QJsonObject *record)
{
    bool isMoved = false;
    for (const FieldSpec &spec : specs) {
        const QJsonValue value = record->value(spec.key);
        if (spec.isFile && isFilled(value)) {
            record->insert(spec.key, folder.absoluteFilePath(value.toString()));
            isMoved = true;
        } else if (spec.type == FieldType::Record && value.isObject()) {
            QJsonObject inner = value.toObject();
            isMoved |= moveFiles(spec.item, folder, &inner);
            record->insert(spec.key, inner);
        } else if (spec.type == FieldType::RecordList && value.isArray()) {
            QJsonArray list = value.toArray();
            for (qsizetype i = 0; i < list.size(); ++i) {
                if (!list[i].isObject())
                    continue;
                QJsonObject inner = list[i].toObject();
                isMoved |= moveFiles(spec.item, folder, &inner);
                list[i] = inner;
            }
            record->insert(spec.key, list);
        }
    }
    return isMoved;
}

/// Whether \a node, enabled, or anything below names a file; what includes name does not count.
bool namesFiles(const ScanNode &node, const NodeRegistry &registry)
{
    if (!node.isEnabled || isInclude(node))
        return false;
    const NodeDeclaration *declaration = registry.declaration(node.kind);
    QJsonObject fields = node.fields;
    if (declaration != nullptr && moveFiles(declaration->fields, QDir(), &fields))
        return true;
    for (int row = 0; row < node.childCount(); ++row) {
        if (namesFiles(*node.child(row), registry))
            return true;
    }
    return false;
}

void moveFilesBelow(ScanNode *node, const NodeRegistry &registry, const QDir &folder)
{
    if (!node->isEnabled || isInclude(*node))
        return;
    if (const NodeDeclaration *declaration = registry.declaration(node->kind))
        (void)moveFiles(declaration->fields, folder, &node->fields);
    for (int row = 0; row < node->childCount(); ++row)
        moveFilesBelow(node->child(row), registry, folder);
}

class Expander
{
    Q_DECLARE_TR_FUNCTIONS(TreeIncludes)

public:
    Expander(const NodeRegistry &registry, QString file)
        : m_registry(registry)
        , m_file(std::move(file))
    {
    }

    ExpandedTree expand(const ScanTree &tree)
    {
        m_expanded.tree = tree;
        m_count = tree.nodeCount();
        if (!m_file.isEmpty())
            m_chain.append(canonical(m_file));
        const QDir folder = QFileInfo(m_file).absoluteDir();
        moveFilesBelow(m_expanded.tree->root(), m_registry, folder);
        replaceIn(m_expanded.tree->root(), folder);
        return std::move(m_expanded);
    }

private:
    struct File {
        std::optional<ScanTree> tree;
        QString version;
        Problems problems; ///< of each include that names it
    };

    static QString canonical(const QString &path)
    {
        const QFileInfo info(path);
        return info.exists() ? info.canonicalFilePath() : info.absoluteFilePath();
    }

    void replaceIn(ScanNode *node, const QDir &folder)
    {
        for (int row = 0; row < node->childCount() && node->isEnabled && !m_expanded.isTooLarge;
             ++row) {
            ScanNode *child = node->child(row);
            const bool isOuter = m_chain.size() <= (m_file.isEmpty() ? 0 : 1);
            if (isOuter)
                m_outer = child->id;
            if (!isInclude(*child)) {
                replaceIn(child, folder);
            } else if (auto content = contentOf(*child, folder)) {
                (void)node->takeChild(row);
                node->insertChild(row, std::move(content));
            }
        }
    }

    /// Null after a problem, or where nothing is typed, which the compiler says.
    std::unique_ptr<ScanNode> contentOf(const ScanNode &include, const QDir &folder)
    {
        const QString typed = include.fields.value(u"tree"_s).toString();
        if (typed.trimmed().isEmpty())
            return nullptr;
        const QString path = canonical(folder.absoluteFilePath(typed));
        if (m_chain.contains(path) || m_chain.size() > kMaxDepth) {
            problem(u"tree"_s, tr("The trees include each other: %1").arg(chainTo(path)),
                    tr("Take one of these includes out"));
            return nullptr;
        }
        auto root = read(include, path);
        if (!root)
            return nullptr;
        m_chain.append(path);
        adopt(root.get(), include.id, QFileInfo(path).absoluteDir());
        replaceIn(root.get(), QFileInfo(path).absoluteDir());
        m_chain.removeLast();

        auto sequence = std::make_unique<ScanNode>(QString::fromLatin1(kRootKind), include.id);
        sequence->label = include.label.isEmpty() ? QFileInfo(path).fileName() : include.label;
        sequence->timeout = include.timeout;
        sequence->failure = include.failure;
        sequence->appendChild(std::move(root));
        return sequence;
    }

    std::unique_ptr<ScanNode> read(const ScanNode &include, const QString &path)
    {
        const File &file = fileAt(path);
        for (const Problem &wrong : file.problems)
            problem(u"tree"_s, wrong.message, wrong.remedy);
        if (!file.tree)
            return nullptr;
        const QString wanted = include.fields.value(u"version"_s).toString().trimmed();
        if (!wanted.isEmpty() && wanted != file.version) {
            problem(u"version"_s,
                    tr("%1 is version %2 now, not %3")
                        .arg(QFileInfo(path).fileName(), file.version, wanted),
                    tr("Look at what has changed there, then write %1, or bring the old file back")
                        .arg(file.version));
            return nullptr;
        }
        m_count += file.tree->nodeCount();
        if (m_count > kMaxNodes && !std::exchange(m_expanded.isTooLarge, true)) {
            problem(u"tree"_s,
                    tr("With what is included the tree has more than %1 nodes").arg(kMaxNodes),
                    tr("Use a repeat or a sweep instead of copies"));
        }
        return m_expanded.isTooLarge ? nullptr : file.tree->root()->clone();
    }

    /// Read once, however often it is included.
    const File &fileAt(const QString &path)
    {
        const auto known = m_files.find(path);
        if (known != m_files.end())
            return known->second;
        File &file = m_files[path];
        const Result<QByteArray> text = readFile(path, kMaxDocumentBytes);
        if (!text) {
            file.problems.append({{},
                                  {},
                                  {},
                                  0,
                                  text.error().message,
                                  tr("Put the tree beside this scan's file, or correct its name")});
            return file;
        }
        file.version = treeFileVersion(text.value());
        ReadTree read = readTreeText(text.value(), m_registry, path);
        file.tree = std::move(read.tree);
        file.problems = std::move(read.problems);
        for (Problem &wrong : file.problems)
            wrong.message = inFile(wrong, path);
        return file;
    }

    /// Places instead of the ids there, which a file may leave out.
    void adopt(ScanNode *node, const NodeId &include, const QDir &folder)
    {
        int place = 0;
        adoptNode(node, include, folder, &place);
    }

    void adoptNode(ScanNode *node, const NodeId &include, const QDir &folder, int *place)
    {
        node->id = QUuid::createUuidV5(include, QByteArray::number((*place)++));
        m_expanded.sources.insert(node->id, {m_outer, m_chain.last()});
        if (const NodeDeclaration *declaration = m_registry.declaration(node->kind))
            (void)moveFiles(declaration->fields, folder, &node->fields);
        for (int row = 0; row < node->childCount(); ++row)
            adoptNode(node->child(row), include, folder, place);
    }

    QString chainTo(const QString &path) const
    {
        QStringList names;
        for (const QString &file : m_chain + QStringList{path})
            names.append(QFileInfo(file).fileName());
        return names.join(u" → "_s);
    }

    static QString inFile(const Problem &wrong, const QString &path)
    {
        const QString name = QFileInfo(path).fileName();
        return wrong.line > 0 ? tr("%1, line %2: %3").arg(name).arg(wrong.line).arg(wrong.message)
                              : tr("%1: %2").arg(name, wrong.message);
    }

    void problem(const QString &field, const QString &message, const QString &remedy)
    {
        m_expanded.problems.append({m_file, uidText(m_outer), field, 0, message, remedy});
    }

    const NodeRegistry &m_registry;
    QString m_file;
    std::map<QString, File> m_files;
    QStringList m_chain; ///< files being read, outermost first
    NodeId m_outer;      ///< the include of the outer tree that is being read
    int m_count = 0;
    ExpandedTree m_expanded;
};

} // namespace

ExpandedTree expandIncludes(const ScanTree &tree, const NodeRegistry &registry, const QString &file)
{
    if (!holdsInclude(*tree.root()) && !namesFiles(*tree.root(), registry))
        return {};
    return Expander(registry, file).expand(tree);
}

Problems toldAtIncludes(const Problems &problems, const ExpandedTree &expanded)
{
    Problems told;
    for (Problem problem : problems) {
        const auto source = expanded.sources.constFind(QUuid::fromString(problem.node));
        if (source != expanded.sources.constEnd()) {
            problem.node = uidText(source->include);
            problem.field = u"tree"_s;
            problem.message = QCoreApplication::translate("TreeIncludes", "In %1: %2")
                                  .arg(QFileInfo(source->file).fileName(), problem.message);
        }
        told.append(problem);
    }
    return told;
}

QString treeFileVersion(const QByteArray &text)
{
    const QByteArray said = QJsonDocument::fromJson(text).toJson(QJsonDocument::Compact);
    return QString::fromLatin1(QCryptographicHash::hash(said, QCryptographicHash::Sha256).toHex())
        .left(kVersionDigits);
}

} // namespace birch
