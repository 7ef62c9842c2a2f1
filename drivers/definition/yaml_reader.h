#pragma once

#include "core/base/call.h"
#include "core/base/problem.h"
#include "core/instrument/specs.h"

#include <QSet>

#include <yaml-cpp/yaml.h>

#include <memory>
#include <optional>
#include <utility>

namespace birch {

/// Collects what is wrong with one file; every problem gets the line of the node it is about.
class ProblemSink
{
public:
    explicit ProblemSink(QString file)
        : m_file(std::move(file))
    {
    }

    void add(const YAML::Node &node, const QString &field, const QString &message,
             const QString &remedy);
    void addAtLine(int line, const QString &field, const QString &message, const QString &remedy);
    /// Lines after \a lastLine are those of another file, which count from 1 again.
    void addSource(const QString &file, int lastLine) { m_sources.append({file, lastLine}); }
    bool isEmpty() const { return m_problems.isEmpty(); }
    const Problems &problems() const { return m_problems; }
    const QString &file() const { return m_file; }
    /// The file and the line in it that a node's line is about.
    std::pair<QString, int> placeOf(int line) const;

private:
    QString m_file;
    QList<std::pair<QString, int>> m_sources; ///< in the order of their lines
    Problems m_problems;
};

/// What one channel of an instrument puts in the place of "{channel}" and of its other words.
using ChannelWords = QList<std::pair<QString, QString>>;

/// One mapping of a YAML file, read key by key. Every asked-for key becomes a known one; finish()
/// reports the others, so that a misspelt key is an error and never silently without effect.
/// Whatever can not be read is reported to the sink and answered with "nothing".
class YamlReader
{
public:
    YamlReader(const YAML::Node &node, QString path, ProblemSink &sink);

    bool isMap() const;
    bool has(const QString &key);
    QStringList keys() const; ///< in the order of the file
    int line() const;         ///< counted through all sources: see ProblemSink::placeOf()
    const QString &path() const { return m_path; }
    QString fieldPath(const QString &key) const;
    ProblemSink &sink() const { return *m_sink; }

    std::optional<QString> text(const QString &key);
    /// As text(); its absence is a problem whose remedy shows \a example.
    QString requiredText(const QString &key, const QString &example);
    std::optional<double> number(const QString &key); ///< finite
    std::optional<qint64> integer(const QString &key, qint64 low, qint64 high);
    std::optional<bool> flag(const QString &key);
    std::optional<Nanoseconds> duration(const QString &key); ///< "200 ms", "5 s"; 0 to 10 days
    std::optional<Limits> limits(const QString &key);        ///< [low, high]
    /// One of \a names, as its position.
    std::optional<int> choice(const QString &key, const QStringList &names);
    std::optional<QList<double>> numbers(const QString &key);
    std::optional<QStringList> texts(const QString &key); ///< a list, or one scalar
    std::optional<YamlReader> map(const QString &key);
    /// The mappings of a list; scalars in it are answered as a mapping without keys whose
    /// scalarText() is set.
    QList<YamlReader> items(const QString &key);
    /// "channels": what names with a word in braces stand for, in this and all that is read from
    /// it.
    void readChannels();

    enum class Names : quint8 { Plain, Dotted };
    /// The named children of a mapping, in the order of the file. Names must be identifiers;
    /// dotted ones may have two parts ("iv.current"). A name with a word of the channels in it is
    /// answered once per channel, with what stands under the full name, below it, laid over it.
    QList<std::pair<QString, YamlReader>> entries(const QString &key, Names names = Names::Plain);
    /// Name and text of each pair of a mapping, in the order of the file; with channels as above.
    QList<std::pair<QString, QString>> pairs(const QString &key);

    std::optional<QString> scalarText() const; ///< when this is a scalar
    bool isScalar(const QString &key);
    bool isSequence(const QString &key);

    /// Reports every key that nobody asked for.
    void finish();
    void problem(const QString &key, const QString &message, const QString &remedy) const;

private:
    YamlReader child(const YAML::Node &node, const QString &path) const;
    /// The words of its channel put in.
    QString filled(const QString &text) const;
    QString scalarOf(const YAML::Node &node) const;
    QList<ChannelWords> channelsOf(const YAML::Node &entry);
    void addEntries(const YAML::Node &key, const YAML::Node &value, Names names,
                    QList<std::pair<QString, YamlReader>> *children);
    YAML::Node find(const QString &key) const;
    YAML::Node take(const QString &key);
    void checkDuplicates();

    YAML::Node m_node;
    QString m_path;
    ProblemSink *m_sink;
    QSet<QString> m_known;
    std::shared_ptr<const QList<ChannelWords>> m_channels; ///< null: none
    ChannelWords m_words;                                  ///< of the channel that this is read for
};

/// True for what the expression language takes as a name: [A-Za-z_][A-Za-z0-9_]*.
bool isIdentifier(const QString &name);

/// Parses \a text as one YAML document that is a mapping; nothing, with a problem in \a sink,
/// where it is none. Never throws.
std::optional<YAML::Node> parseYamlMap(const QByteArray &text, ProblemSink &sink);

} // namespace birch
