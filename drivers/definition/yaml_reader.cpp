#include "drivers/definition/yaml_reader.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::YamlReader)
};

int lineOf(const YAML::Node &node)
{
    if (!node.IsDefined())
        return 0;
    const int line = node.Mark().line + 1; // a null mark has line -1: it was put together
    if (line == 0 && node.IsMap() && node.size() > 0)
        return node.begin()->first.Mark().line + 1;
    return line;
}
} // namespace

void ProblemSink::add(const YAML::Node &node, const QString &field, const QString &message,
                      const QString &remedy)
{
    addAtLine(lineOf(node), field, message, remedy);
}

void ProblemSink::addAtLine(int line, const QString &field, const QString &message,
                            const QString &remedy)
{
    const auto [file, lineInFile] = placeOf(line);
    m_problems.append({file, {}, field, lineInFile, message, remedy});
}

std::pair<QString, int> ProblemSink::placeOf(int line) const
{
    std::pair<QString, int> place{m_file, line};
    for (const auto &[file, lastLine] : m_sources) {
        if (line > lastLine)
            place = {file, line - lastLine};
    }
    return place;
}

bool isIdentifier(const QString &name)
{
    if (name.isEmpty())
        return false;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const char16_t c = name[i].unicode();
        const bool isLetter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
        if (!isLetter && !(i > 0 && c >= u'0' && c <= u'9'))
            return false;
    }
    return true;
}

std::optional<YAML::Node> parseYamlMap(const QByteArray &text, ProblemSink &sink)
{
    try {
        const YAML::Node root = YAML::Load(text.toStdString());
        if (root.IsMap())
            return root;
        sink.addAtLine(root.IsNull() ? 1 : lineOf(root), {},
                       Text::tr("The file holds no mapping of keys to values"),
                       Text::tr("Write \"key: value\" lines; see example.instrument.yaml"));
    } catch (const YAML::Exception &e) {
        sink.addAtLine(e.mark.line + 1, {},
                       Text::tr("This is not valid YAML: %1").arg(QString::fromStdString(e.msg)),
                       Text::tr("Check indentation, quotes and colons around this line"));
    } catch (const std::exception &e) { // the parser throws standard ones for broken escapes
        sink.addAtLine(0, {},
                       Text::tr("This is not valid YAML: %1").arg(QString::fromLocal8Bit(e.what())),
                       Text::tr("Check indentation, quotes and colons"));
    }
    return std::nullopt;
}

YamlReader::YamlReader(const YAML::Node &node, QString path, ProblemSink &sink)
    : m_node(node)
    , m_path(std::move(path))
    , m_sink(&sink)
{
    if (m_node.IsMap())
        checkDuplicates();
}

void YamlReader::checkDuplicates()
{
    QSet<QString> seen;
    for (const auto &pair : m_node) {
        if (!pair.first.IsScalar()) {
            m_sink->add(pair.first, m_path, Text::tr("A key must be a plain word"),
                        Text::tr("Replace the list or mapping before the colon by a word"));
            continue;
        }
        const QString key = QString::fromStdString(pair.first.Scalar());
        if (seen.contains(key)) {
            m_sink->add(pair.first, fieldPath(key), Text::tr("\"%1\" is given twice").arg(key),
                        Text::tr("Keep one of the two"));
        }
        seen.insert(key);
    }
}

bool YamlReader::isMap() const
{
    return m_node.IsMap();
}

int YamlReader::line() const
{
    return lineOf(m_node);
}

QString YamlReader::fieldPath(const QString &key) const
{
    if (m_path.isEmpty() || key.isEmpty())
        return m_path + key;
    return m_path + u'.' + key;
}

void YamlReader::problem(const QString &key, const QString &message, const QString &remedy) const
{
    const YAML::Node node = find(key);
    m_sink->add(node.IsDefined() ? node : m_node, fieldPath(key), message, remedy);
}

YAML::Node YamlReader::find(const QString &key) const
{
    if (m_node.IsMap()) {
        const std::string wanted = key.toStdString();
        for (const auto &pair : m_node) {
            if (pair.first.IsScalar() && pair.first.Scalar() == wanted)
                return pair.second;
        }
    }
    return YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node YamlReader::take(const QString &key)
{
    m_known.insert(key);
    return find(key);
}

bool YamlReader::has(const QString &key)
{
    return take(key).IsDefined();
}

QStringList YamlReader::keys() const
{
    QStringList keys;
    for (const auto &pair : m_node) {
        if (pair.first.IsScalar())
            keys.append(QString::fromStdString(pair.first.Scalar()));
    }
    return keys;
}

bool YamlReader::isScalar(const QString &key)
{
    return take(key).IsScalar();
}

bool YamlReader::isSequence(const QString &key)
{
    return take(key).IsSequence();
}

std::optional<QString> YamlReader::scalarText() const
{
    if (!m_node.IsScalar())
        return std::nullopt;
    return scalarOf(m_node);
}
std::optional<YamlReader> YamlReader::map(const QString &key)
{
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return std::nullopt;
    if (node.IsMap())
        return child(node, fieldPath(key));
    problem(key, Text::tr("\"%1\" must hold keys of its own").arg(key),
            Text::tr("Indent its keys below it, or write %1: {key: value}").arg(key));
    return std::nullopt;
}

QList<YamlReader> YamlReader::items(const QString &key)
{
    QList<YamlReader> readers;
    const YAML::Node node = take(key);
    if (!node.IsDefined())
        return readers;
    if (!node.IsSequence()) {
        problem(key, Text::tr("\"%1\" must be a list").arg(key),
                Text::tr("Begin each of its entries with \"- \""));
        return readers;
    }
    int position = 0;
    for (const auto &item : node) {
        const bool isRepeated = item.IsMap() && m_words.isEmpty() && item["channels"].IsDefined();
        const auto channels = isRepeated ? channelsOf(item) : QList<ChannelWords>{m_words};
        for (const ChannelWords &words : channels) {
            readers.append(child(item, fieldPath(u"%1[%2]"_s.arg(key).arg(position++))));
            readers.last().m_words = words;
            if (isRepeated)
                readers.last().m_known.insert(u"channels"_s);
        }
    }
    return readers;
}

void YamlReader::finish()
{
    if (!m_node.IsMap())
        return;
    QStringList known(m_known.cbegin(), m_known.cend());
    known.sort();
    for (const auto &pair : m_node) {
        if (!pair.first.IsScalar())
            continue;
        const QString key = QString::fromStdString(pair.first.Scalar());
        if (!m_known.contains(key)) {
            m_sink->add(pair.first, fieldPath(key), Text::tr("Unknown key \"%1\"").arg(key),
                        Text::tr("Correct or remove it; known here: %1").arg(known.join(u", ")));
        }
    }
}

} // namespace birch
