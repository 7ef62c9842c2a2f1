#include "core/exchange/import/sample_pickle.h"

#include <QCoreApplication>

#include <set>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
using Kind = PickleNode::Kind;

QString tr(const char *text)
{
    return QCoreApplication::translate("SamplePickle", text);
}

QString idText(const PickleNode &node)
{
    return node.kind == Kind::Integer ? QString::number(node.integer) : node.text.trimmed();
}

QStringList texts(const PickleView &view, quint32 index)
{
    QStringList found;
    if (const auto elements = view.elements(index)) {
        for (quint32 element : *elements)
            found << idText(view.node(element));
    } else if (view.node(index).kind == Kind::Text) {
        found = view.node(index).text.split(u',');
    }
    for (QString &text : found)
        text = text.trimmed();
    found.removeAll(QString());
    found.removeDuplicates();
    return found;
}

std::optional<PickledSample> sampleAt(const PickleView &view, quint32 index)
{
    const QMap<QString, quint32> attributes = view.attributes(index);
    const auto id = attributes.constFind(u"ID"_s);
    if (id == attributes.constEnd() || idText(view.node(*id)).isEmpty())
        return std::nullopt;
    PickledSample sample;
    sample.id = idText(view.node(*id));
    for (auto it = attributes.begin(); it != attributes.end(); ++it) {
        const auto image = it.key() == u"image"_s ? view.array(*it) : std::nullopt;
        if (it.key() == u"material"_s && view.node(*it).kind == Kind::Text)
            sample.material = view.node(*it).text.trimmed();
        else if (it.key() == u"additional_tags"_s)
            sample.tags = texts(view, *it);
        else if (image && image->bytes.isEmpty())
            continue;
        else if (image)
            sample.image = image;
        else if (it.key() != u"ID"_s && view.node(*it).kind != Kind::None)
            sample.others.insert(it.key(), view.json(*it));
    }
    return sample;
}

/// What a container at the top holds, else the top itself.
std::vector<quint32> candidates(const PickleDocument &document, const PickleView &view)
{
    if (const auto elements = view.elements(document.root))
        return {elements->begin(), elements->end()};
    std::vector<quint32> values;
    if (document.top().kind == Kind::Dict && !view.attributes(document.root).contains(u"ID"_s)) {
        for (size_t i = 1; i < document.top().items.size(); i += 2)
            values.push_back(document.top().items[i]);
        return values;
    }
    return {document.root};
}

} // namespace

Result<QList<PickledSample>> samplesIn(const PickleDocument &document, QStringList *leftOut)
{
    const PickleView view(document);
    QList<PickledSample> samples;
    std::set<quint32> seen;
    for (quint32 index : candidates(document, view)) {
        if (!seen.insert(index).second)
            continue;
        if (auto sample = sampleAt(view, index))
            samples.append(std::move(*sample));
        else if (const QString name = view.className(index); name.isEmpty())
            leftOut->append(tr("A value without an ID is no sample"));
        else
            leftOut->append(tr("A %1 without an ID is no sample").arg(name));
    }
    if (samples.isEmpty())
        return Error{ErrorCode::BadInput, tr("There is no sample in it: a sample has an ID")};
    return samples;
}

} // namespace birch
