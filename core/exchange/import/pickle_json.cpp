// A pickle as JSON, for what has no place of its own.
#include "core/exchange/import/pickle_view.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <cmath>
#include <set>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
using Kind = PickleNode::Kind;
constexpr int kMaxDepth = 64;
constexpr qint64 kMaxValues = 100'000;
constexpr qint64 kMaxBytes = 4096;                ///< longer ones are named, not quoted
constexpr qint64 kExactInteger = qint64(1) << 53; ///< JSON numbers are doubles

QString tr(const char *text)
{
    return QCoreApplication::translate("PickleView", text);
}

QJsonValue jsonOfReal(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QString::number(value));
}

QJsonValue jsonOfInteger(qint64 value)
{
    return value > -kExactInteger && value < kExactInteger ? QJsonValue(value)
                                                           : QJsonValue(QString::number(value));
}

QJsonValue jsonOfBytes(const QByteArray &bytes)
{
    if (bytes.size() > kMaxBytes)
        return tr("%1 bytes, left out").arg(bytes.size());
    return u"base64:"_s + QString::fromLatin1(bytes.toBase64());
}
} // namespace

struct PickleView::Budget {
    qint64 values = kMaxValues;
    std::set<quint32> open; ///< what is being written, to find cycles
};

QJsonValue PickleView::json(quint32 index) const
{
    Budget budget;
    return jsonOf(index, 0, budget);
}

QString PickleView::keyText(quint32 index) const
{
    const PickleNode &key = node(index);
    switch (key.kind) {
    case Kind::Text:
        return key.text;
    case Kind::Integer:
        return QString::number(key.integer);
    case Kind::Real:
        return QString::number(key.real, 'g', 17);
    case Kind::Bool:
        return key.integer ? u"true"_s : u"false"_s;
    default:
        return tr("key %1").arg(index);
    }
}

QJsonValue PickleView::jsonOf(quint32 index, int depth, Budget &budget) const
{
    if (--budget.values < 0 || depth > kMaxDepth)
        return tr("more, left out");
    const PickleNode &value = node(index);
    switch (value.kind) {
    case Kind::None:
        return QJsonValue();
    case Kind::Bool:
        return value.integer != 0;
    case Kind::Integer:
        return jsonOfInteger(value.integer);
    case Kind::BigInteger:
        return value.text.isEmpty() ? jsonOfBytes(value.bytes) : QJsonValue(value.text);
    case Kind::Real:
        return jsonOfReal(value.real);
    case Kind::Text:
    case Kind::Class:
        return value.text;
    case Kind::Bytes:
        return jsonOfBytes(value.bytes);
    default:
        break;
    }
    if (!budget.open.insert(index).second)
        return tr("itself");
    const QJsonValue made = jsonOfObject(index, depth, budget);
    budget.open.erase(index);
    return made;
}

QJsonValue PickleView::jsonOfDict(std::span<const quint32> items, int depth, Budget &budget) const
{
    QJsonObject object;
    for (size_t i = 0; i + 1 < items.size() && budget.values >= 0; i += 2)
        object.insert(keyText(items[i]), jsonOf(items[i + 1], depth + 1, budget));
    return object;
}

QJsonValue PickleView::jsonOfObject(quint32 index, int depth, Budget &budget) const
{
    const auto list = [&](std::span<const quint32> items) {
        QJsonArray array;
        for (size_t i = 0; i < items.size() && budget.values >= 0; ++i)
            array.append(jsonOf(items[i], depth + 1, budget));
        return array;
    };
    if (node(index).kind == Kind::Dict)
        return jsonOfDict(node(index).items, depth, budget);
    if (const auto items = elements(index))
        return list(*items);
    if (const auto raw = bytes(index))
        return jsonOfBytes(*raw);
    if (const auto values = array(index))
        return tr("array of %1 values, left out").arg(values->elementCount());
    const auto found = parts(index);
    if (!found)
        return tr("a call, left out");
    if (found->className == u"collections.OrderedDict"_s && found->states.size() == 1)
        return jsonOf(found->states.front(), depth + 1, budget);
    return QJsonObject{{u"class"_s, found->className},
                       {u"arguments"_s, list(found->arguments)},
                       {u"state"_s, list(found->states)}};
}

} // namespace birch
