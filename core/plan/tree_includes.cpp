#include "core/plan/tree_includes.h"

#include "core/base/file_writer.h"
#include "core/base/id.h"
#include "core/plan/did_you_mean.h"
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

/// What an include takes its tree from.
struct Origin {
    QString key;  ///< full path of a file, or name and version of a stored tree: for the chain
    QString name; ///< for people
    QDir folder;  ///< where files are that it names
    bool isStored = false;
    QString version = {};  ///< of a stored tree: the newest where none was asked for
    bool isPinned = false; ///< that version was asked for

    QString title() const
    {
        return isPinned
                   ? QCoreApplication::translate("TreeIncludes", "%1 version %2").arg(name, version)
                   : name;
    }
};

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
    Expander(const NodeRegistry &registry, QString file, const TreeLibrary &library)
        : m_registry(registry)
        , m_library(library)
        , m_file(std::move(file))
    {
    }

    ExpandedTree expand(const ScanTree &tree)
    {
        m_expanded.tree = tree;
        m_count = tree.nodeCount();
        if (!m_file.isEmpty())
            m_chain.append(originAt(canonical(m_file)));
        const QDir folder = QFileInfo(m_file).absoluteDir();
        moveFilesBelow(m_expanded.tree->root(), m_registry, folder);
        replaceIn(m_expanded.tree->root(), folder);
        return std::move(m_expanded);
    }

private:
    struct Content {
        std::optional<ScanTree> tree;
        QString version;
        Problems problems; ///< of each include that names it
    };

    static Origin originAt(const QString &path)
    {
        const QFileInfo info(path);
        return {path, info.fileName(), info.absoluteDir()};
    }
    /// None where nothing is typed, or both, which the compiler says.
    std::optional<Origin> originOf(const ScanNode &include, const QDir &folder) const
    {
        const QString file = include.fields.value(u"tree"_s).toString().trimmed();
        const QString name = include.fields.value(u"name"_s).toString().trimmed();
        if (file.isEmpty() == name.isEmpty())
            return std::nullopt;
        if (name.isEmpty())
            return originAt(canonical(folder.absoluteFilePath(file)));
        const QString asked = include.fields.value(u"version"_s).toString().trimmed();
        const QString version = asked.isEmpty() ? m_library.entries.value(name).version : asked;
        // Versions of one tree are different trees: one may build on an earlier one.
        return Origin{
            u"name:%1\n%2"_s.arg(name, version), name, folder, true, version, !asked.isEmpty()};
    }

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
                setOuter(*child);
            if (!isInclude(*child)) {
                replaceIn(child, folder);
            } else if (auto content = contentOf(*child, folder)) {
                (void)node->takeChild(row);
                node->insertChild(row, std::move(content));
            }
        }
    }

    /// Null after a problem, or where nothing is typed.
    std::unique_ptr<ScanNode> contentOf(const ScanNode &include, const QDir &folder)
    {
        const auto origin = originOf(include, folder);
        if (!origin)
            return nullptr;
        const bool isAround =
            std::any_of(m_chain.begin(), m_chain.end(),
                        [&](const Origin &around) { return around.key == origin->key; });
        if (isAround || m_chain.size() > kMaxDepth) {
            problem(fieldOf(*origin), tr("The trees include each other: %1").arg(chainTo(*origin)),
                    tr("Take one of these includes out"));
            return nullptr;
        }
        auto root = read(include, *origin);
        if (!root)
            return nullptr;
        m_chain.append(*origin);
        adopt(root.get(), include.id, origin->folder);
        replaceIn(root.get(), origin->folder);
        m_chain.removeLast();

        auto sequence = std::make_unique<ScanNode>(QString::fromLatin1(kRootKind), include.id);
        sequence->label = include.label.isEmpty() ? origin->name : include.label;
        sequence->timeout = include.timeout;
        sequence->failure = include.failure;
        sequence->appendChild(std::move(root));
        return sequence;
    }

    static QString fieldOf(const Origin &origin) { return origin.isStored ? u"name"_s : u"tree"_s; }

    std::unique_ptr<ScanNode> read(const ScanNode &include, const Origin &origin)
    {
        const Content &content = contentAt(origin);
        for (const Problem &wrong : content.problems)
            problem(wrong.field.isEmpty() ? fieldOf(origin) : wrong.field, wrong.message,
                    wrong.remedy);
        if (!content.tree)
            return nullptr;
        const QString wanted =
            origin.isStored ? QString() : include.fields.value(u"version"_s).toString().trimmed();
        if (!wanted.isEmpty() && wanted != content.version) {
            problem(u"version"_s,
                    tr("%1 is version %2 now, not %3").arg(origin.name, content.version, wanted),
                    tr("Look at what has changed there, then write %1, or bring the old one back")
                        .arg(content.version));
            return nullptr;
        }
        m_count += content.tree->nodeCount();
        if (m_count > kMaxNodes && !std::exchange(m_expanded.isTooLarge, true)) {
            problem(fieldOf(origin),
                    tr("With what is included the tree has more than %1 nodes").arg(kMaxNodes),
                    tr("Use a repeat or a sweep instead of copies"));
        }
        return m_expanded.isTooLarge ? nullptr : content.tree->root()->clone();
    }

    /// Read once, however often it is included.
    const Content &contentAt(const Origin &origin)
    {
        const auto known = m_contents.find(origin.key);
        if (known != m_contents.end())
            return known->second;
        Content &content = m_contents[origin.key];
        if (origin.isStored)
            readStored(origin, &content);
        else
            readFrom(origin, &content);
        for (Problem &wrong : content.problems)
            wrong.message = inSource(wrong, origin.name);
        return content;
    }

    void readFrom(const Origin &origin, Content *content)
    {
        const Result<QByteArray> text = readFile(origin.key, kMaxDocumentBytes);
        if (!text) {
            content->problems.append(
                {.message = text.error().message,
                 .remedy = tr("Put the tree beside this scan's file, or correct its name")});
            return;
        }
        content->version = treeFileVersion(text.value());
        ReadTree read = readTreeText(text.value(), m_registry, origin.key);
        content->tree = std::move(read.tree);
        content->problems = withoutFields(std::move(read.problems));
    }

    void readStored(const Origin &origin, Content *content)
    {
        m_expanded.asksLibrary = true;
        const auto entry = m_library.entries.constFind(origin.name);
        if (entry == m_library.entries.constEnd()) {
            content->problems.append(
                {.message = m_library.absence.isEmpty() ? tr("No tree is stored under this name")
                                                        : m_library.absence,
                 .remedy = m_library.entries.isEmpty()
                               ? tr("Store it as a scan template, or include a file instead")
                               : didYouMean(origin.name, m_library.entries.keys())});
            return;
        }
        const QJsonObject *document = entry->find(origin.version);
        if (!document) {
            content->problems.append({.field = u"version"_s,
                                      .message = tr("There is no version %1").arg(origin.version),
                                      .remedy = tr("Choose of %1, or none for the newest")
                                                    .arg(entry->versions().join(u", "_s))});
            return;
        }
        ReadTree read = readTree(*document, m_registry, origin.name);
        content->tree = std::move(read.tree);
        content->problems = withoutFields(std::move(read.problems));
    }

    /// Those of nodes there name nothing of the include.
    static Problems withoutFields(Problems problems)
    {
        for (Problem &problem : problems)
            problem.field.clear();
        return problems;
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
        m_expanded.sources.insert(node->id, {m_outer, m_outerField, m_chain.last().name});
        if (const NodeDeclaration *declaration = m_registry.declaration(node->kind))
            (void)moveFiles(declaration->fields, folder, &node->fields);
        for (int row = 0; row < node->childCount(); ++row)
            adoptNode(node->child(row), include, folder, place);
    }

    QString chainTo(const Origin &origin) const
    {
        QStringList names;
        for (const Origin &around : m_chain)
            names.append(around.title());
        names.append(origin.title());
        return names.join(u" → "_s);
    }

    static QString inSource(const Problem &wrong, const QString &name)
    {
        return wrong.line > 0 ? tr("%1, line %2: %3").arg(name).arg(wrong.line).arg(wrong.message)
                              : tr("%1: %2").arg(name, wrong.message);
    }

    void setOuter(const ScanNode &node)
    {
        m_outer = node.id;
        m_outerField = isFilled(node.fields.value(u"name"_s)) ? u"name"_s : u"tree"_s;
    }

    void problem(const QString &field, const QString &message, const QString &remedy)
    {
        const bool isOfOuter = m_chain.size() <= (m_file.isEmpty() ? 0 : 1);
        m_expanded.problems.append(
            {m_file, uidText(m_outer), isOfOuter ? field : m_outerField, 0, message, remedy});
    }

    const NodeRegistry &m_registry;
    const TreeLibrary &m_library;
    QString m_file;
    std::map<QString, Content> m_contents; ///< by key
    QList<Origin> m_chain;                 ///< what is being read, outermost first
    QString m_outerField;                  ///< of the one below, that names a tree
    NodeId m_outer;                        ///< the include of the outer tree that is being read
    int m_count = 0;
    ExpandedTree m_expanded;
};

} // namespace

ExpandedTree expandIncludes(const ScanTree &tree, const NodeRegistry &registry, const QString &file,
                            const TreeLibrary &library)
{
    if (!holdsInclude(*tree.root()) && !namesFiles(*tree.root(), registry))
        return {};
    return Expander(registry, file, library).expand(tree);
}

bool needsLibrary(const ScanTree &tree, const NodeRegistry &registry, const QString &file)
{
    return expandIncludes(tree, registry, file).asksLibrary;
}

Problems toldAtIncludes(const Problems &problems, const ExpandedTree &expanded)
{
    Problems told;
    for (Problem problem : problems) {
        const auto source = expanded.sources.constFind(QUuid::fromString(problem.node));
        if (source != expanded.sources.constEnd()) {
            problem.node = uidText(source->include);
            problem.field = source->field;
            problem.message = QCoreApplication::translate("TreeIncludes", "In %1: %2")
                                  .arg(source->name, problem.message);
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
