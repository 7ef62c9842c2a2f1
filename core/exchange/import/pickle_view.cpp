#include "core/exchange/import/pickle_view.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr size_t kMaxAttributes = 1000;
constexpr size_t kMaxStates = 16;

/// Python 2 had other names for the same modules, NumPy 2 has again others.
QString modern(QString name)
{
    if (name.startsWith(u"__builtin__."_s))
        name.replace(0, 12, u"builtins."_s);
    else if (name.startsWith(u"copy_reg."_s))
        name.replace(0, 9, u"copyreg."_s);
    else if (name.startsWith(u"numpy._core."_s))
        name.replace(0, 12, u"numpy.core."_s);
    return name;
}
} // namespace

std::optional<PickleView::Parts> PickleView::parts(quint32 index) const
{
    const PickleNode &object = node(index);
    if (object.kind != PickleNode::Kind::Object)
        return std::nullopt;
    const PickleNode &callable = node(object.items[0]);
    const PickleNode &arguments = node(object.items[1]);
    if (callable.kind != PickleNode::Kind::Class || arguments.kind != PickleNode::Kind::Tuple)
        return std::nullopt;
    Parts found{modern(callable.text), arguments.items, std::span(object.items).subspan(2)};
    const bool isOldObject = found.className == u"copyreg._reconstructor"_s;
    if ((isOldObject || found.className == u"copyreg.__newobj__"_s) && !found.arguments.empty() &&
        node(found.arguments[0]).kind == PickleNode::Kind::Class) {
        found.className = modern(node(found.arguments[0]).text);
        // Behind the class an old object has its base class and that one's state.
        found.arguments = found.arguments.subspan(isOldObject ? found.arguments.size() : 1);
    }
    return found;
}

QString PickleView::className(quint32 index) const
{
    const auto found = parts(index);
    return found ? found->className : QString();
}

QMap<QString, quint32> PickleView::attributes(quint32 index) const
{
    std::vector<quint32> dicts;
    if (node(index).kind == PickleNode::Kind::Dict)
        dicts = {index};
    if (const auto found = parts(index)) {
        for (quint32 state : found->states.first(std::min(found->states.size(), kMaxStates))) {
            dicts.push_back(state);
            const PickleNode &pair = node(state);
            if (pair.kind == PickleNode::Kind::Tuple && pair.items.size() == 2) // and its slots
                dicts.insert(dicts.end(), pair.items.begin(), pair.items.end());
        }
    }
    QMap<QString, quint32> attributes;
    for (quint32 dict : dicts) {
        const PickleNode &items = node(dict);
        if (items.kind != PickleNode::Kind::Dict)
            continue;
        const size_t count = std::min(items.items.size(), 2 * kMaxAttributes);
        for (size_t i = 0; i + 1 < count; i += 2) {
            const PickleNode &key = node(items.items[i]);
            if (key.kind == PickleNode::Kind::Text)
                attributes.insert(key.text, items.items[i + 1]);
        }
    }
    return attributes;
}

std::optional<quint32> PickleView::onlyArgument(quint32 index, const QStringList &classes) const
{
    const auto found = parts(index);
    if (!found || found->arguments.size() != 1 || !classes.contains(found->className))
        return std::nullopt;
    return found->arguments.front();
}

std::optional<std::span<const quint32>> PickleView::elements(quint32 index) const
{
    static const QStringList kWrappers{u"builtins.set"_s, u"builtins.frozenset"_s,
                                       u"builtins.list"_s, u"builtins.tuple"_s};
    if (const auto wrapped = onlyArgument(index, kWrappers))
        index = *wrapped;
    const PickleNode &found = node(index);
    if (found.kind != PickleNode::Kind::List && found.kind != PickleNode::Kind::Tuple &&
        found.kind != PickleNode::Kind::Set)
        return std::nullopt;
    return std::span(found.items);
}

std::optional<QByteArray> PickleView::bytes(quint32 index) const
{
    if (const auto wrapped = onlyArgument(index, {u"builtins.bytes"_s, u"builtins.bytearray"_s}))
        index = *wrapped;
    if (node(index).kind == PickleNode::Kind::Bytes)
        return node(index).bytes;
    const auto found = parts(index);
    if (!found)
        return std::nullopt;
    if (found->className == u"builtins.bytes"_s && found->arguments.empty())
        return QByteArray();
    const bool isEncoded =
        found->className == u"_codecs.encode"_s || found->className == u"builtins.bytearray"_s;
    if (!isEncoded || found->arguments.size() != 2)
        return std::nullopt;
    const PickleNode &text = node(found->arguments[0]);
    const QString codec = node(found->arguments[1]).text;
    const bool isLatin1 = codec == u"latin1"_s || codec == u"latin-1"_s;
    const bool fits =
        std::all_of(text.text.begin(), text.text.end(), [](QChar c) { return c.unicode() < 256; });
    if (text.kind != PickleNode::Kind::Text || !isLatin1 || !fits)
        return std::nullopt;
    return text.text.toLatin1();
}

} // namespace birch
