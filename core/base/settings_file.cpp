#include "core/base/settings_file.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <exception>

#include <yaml-cpp/yaml.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::SettingsFile", text);
}

void add(Problems *problems, const QString &path, const QString &field, int line,
         const QString &message, const QString &remedy)
{
    Problem problem;
    problem.file = path;
    problem.field = field;
    problem.line = line;
    problem.message = message;
    problem.remedy = remedy;
    problems->append(problem);
}

class Reader
{
public:
    Reader(const QString &path, Problems *problems)
        : m_path(path)
        , m_problems(problems)
    {
    }

    void read(const YAML::Node &map, const QString &prefix, int depth)
    {
        for (const auto &pair : map) {
            const QString key = prefix + QString::fromStdString(pair.first.Scalar());
            const int line = pair.first.Mark().line + 1;
            if (m_seen.contains(key)) {
                add(m_problems, m_path, key, line, tr("\"%1\" stands twice").arg(key),
                    tr("Remove one of the two"));
            }
            m_seen.insert(key);
            if (pair.second.IsScalar()) {
                const YAML::Mark mark = pair.second.Mark();
                m_entries.append({key, QString::fromStdString(pair.second.Scalar()), mark.line + 1,
                                  mark.column});
            } else if (pair.second.IsMap() && depth < kDeepest) {
                read(pair.second, key + u'.', depth + 1);
            } else {
                add(m_problems, m_path, key, line, tr("\"%1\" has no single value").arg(key),
                    tr("Write it as \"%1: value\"").arg(key));
            }
        }
    }

    QList<SettingsFileEntry> entries() const { return m_entries; }

private:
    static constexpr int kDeepest = 4;
    QString m_path;
    Problems *m_problems;
    QList<SettingsFileEntry> m_entries;
    QSet<QString> m_seen;
};

/// As a YAML scalar: plain where that is safe, else in double quotes.
QByteArray yamlScalar(const QString &value)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9/~][A-Za-z0-9 ._/+-]*$"_s);
    if (plain.match(value).hasMatch() && !value.endsWith(u' '))
        return value.toUtf8();
    QString quoted = value;
    quoted.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
    return '"' + quoted.toUtf8() + '"';
}

/// \a line up to the value at \a column, the new value, and the comment that stood behind.
QByteArray withValue(const QByteArray &line, int column, const QByteArray &value)
{
    QByteArray comment;
    if (const qsizetype at = line.indexOf(" #", column); at >= 0)
        comment = line.sliced(at);
    return line.first(column) + value + comment;
}

bool isSetTo(const QList<SettingsFileEntry> &after, const QString &key, const QString &value,
             const QList<SettingsFileEntry> &before)
{
    qsizetype same = 0;
    bool isSet = false;
    for (const SettingsFileEntry &entry : after) {
        if (entry.key == key) {
            isSet = entry.text == value;
            continue;
        }
        same += std::ranges::any_of(before, [&](const SettingsFileEntry &old) {
            return old.key == entry.key && old.text == entry.text;
        });
    }
    const bool wasThere =
        std::ranges::any_of(before, [&](const SettingsFileEntry &old) { return old.key == key; });
    return isSet && same == before.size() - wasThere;
}

} // namespace

QList<SettingsFileEntry> parseSettingsFile(const QByteArray &text, const QString &path,
                                           Problems *problems)
{
    Reader reader(path, problems);
    try { // yaml-cpp reports by exception
        const YAML::Node root = YAML::Load(text.toStdString());
        if (root.IsMap()) {
            reader.read(root, {}, 0);
        } else if (!root.IsNull()) {
            add(problems, path, {}, 1, tr("The file holds no settings"),
                tr("Write lines such as \"log.level: debug\""));
        }
    } catch (const YAML::Exception &e) {
        add(problems, path, {}, e.mark.line + 1,
            tr("This is no YAML: %1").arg(QString::fromStdString(e.msg)),
            tr("Correct line %1").arg(e.mark.line + 1));
    } catch (const std::exception &e) {
        add(problems, path, {}, 0,
            tr("The file can not be read: %1").arg(QString::fromUtf8(e.what())),
            tr("Correct it, or move it away to start with the defaults"));
    }
    return reader.entries();
}

Result<QByteArray> withSetting(const QByteArray &text, const QString &path, const QString &key,
                               const QString &value)
{
    Problems problems;
    const auto before = parseSettingsFile(text, path, &problems);
    if (!problems.isEmpty()) {
        return Error{ErrorCode::BadInput, tr("%1, line %2: %3. %4; nothing was changed")
                                              .arg(path)
                                              .arg(problems[0].line)
                                              .arg(problems[0].message, problems[0].remedy)};
    }
    const auto found = std::ranges::find_if(
        before, [&](const SettingsFileEntry &entry) { return entry.key == key; });
    QByteArray edited = text;
    if (found == before.end()) {
        if (!edited.isEmpty() && !edited.endsWith('\n'))
            edited += '\n';
        edited += key.toUtf8() + ": " + yamlScalar(value) + '\n';
    } else {
        QList<QByteArray> lines = text.split('\n');
        QByteArray &line = lines[found->line - 1];
        if (found->column <= line.size())
            line = withValue(line, found->column, yamlScalar(value));
        edited = lines.join('\n');
    }
    // An unusual layout (a flow mapping, a folded text) is left to its author.
    if (!isSetTo(parseSettingsFile(edited, path, &problems), key, value, before) ||
        !problems.isEmpty()) {
        return Error{
            ErrorCode::BadInput,
            tr("%1 is laid out in a way that can not be edited from here; write \"%2: %3\" "
               "into it yourself")
                .arg(path, key, value)};
    }
    return edited;
}

} // namespace birch
