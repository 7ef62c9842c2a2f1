#include "core/exchange/import/pickle_machine.h"

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr quint8 kStop = '.';
constexpr int kNewestProtocol = 5;
} // namespace

const PickleMachine::Opcode PickleMachine::kOpcodes[] = {
    {0x80, &PickleMachine::proto},        {0x95, &PickleMachine::frame},
    {'(', &PickleMachine::mark},          {'0', &PickleMachine::pop},
    {'1', &PickleMachine::popMark},       {'2', &PickleMachine::dup},
    {'N', &PickleMachine::none},          {0x88, &PickleMachine::newTrue},
    {0x89, &PickleMachine::newFalse},     {'I', &PickleMachine::intLine},
    {'L', &PickleMachine::longLine},      {'J', &PickleMachine::binInt},
    {'K', &PickleMachine::binInt1},       {'M', &PickleMachine::binInt2},
    {0x8a, &PickleMachine::long1},        {0x8b, &PickleMachine::long4},
    {'F', &PickleMachine::floatLine},     {'G', &PickleMachine::binFloat},
    {'S', &PickleMachine::stringLine},    {'V', &PickleMachine::unicodeLine},
    {'T', &PickleMachine::binString},     {'U', &PickleMachine::shortBinString},
    {'X', &PickleMachine::binUnicode},    {0x8c, &PickleMachine::shortBinUnicode},
    {0x8d, &PickleMachine::binUnicode8},  {'B', &PickleMachine::binBytes},
    {'C', &PickleMachine::shortBinBytes}, {0x8e, &PickleMachine::binBytes8},
    {0x96, &PickleMachine::binBytes8},    {']', &PickleMachine::emptyList},
    {')', &PickleMachine::emptyTuple},    {'}', &PickleMachine::emptyDict},
    {0x8f, &PickleMachine::emptySet},     {'l', &PickleMachine::list},
    {'t', &PickleMachine::tuple},         {0x85, &PickleMachine::tuple1},
    {0x86, &PickleMachine::tuple2},       {0x87, &PickleMachine::tuple3},
    {'d', &PickleMachine::dict},          {0x91, &PickleMachine::frozenSet},
    {'a', &PickleMachine::append},        {'e', &PickleMachine::appends},
    {0x90, &PickleMachine::addItems},     {'s', &PickleMachine::setItem},
    {'u', &PickleMachine::setItems},      {'c', &PickleMachine::global},
    {0x93, &PickleMachine::stackGlobal},  {'i', &PickleMachine::inst},
    {'o', &PickleMachine::obj},           {'R', &PickleMachine::reduce},
    {0x81, &PickleMachine::newObj},       {0x92, &PickleMachine::newObjEx},
    {'b', &PickleMachine::build},         {'g', &PickleMachine::getLine},
    {'h', &PickleMachine::binGet},        {'j', &PickleMachine::longBinGet},
    {'p', &PickleMachine::putLine},       {'q', &PickleMachine::binPut},
    {'r', &PickleMachine::longBinPut},    {0x94, &PickleMachine::memoize},
    {'P', &PickleMachine::refused},       {'Q', &PickleMachine::refused},
    {0x82, &PickleMachine::refused},      {0x83, &PickleMachine::refused},
    {0x84, &PickleMachine::refused},      {0x97, &PickleMachine::refused},
    {0x98, &PickleMachine::refused},
};

std::array<PickleMachine::Step, 256> PickleMachine::stepTable()
{
    std::array<Step, 256> table{};
    for (const Opcode &opcode : kOpcodes)
        table[opcode.code] = opcode.step;
    return table;
}

Result<PickleDocument> PickleMachine::run()
{
    static const std::array<Step, 256> kSteps = stepTable();
    for (;;) {
        const auto code = m_input.number<quint8>();
        if (!code)
            return damaged(tr("it ends in the middle"));
        m_code = *code;
        if (m_code == kStop)
            break;
        const Step step = kSteps[m_code];
        if (!step)
            return damaged(
                tr("0x%1 is no instruction of a pickle").arg(m_code, 2, 16, QChar(u'0')));
        if (Status done = (this->*step)(); !done)
            return done.error();
    }
    if (m_stack.size() != 1 || !m_marks.empty())
        return damaged(tr("it does not end with one value"));
    m_document.root = m_stack.front();
    return std::move(m_document);
}

Error PickleMachine::damaged(const QString &what) const
{
    return {ErrorCode::BadInput,
            tr("At byte %1: %2: take another copy of the file, or one that was written by PyBirch")
                .arg(m_input.position())
                .arg(what)};
}

Status PickleMachine::refused()
{
    const bool isPersistent = m_code == 'P' || m_code == 'Q';
    const bool isBuffer = m_code == 0x97 || m_code == 0x98;
    return damaged(isPersistent ? tr("it refers to something outside the file (a persistent id)")
                   : isBuffer   ? tr("part of it lies outside the file (a buffer)")
                                : tr("it needs Python's extension registry"));
}

Status PickleMachine::push(PickleNode node)
{
    if (m_document.nodes.size() >= m_limits.nodes)
        return damaged(tr("it holds more than %1 values").arg(m_limits.nodes));
    m_document.nodes.push_back(std::move(node));
    return pushIndex(quint32(m_document.nodes.size() - 1));
}

Status PickleMachine::pushIndex(quint32 index)
{
    if (m_stack.size() >= m_limits.stack)
        return damaged(tr("its values are stacked more than %1 high").arg(m_limits.stack));
    m_stack.push_back(index);
    return ok();
}

Result<quint32> PickleMachine::popOne()
{
    const size_t floor = m_marks.empty() ? 0 : m_marks.back();
    if (m_stack.size() <= floor)
        return damaged(tr("a value is missing"));
    const quint32 index = m_stack.back();
    m_stack.pop_back();
    return index;
}

Result<std::vector<quint32>> PickleMachine::popToMark()
{
    if (m_marks.empty())
        return damaged(tr("a mark is missing"));
    const auto from = m_stack.begin() + std::ptrdiff_t(m_marks.back());
    std::vector<quint32> items(from, m_stack.end());
    m_stack.erase(from, m_stack.end());
    m_marks.pop_back();
    return items;
}

Status PickleMachine::proto()
{
    const auto version = m_input.number<quint8>();
    if (!version)
        return damaged(tr("it ends in the middle"));
    if (*version > kNewestProtocol)
        return damaged(tr("it is of protocol %1, the newest known one is %2")
                           .arg(*version)
                           .arg(kNewestProtocol));
    return ok();
}

Status PickleMachine::frame()
{
    const auto length = m_input.number<quint64>();
    if (!length || *length > quint64(m_input.left()))
        return damaged(tr("it ends in the middle"));
    return ok();
}

Status PickleMachine::mark()
{
    if (m_marks.size() >= m_limits.marks)
        return damaged(tr("its values are nested more than %1 deep").arg(m_limits.marks));
    m_marks.push_back(m_stack.size());
    return ok();
}

Status PickleMachine::pop()
{
    if (!m_marks.empty() && m_marks.back() == m_stack.size()) {
        m_marks.pop_back(); // as Python does: POP takes a mark that lies on top
        return ok();
    }
    const auto gone = popOne();
    return gone ? ok() : Status(gone.error());
}

Status PickleMachine::popMark()
{
    const auto gone = popToMark();
    return gone ? ok() : Status(gone.error());
}

Status PickleMachine::dup()
{
    const auto top = popOne();
    if (!top)
        return top.error();
    m_stack.push_back(top.value());
    return pushIndex(top.value());
}

} // namespace birch
