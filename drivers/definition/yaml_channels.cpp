// One declaration for several channels of an instrument.
#include "drivers/definition/yaml_reader.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::YamlReader)
};

constexpr int kMostChannels = 64;
constexpr qsizetype kMostEntries = 4096; // of one section: a hostile file must not fill the memory
constexpr int kDeepestOverlay = 3;

QString textOf(const YAML::Node &node)
{
    return QString::fromStdString(node.Scalar());
}

/// \a base with \a own laid over it; the nodes stay those of the file, so that lines are known.
YAML::Node overlaid(const YAML::Node &base, const YAML::Node &own, int depth)
{
    YAML::Node merged(YAML::NodeType::Map);
    QSet<QString> taken;
    for (const auto &pair : base) {
        YAML::Node value = pair.second;
        for (const auto &other : own) {
            if (!pair.first.IsScalar() || !other.first.IsScalar() ||
                pair.first.Scalar() != other.first.Scalar())
                continue;
            taken.insert(textOf(other.first));
            const bool isDeeper = value.IsMap() && other.second.IsMap() && depth < kDeepestOverlay;
            value.reset(isDeeper ? overlaid(value, other.second, depth + 1) : other.second);
        }
        merged.force_insert(pair.first, value);
    }
    for (const auto &other : own) {
        if (other.first.IsScalar() && !taken.contains(textOf(other.first)))
            merged.force_insert(other.first, other.second);
    }
    return merged;
}

/// "iv", or "iv.current" where \a mayBeDotted.
bool isName(const QString &text, bool mayBeDotted)
{
    const QString first = text.section(u'.', 0, 0);
    return isIdentifier(first) &&
           (first == text || (mayBeDotted && isIdentifier(text.mid(first.size() + 1))));
}

/// {{ and }} stand for the braces themselves, as in commands.
QString withWords(const QString &text, const ChannelWords &words)
{
    if (words.isEmpty() || !text.contains(u'{'))
        return text;
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isDoubled = i + 1 < text.size() && text[i] == text[i + 1];
        if ((text[i] == u'{' || text[i] == u'}') && isDoubled) {
            result += text.mid(i++, 2);
            continue;
        }
        const qsizetype end = text[i] == u'{' ? text.indexOf(u'}', i) : -1;
        const QString name = end < 0 ? QString() : text.mid(i + 1, end - i - 1);
        const auto word = std::ranges::find(words, name, &std::pair<QString, QString>::first);
        if (name.isEmpty() || word == words.end()) {
            result += text[i];
            continue;
        }
        result += word->second;
        i = end;
    }
    return result;
}
} // namespace

YamlReader YamlReader::child(const YAML::Node &node, const QString &path) const
{
    YamlReader reader(node, path, *m_sink);
    reader.m_channels = m_channels;
    reader.m_words = m_words;
    return reader;
}

QString YamlReader::filled(const QString &text) const
{
    return withWords(text, m_words);
}

QString YamlReader::scalarOf(const YAML::Node &node) const
{
    return filled(textOf(node));
}

void YamlReader::readChannels()
{
    if (!has(u"channels"_s))
        return;
    QList<ChannelWords> channels;
    if (isSequence(u"channels"_s)) {
        for (const QString &channel : texts(u"channels"_s).value_or(QStringList()))
            channels.append({{u"channel"_s, channel}});
    } else if (auto map = this->map(u"channels"_s)) {
        for (const QString &channel : map->keys()) {
            ChannelWords words{{u"channel"_s, channel}};
            for (const auto &[word, text] : map->pairs(channel)) {
                if (!isIdentifier(word) || word == u"channel" || word == u"value")
                    map->problem(
                        channel, Text::tr("\"%1\" can not be a word").arg(word),
                        Text::tr("Use letters, digits and _, and neither channel nor value"));
                words.append({word, text});
            }
            channels.append(words);
        }
    }
    if (channels.size() > kMostChannels) {
        problem(u"channels"_s, Text::tr("These are too many channels"),
                Text::tr("Write at most %1").arg(kMostChannels));
        channels.resize(kMostChannels);
    }
    m_channels = std::make_shared<const QList<ChannelWords>>(channels);
}

/// All of the instrument's, or those that \a entry is for.
QList<ChannelWords> YamlReader::channelsOf(const YAML::Node &entry)
{
    QList<ChannelWords> all = m_channels ? *m_channels : QList<ChannelWords>();
    const YAML::Node only =
        entry.IsMap() ? YAML::Node(entry)["channels"] : YAML::Node(YAML::NodeType::Undefined);
    if (!only.IsDefined() || (only.IsScalar() && only.Scalar() == "all"))
        return all;
    QStringList wanted;
    for (const auto &item : only.IsSequence() ? only : YAML::Node(YAML::NodeType::Sequence))
        wanted.append(item.IsScalar() ? textOf(item) : QString());
    for (const QString &channel : std::as_const(wanted)) {
        if (!std::ranges::any_of(all, [&](const auto &one) { return one[0].second == channel; }))
            m_sink->add(only, fieldPath(u"channels"_s),
                        Text::tr("There is no channel \"%1\"").arg(channel),
                        Text::tr("Name channels of the list at the top of the definition"));
    }
    if (wanted.isEmpty())
        m_sink->add(only, fieldPath(u"channels"_s), Text::tr("\"channels\" names none"),
                    Text::tr("Write all, or some of the list at the top: [1, 2]"));
    all.removeIf([&](const ChannelWords &one) { return !wanted.contains(one[0].second); });
    return all;
}

QList<std::pair<QString, YamlReader>> YamlReader::entries(const QString &key, Names names)
{
    QList<std::pair<QString, YamlReader>> children;
    if (take(key).IsNull()) // "instruments:" with nothing below
        return children;
    auto parent = map(key);
    if (!parent)
        return children;
    for (const auto &pair : parent->m_node) {
        if (!pair.first.IsScalar())
            continue; // reported when the mapping was opened
        parent->addEntries(pair.first, pair.second, names, &children);
        if (children.size() > kMostEntries) {
            m_sink->add(pair.first, parent->path(), Text::tr("\"%1\" holds too much").arg(key),
                        Text::tr("Write at most %1 entries, channels counted").arg(kMostEntries));
            break;
        }
    }
    return children;
}

void YamlReader::addEntries(const YAML::Node &key, const YAML::Node &value, Names names,
                            QList<std::pair<QString, YamlReader>> *children)
{
    const bool isPattern = m_words.isEmpty() && m_channels && textOf(key).contains(u'{');
    const QList<ChannelWords> channels =
        isPattern ? channelsOf(value) : QList<ChannelWords>{m_words};
    for (const ChannelWords &words : channels) {
        const QString name = withWords(textOf(key), words);
        const auto isThis = [&name](const auto &other) { return other.first == name; };
        if (std::ranges::any_of(*children, isThis))
            continue; // laid over its pattern already
        const QString path = fieldPath(name);
        const YAML::Node own = isPattern ? find(name) : YAML::Node(YAML::NodeType::Undefined);
        if (!isName(name, names == Names::Dotted)) {
            m_sink->add(key, path, Text::tr("\"%1\" can not be a name").arg(name),
                        Text::tr("Use letters, digits and _, beginning with a letter; {channel} "
                                 "needs channels: at the top of the file"));
        } else if (!value.IsMap() || (own.IsDefined() && !own.IsMap())) {
            m_sink->add(key, path, Text::tr("\"%1\" must hold keys of its own").arg(name),
                        Text::tr("Indent its keys below it"));
        } else {
            YamlReader entry = child(own.IsDefined() ? overlaid(value, own, 0) : value, path);
            entry.m_words = words;
            if (isPattern)
                entry.m_known.insert(u"channels"_s);
            children->append({name, entry});
        }
    }
}

QList<std::pair<QString, QString>> YamlReader::pairs(const QString &key)
{
    QList<std::pair<QString, QString>> result;
    const auto parent = map(key);
    if (!parent)
        return result;
    for (const auto &pair : parent->m_node) {
        if (!pair.first.IsScalar() || !pair.second.IsScalar()) {
            m_sink->add(pair.first, parent->path(), Text::tr("Each entry must be name: text"),
                        Text::tr("Write for example %1: {high: \"0\", low: \"1\"}").arg(key));
            continue;
        }
        const bool isPattern = m_words.isEmpty() && m_channels && !m_channels->isEmpty() &&
                               textOf(pair.first).contains(u'{');
        for (const ChannelWords &words : isPattern ? *m_channels : QList<ChannelWords>{m_words}) {
            const QString name = withWords(textOf(pair.first), words);
            const auto isThis = [&name](const auto &other) { return other.first == name; };
            const bool isOwn = name != textOf(pair.first) && parent->find(name).IsDefined();
            if (isPattern && (isOwn || std::ranges::any_of(result, isThis)))
                continue; // said for this one by itself, or said already
            result.append({name, withWords(textOf(pair.second), words)});
        }
    }
    return result;
}

} // namespace birch
