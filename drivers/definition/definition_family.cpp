#include "drivers/definition/definition_family.h"

#include <QCoreApplication>

#include <map>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

constexpr int kMostGenerations = 5;
constexpr int kDeepestMerge = 8;  // below, a mapping is replaced as a whole
constexpr int kMostMerged = 5000; // keys; anchors can make a short file a huge one

QString textOf(const YAML::Node &node)
{
    return node.IsScalar() ? QString::fromStdString(node.Scalar()) : QString();
}

YAML::Node valueOf(const YAML::Node &map, const QString &key)
{
    if (map.IsMap()) {
        for (const auto &pair : map) {
            if (pair.first.IsScalar() && textOf(pair.first) == key)
                return pair.second;
        }
    }
    return YAML::Node(YAML::NodeType::Undefined);
}

/// Without the key at \a path, as a copy: anchors may show the same mapping elsewhere.
std::optional<YAML::Node> without(const YAML::Node &map, QStringList path)
{
    if (!valueOf(map, path.value(0)).IsDefined())
        return std::nullopt;
    const QString first = path.takeFirst();
    YAML::Node copy(YAML::NodeType::Map);
    for (const auto &pair : map) {
        if (textOf(pair.first) != first) {
            copy.force_insert(pair.first, pair.second);
        } else if (!path.isEmpty()) {
            const auto rest = without(pair.second, path);
            if (!rest)
                return std::nullopt;
            copy.force_insert(pair.first, *rest);
        }
    }
    return copy;
}

class Family
{
public:
    Family(const BaseFinder &finder, ProblemSink &sink)
        : m_finder(finder)
        , m_sink(sink)
    {
    }

    std::optional<YAML::Node> read(const QByteArray &text)
    {
        const qsizetype generation = m_texts.size();
        m_texts.append({{}, {}, {}, text, {}});
        const int offset = m_lines;
        m_lines += int(text.count('\n')) + 1;
        const auto own = parseYamlMap(QByteArray(offset, '\n') + text, m_sink);
        if (!own)
            return own;
        if (!valueOf(*own, u"extends"_s).IsDefined()) {
            describe(*own, generation);
            return own;
        }
        YamlReader reader(*own, {}, m_sink);
        for (const QString &key : {u"id"_s, u"model"_s}) {
            if (!reader.has(key))
                reader.problem(key, Text::tr("\"%1\" is missing").arg(key),
                               Text::tr("Add it: it is not inherited"));
        }
        m_ids.append(reader.text(u"id"_s).value_or(QString()));
        auto base = readBase(reader);
        if (!base)
            return std::nullopt;
        removeFrom(*base, reader);
        YAML::Node merged = merge(*base, *own, 0);
        describe(merged, generation);
        if (m_merged <= kMostMerged)
            return merged;
        m_sink.add(*own, {}, Text::tr("The definition and what it extends are too large"),
                   Text::tr("Use fewer anchors"));
        return std::nullopt;
    }

    /// Complete once read() has succeeded.
    QList<DefinitionText> texts() const { return m_texts; }

private:
    /// Those that it extends are described already.
    void describe(const YAML::Node &root, qsizetype generation)
    {
        DefinitionText &own = m_texts[generation];
        own.id = textOf(valueOf(root, u"id"_s));
        own.name =
            QStringList{textOf(valueOf(root, u"manufacturer"_s)), textOf(valueOf(root, u"model"_s))}
                .join(u' ')
                .trimmed();
        QList<QByteArray> all;
        for (qsizetype i = generation; i < m_texts.size(); ++i)
            all.append(m_texts[i].text);
        own.version = definitionVersion(all);
        if (generation + 1 < m_texts.size())
            own.base = m_texts[generation + 1].version;
    }

    std::optional<YAML::Node> readBase(YamlReader &reader)
    {
        const QString key = u"extends"_s;
        const QString id = reader.text(key).value_or(QString());
        if (m_ids.contains(id)) {
            reader.problem(key, Text::tr("\"%1\" extends itself in a circle").arg(id),
                           Text::tr("Name the model that this one is like, or remove extends"));
            return std::nullopt;
        }
        if (++m_generations > kMostGenerations) {
            reader.problem(key, Text::tr("Too many definitions extend each other"),
                           Text::tr("Extend the first of the family directly"));
            return std::nullopt;
        }
        const auto base =
            m_finder ? m_finder(id)
                     : Result<DefinitionFile>(
                           Error{ErrorCode::NotFound, Text::tr("Put both files into one folder")});
        if (!base) {
            reader.problem(key, Text::tr("There is no instrument definition \"%1\"").arg(id),
                           base.error().message);
            return std::nullopt;
        }
        m_sink.addSource(base.value().file, m_lines);
        return read(base.value().text);
    }

    void removeFrom(YAML::Node &base, YamlReader &reader)
    {
        const QString key = u"remove"_s;
        for (const QString &path : reader.texts(key).value_or(QStringList())) {
            if (auto rest = without(base, path.split(u'.')))
                base.reset(*rest);
            else
                reader.problem(key, Text::tr("The base has no \"%1\" to remove").arg(path),
                               Text::tr("Write for example movements.source_current"));
        }
    }

    YAML::Node merge(const YAML::Node &base, const YAML::Node &own, int depth)
    {
        (void)YamlReader(own, {}, m_sink); // reports keys given twice, of which one is lost here
        std::map<QString, YAML::Node> replacements;
        for (const auto &pair : own)
            replacements.emplace(textOf(pair.first), pair.second);
        YAML::Node merged(YAML::NodeType::Map);
        QSet<QString> done;
        for (const auto &pair : base) {
            const QString key = textOf(pair.first);
            const auto found = replacements.find(key);
            done.insert(key);
            if (++m_merged > kMostMerged)
                return merged;
            if (found == replacements.end())
                merged.force_insert(pair.first, pair.second);
            else if (found->second.IsMap() && pair.second.IsMap() && depth < kDeepestMerge)
                merged.force_insert(pair.first, merge(pair.second, found->second, depth + 1));
            else
                merged.force_insert(pair.first, found->second);
        }
        for (const auto &pair : own) {
            const QString key = textOf(pair.first);
            if (++m_merged > kMostMerged || done.contains(key))
                continue;
            done.insert(key);
            merged.force_insert(pair.first, pair.second);
        }
        return merged;
    }

    const BaseFinder &m_finder;
    ProblemSink &m_sink;
    QList<DefinitionText> m_texts;
    QStringList m_ids;
    int m_lines = 0; ///< of all texts so far: each goes on where the one before ended
    int m_generations = 0;
    int m_merged = 0;
};
} // namespace

std::optional<DefinitionFamily> readFamily(const QByteArray &text, const BaseFinder &finder,
                                           ProblemSink &sink)
{
    Family family(finder, sink);
    const auto root = family.read(text);
    if (!root)
        return std::nullopt;
    return DefinitionFamily{*root, family.texts()};
}

} // namespace birch
