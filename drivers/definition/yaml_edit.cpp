#include "drivers/definition/yaml_edit.h"

#include "drivers/definition/yaml_place.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("BenchEdit", text);
}

Error unwritable(const QStringList &path, int line)
{
    return {ErrorCode::BadInput,
            tr("%1 is not written so that it can be changed here; change it by hand in line %2")
                .arg(path.join(u'.'))
                .arg(line)};
}

constexpr int kDeepest = 32; // of the comparison: an alias may contain itself

bool isScalarText(const YAML::Node &node, const QByteArray &text)
{
    return node.IsScalar() && node.Scalar() == text.toStdString();
}

/// Equal but for what is at \a path (empty: all may differ).
bool isElsewhereSame(const YAML::Node &a, const YAML::Node &b, const QStringList *path, int at,
                     int depth = 0)
{
    if (path && at == path->size())
        return true;
    if (depth > kDeepest || a.Type() != b.Type())
        return path && depth <= kDeepest && (a.IsNull() || b.IsNull());
    if (a.IsScalar())
        return a.Scalar() == b.Scalar() && a.Tag() == b.Tag();
    if (a.IsSequence()) {
        if (a.size() != b.size())
            return false;
        for (size_t i = 0; i < a.size(); ++i) {
            if (!isElsewhereSame(a[i], b[i], nullptr, 0, depth + 1))
                return false;
        }
        return true;
    }
    if (!a.IsMap())
        return true;
    const QByteArray changed = path ? (*path)[at].toUtf8() : QByteArray();
    const auto isSubset = [&](const YAML::Node &of, const YAML::Node &in) {
        for (const auto &pair : of) {
            const bool isOnPath = path && isScalarText(pair.first, changed);
            if (!pair.first.IsScalar())
                return false;
            const YAML::Node other = in[pair.first.Scalar()];
            if (isOnPath && !other.IsDefined())
                continue;
            if (!other.IsDefined() ||
                !isElsewhereSame(pair.second, other, isOnPath ? path : nullptr, at + 1, depth + 1))
                return false;
        }
        return true;
    };
    return isSubset(a, b) && isSubset(b, a);
}

/// \a changed, if nothing but what is at \a path reads differently.
Result<QByteArray> checked(const QByteArray &text, QByteArray changed, const QStringList &path,
                           int line)
{
    const auto before = loadYaml(text);
    const auto after = loadYaml(changed);
    if (before && after && isElsewhereSame(before.value(), after.value(), &path, 0))
        return changed;
    return unwritable(path, line);
}

/// What stands below the keys of \a path that are not there yet, in one line.
QByteArray flowText(const QStringList &path, const QByteArray &value)
{
    QByteArray text = value;
    for (auto key = path.crbegin(); key != path.crend(); ++key)
        text = '{' + yamlScalar(*key, true) + ": " + text + '}';
    return text;
}

/// The same as lines of their own.
QByteArray blockText(const QStringList &path, const QByteArray &value, qsizetype indent,
                     qsizetype step, const QByteArray &lineEnd)
{
    QByteArray text;
    for (qsizetype i = 0; i < path.size(); ++i) {
        text += QByteArray(indent + i * step, ' ') + yamlScalar(path[i]) + ':';
        text += i + 1 < path.size() ? lineEnd : ' ' + value + lineEnd;
    }
    return text;
}

} // namespace

Result<QByteArray> withYamlValue(const QByteArray &text, const QStringList &path,
                                 const QByteArray &value)
{
    const auto found = findYaml(text, path);
    if (!found)
        return found.error();
    const YamlPlace &place = found.value();
    const YamlText lines(text);
    QByteArray changed;
    if (place.known == path.size()) {
        const auto range = lines.valueRange(place.key, place.value);
        if (!range)
            return unwritable(path, place.line());
        changed = lines.replaced(*range, value);
    } else {
        const QStringList missing = path.mid(place.known);
        if (!place.parent.IsMap() || place.parent.size() == 0)
            return unwritable(path.first(place.known), place.line());
        if (place.parent.Style() == YAML::EmitterStyle::Flow) {
            const auto end = lines.flowEnd(place.parent.Mark());
            if (!end)
                return unwritable(path, place.line());
            const QByteArray more =
                ", " + yamlScalar(missing.first(), true) + ": " + flowText(missing.mid(1), value);
            changed = lines.inserted(*end, more);
        } else {
            const YAML::Mark first = place.parent.begin()->first.Mark();
            const auto end = lines.blockEnd(first);
            if (!end)
                return unwritable(path, place.line());
            const qsizetype step = std::max<qsizetype>(2, lines.stepOf(first, place.known));
            changed = lines.withLines(
                *end, blockText(missing, value, first.column, step, lines.lineEnd()));
        }
    }
    return checked(text, std::move(changed), path, place.line());
}

Result<QByteArray> withYamlText(const QByteArray &text, const QStringList &path,
                                const QString &value)
{
    const auto found = findYaml(text, path);
    if (!found)
        return found.error();
    const YAML::Node &parent = found.value().parent;
    const bool isFlow = parent.IsMap() && parent.Style() == YAML::EmitterStyle::Flow;
    return withYamlValue(text, path, yamlScalar(value, isFlow));
}

Result<QByteArray> withYamlKey(const QByteArray &text, const QStringList &path, const QString &name)
{
    const auto found = findYaml(text, path);
    if (!found)
        return found.error();
    const YamlPlace &place = found.value();
    if (place.known < path.size())
        return Error{ErrorCode::NotFound, tr("There is no %1").arg(path.join(u'.'))};
    if (name == path.last())
        return text;
    if (place.parent[name.toStdString()].IsDefined())
        return Error{ErrorCode::Conflict,
                     tr("There is a \"%1\" already; choose another name").arg(name)};
    const YamlText lines(text);
    const auto range = lines.scalarRange(place.key);
    if (!range)
        return unwritable(path, place.line());
    QByteArray changed = lines.replaced(*range, yamlScalar(name, true));
    // Both keys are on the path of the change: the old one goes, the new one comes.
    const auto back = loadYaml(changed);
    if (!back)
        return unwritable(path, place.line());
    const auto old = withoutYamlKey(text, path, 0);
    const auto now = withoutYamlKey(changed, path.first(path.size() - 1) + QStringList{name}, 0);
    const auto others = old ? loadYaml(old.value()) : old.error();
    const auto othersNow = now ? loadYaml(now.value()) : now.error();
    if (!others || !othersNow || !isElsewhereSame(others.value(), othersNow.value(), nullptr, 0))
        return unwritable(path, place.line());
    return changed;
}

Result<QByteArray> withoutYamlKey(const QByteArray &text, const QStringList &path, qsizetype kept)
{
    const auto found = findYaml(text, path);
    if (!found)
        return found.error();
    const YamlPlace &place = found.value();
    if (place.known < path.size())
        return Error{ErrorCode::NotFound, tr("There is no %1").arg(path.join(u'.'))};
    const YamlText lines(text);
    if (place.parent.size() == 1 && path.size() > std::max<qsizetype>(kept, 1))
        return withoutYamlKey(text, path.first(path.size() - 1), kept);
    const auto range = place.parent.Style() == YAML::EmitterStyle::Flow
                           ? lines.flowPairRange(place.key, place.value, place.parent)
                           : lines.blockPairRange(place.key, place.value);
    if (!range)
        return unwritable(path, place.line());
    return checked(text, lines.replaced(*range, {}), path, place.line());
}

QByteArray yamlScalar(const QString &text, bool isFlow)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_./][A-Za-z0-9_./:,\\[\\]-]*(?<!:)$"_s);
    static const QRegularExpression plainInFlow(u"^[A-Za-z0-9_./][A-Za-z0-9_./-]*$"_s);
    static const QRegularExpression taken(u"^(?:null|true|false|yes|no|on|off)$"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    const bool isPlain = (isFlow ? plainInFlow : plain).match(text).hasMatch();
    if (isPlain && !taken.match(text).hasMatch())
        return text.toUtf8();
    return '\'' + text.toUtf8().replace("'", "''") + '\'';
}

QByteArray yamlNumber(double value)
{
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

} // namespace birch
