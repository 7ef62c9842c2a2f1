#include "core/base/json_lines.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

struct Level {
    QString path;
    bool isArray = false;
    qsizetype index = 0;
};

/// Past the closing quote of the string that opens at \a at.
qsizetype endOfString(QByteArrayView text, qsizetype at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\')
            ++at;
    }
    return at + 1;
}

/// A key with its escapes resolved.
QString keyText(QByteArrayView quoted)
{
    if (!quoted.contains('\\'))
        return QString::fromUtf8(quoted.sliced(1).chopped(1));
    return QJsonDocument::fromJson('[' + quoted.toByteArray() + ']').array().at(0).toString();
}

QString childPath(const QString &parent, const QString &key)
{
    return parent.isEmpty() ? key : parent + u'.' + key;
}

} // namespace

JsonLines::JsonLines(QByteArrayView text)
{
    std::vector<Level> levels;
    QString key;
    bool isKeyNext = false;
    int line = 1;
    qsizetype counted = 0;
    const auto lineNow = [&](qsizetype at) {
        line += int(std::count(text.begin() + counted, text.begin() + at, '\n'));
        counted = at;
        return line;
    };
    const auto valuePath = [&] {
        if (levels.empty())
            return QString();
        const Level &top = levels.back();
        return top.isArray ? u"%1[%2]"_s.arg(top.path).arg(top.index) : childPath(top.path, key);
    };
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '{' || c == '[') {
            const QString path = valuePath();
            m_lines.insert(path, levels.empty() || levels.back().isArray ? lineNow(at)
                                                                         : m_lines.value(path));
            levels.push_back({path, c == '['});
            isKeyNext = c == '{';
        } else if (c == '}' || c == ']') {
            levels.pop_back();
            isKeyNext = false;
        } else if (c == ',') {
            isKeyNext = !levels.back().isArray;
            ++levels.back().index;
        } else if (c == '"') {
            const qsizetype end = endOfString(text, at);
            if (isKeyNext) {
                key = keyText(text.sliced(at, end - at));
                if (m_lines.contains(valuePath()))
                    m_duplicates.append(valuePath());
                m_lines.insert(valuePath(), lineNow(at)); // of its key: where people look
                isKeyNext = false;
            } else if (!levels.empty() && levels.back().isArray) {
                m_lines.insert(valuePath(), lineNow(at));
            }
            at = end - 1;
        }
    }
}

int JsonLines::lineOf(const QString &path) const
{
    QString at = path;
    while (!at.isEmpty() && !m_lines.contains(at)) {
        const qsizetype cut = std::max(at.lastIndexOf(u'.'), at.lastIndexOf(u'['));
        at.truncate(std::max<qsizetype>(cut, 0));
    }
    return m_lines.value(at, 0);
}

int JsonLines::lineAt(QByteArrayView text, qsizetype offset)
{
    const auto end = text.begin() + std::clamp<qsizetype>(offset, 0, text.size());
    return 1 + int(std::count(text.begin(), end, '\n'));
}

} // namespace birch
