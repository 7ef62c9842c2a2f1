// The steps of PickleMachine that put values together, and the ones that only note what they name.
#include "core/exchange/import/pickle_machine.h"

using namespace Qt::StringLiterals;

namespace birch {

Status PickleMachine::emptyList()
{
    return push({.kind = Kind::List});
}

Status PickleMachine::emptyTuple()
{
    return push({.kind = Kind::Tuple});
}

Status PickleMachine::emptyDict()
{
    return push({.kind = Kind::Dict});
}

Status PickleMachine::emptySet()
{
    return push({.kind = Kind::Set});
}

Status PickleMachine::collect(Kind kind)
{
    auto items = popToMark();
    if (!items)
        return items.error();
    if (kind == Kind::Dict && items.value().size() % 2 != 0)
        return damaged(tr("a key has no value"));
    return push({.kind = kind, .items = std::move(items).value()});
}

Status PickleMachine::list()
{
    return collect(Kind::List);
}

Status PickleMachine::tuple()
{
    return collect(Kind::Tuple);
}

Status PickleMachine::dict()
{
    return collect(Kind::Dict);
}

Status PickleMachine::frozenSet()
{
    return collect(Kind::Set);
}

Status PickleMachine::pushTuple(size_t count)
{
    PickleNode node{.kind = Kind::Tuple};
    node.items.resize(count);
    for (size_t i = count; i-- > 0;) {
        const auto item = popOne();
        if (!item)
            return item.error();
        node.items[i] = item.value();
    }
    return push(std::move(node));
}

Status PickleMachine::tuple1()
{
    return pushTuple(1);
}

Status PickleMachine::tuple2()
{
    return pushTuple(2);
}

Status PickleMachine::tuple3()
{
    return pushTuple(3);
}

Status PickleMachine::extendTop(Kind kind, std::vector<quint32> items)
{
    const auto top = popOne();
    if (!top)
        return top.error();
    if (kind == Kind::Dict && items.size() % 2 != 0)
        return damaged(tr("a key has no value"));
    PickleNode &node = m_document.nodes[top.value()];
    if (node.kind == kind) {
        node.items.insert(node.items.end(), items.begin(), items.end());
        return pushIndex(top.value());
    }
    if (node.kind != Kind::Object)
        return damaged(tr("something is added to a value that takes nothing"));
    // A kind of list or dictionary of somebody's own: what it is given is one more state.
    if (Status made = push({.kind = kind, .items = std::move(items)}); !made)
        return made;
    m_document.nodes[top.value()].items.push_back(m_stack.back());
    m_stack.back() = top.value();
    return ok();
}

Status PickleMachine::append()
{
    const auto item = popOne();
    return item ? extendTop(Kind::List, {item.value()}) : Status(item.error());
}

Status PickleMachine::appends()
{
    auto items = popToMark();
    return items ? extendTop(Kind::List, std::move(items).value()) : Status(items.error());
}

Status PickleMachine::addItems()
{
    auto items = popToMark();
    return items ? extendTop(Kind::Set, std::move(items).value()) : Status(items.error());
}

Status PickleMachine::setItem()
{
    const auto value = popOne();
    const auto key = value ? popOne() : value;
    return key ? extendTop(Kind::Dict, {key.value(), value.value()}) : Status(key.error());
}

Status PickleMachine::setItems()
{
    auto items = popToMark();
    return items ? extendTop(Kind::Dict, std::move(items).value()) : Status(items.error());
}

Status PickleMachine::pushClass(const QString &module, const QString &name)
{
    return push({.kind = Kind::Class, .text = module + u'.' + name});
}

Status PickleMachine::stackGlobal()
{
    const auto name = popOne();
    const auto module = name ? popOne() : name;
    if (!module)
        return module.error();
    const PickleNode &moduleNode = m_document.at(module.value());
    const PickleNode &nameNode = m_document.at(name.value());
    if (moduleNode.kind != Kind::Text || nameNode.kind != Kind::Text)
        return damaged(tr("the name of a class is no text"));
    return pushClass(moduleNode.text, nameNode.text);
}

Status PickleMachine::pushObject(std::vector<quint32> items)
{
    return push({.kind = Kind::Object, .items = std::move(items)});
}

Status PickleMachine::inst()
{
    if (Status named = global(); !named)
        return named;
    const quint32 callable = m_stack.back();
    m_stack.pop_back();
    if (Status arguments = tuple(); !arguments)
        return arguments;
    const quint32 arguments = m_stack.back();
    m_stack.pop_back();
    return pushObject({callable, arguments});
}

Status PickleMachine::obj()
{
    auto items = popToMark();
    if (!items)
        return items.error();
    if (items.value().empty())
        return damaged(tr("the class of an object is missing"));
    const quint32 callable = items.value().front();
    items.value().erase(items.value().begin());
    if (Status made = push({.kind = Kind::Tuple, .items = std::move(items).value()}); !made)
        return made;
    const quint32 arguments = m_stack.back();
    m_stack.pop_back();
    return pushObject({callable, arguments});
}

Status PickleMachine::reduce()
{
    const auto arguments = popOne();
    const auto callable = arguments ? popOne() : arguments;
    return callable ? pushObject({callable.value(), arguments.value()}) : Status(callable.error());
}

Status PickleMachine::newObj()
{
    return reduce(); // cls.__new__(cls, *arguments): to us the same note
}

Status PickleMachine::newObjEx()
{
    const auto keywords = popOne();
    const auto arguments = keywords ? popOne() : keywords;
    const auto callable = arguments ? popOne() : arguments;
    if (!callable)
        return callable.error();
    return pushObject({callable.value(), arguments.value(), keywords.value()});
}

Status PickleMachine::build()
{
    const auto state = popOne();
    const auto object = state ? popOne() : state;
    if (!object)
        return object.error();
    PickleNode &node = m_document.nodes[object.value()];
    if (node.kind != Kind::Object)
        return damaged(tr("a plain value is given a state"));
    node.items.push_back(state.value());
    return pushIndex(object.value());
}

Status PickleMachine::get(quint32 key)
{
    const auto found = m_memo.find(key);
    if (found == m_memo.end())
        return damaged(tr("it refers to a value %1 that is not there").arg(key));
    return pushIndex(found->second);
}

Status PickleMachine::put(quint32 key)
{
    const auto top = popOne();
    if (!top)
        return top.error();
    if (m_memo.size() >= m_limits.memo)
        return damaged(tr("it remembers more than %1 values").arg(m_limits.memo));
    m_memo.insert_or_assign(key, top.value());
    return pushIndex(top.value());
}

Status PickleMachine::memoize()
{
    return put(quint32(m_memo.size()));
}

Status PickleMachine::binGet()
{
    const auto key = m_input.number<quint8>();
    return key ? get(*key) : Status(damaged(tr("it ends in the middle")));
}

Status PickleMachine::longBinGet()
{
    const auto key = m_input.number<quint32>();
    return key ? get(*key) : Status(damaged(tr("it ends in the middle")));
}

Status PickleMachine::binPut()
{
    const auto key = m_input.number<quint8>();
    return key ? put(*key) : Status(damaged(tr("it ends in the middle")));
}

Status PickleMachine::longBinPut()
{
    const auto key = m_input.number<quint32>();
    return key ? put(*key) : Status(damaged(tr("it ends in the middle")));
}

} // namespace birch
