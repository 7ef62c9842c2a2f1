#pragma once

#include "core/exchange/import/pickle_input.h"
#include "core/exchange/import/pickle_reader.h"

#include <QCoreApplication>

#include <unordered_map>

namespace birch {

/// The stack machine that a pickle is a program for, without the parts that could do anything.
/// One per pickle.
class PickleMachine
{
    Q_DECLARE_TR_FUNCTIONS(PickleMachine)
public:
    using Kind = PickleNode::Kind;

    PickleMachine(QByteArrayView bytes, const PickleLimits &limits)
        : m_input(bytes)
        , m_limits(limits)
    {
    }

    Result<PickleDocument> run();

private:
    using Step = Status (PickleMachine::*)();
    struct Opcode {
        quint8 code;
        Step step;
    };
    static const Opcode kOpcodes[];
    static std::array<Step, 256> stepTable();

    // What a pickle can say; the names are Python's.
    Status proto();
    Status frame();
    Status mark();
    Status pop();
    Status popMark();
    Status dup();
    Status none();
    Status newTrue();
    Status newFalse();
    Status intLine();
    Status longLine();
    Status binInt();
    Status binInt1();
    Status binInt2();
    Status long1();
    Status long4();
    Status floatLine();
    Status binFloat();
    Status stringLine();
    Status unicodeLine();
    Status binString();
    Status shortBinString();
    Status binUnicode();
    Status shortBinUnicode();
    Status binUnicode8();
    Status binBytes();
    Status shortBinBytes();
    Status binBytes8();
    Status emptyList();
    Status emptyTuple();
    Status emptyDict();
    Status emptySet();
    Status list();
    Status tuple();
    Status tuple1();
    Status tuple2();
    Status tuple3();
    Status dict();
    Status frozenSet();
    Status append();
    Status appends();
    Status addItems();
    Status setItem();
    Status setItems();
    Status global();
    Status stackGlobal();
    Status inst();
    Status obj();
    Status reduce();
    Status newObj();
    Status newObjEx();
    Status build();
    Status getLine();
    Status binGet();
    Status longBinGet();
    Status putLine();
    Status binPut();
    Status longBinPut();
    Status memoize();
    Status refused();

    template<typename Length>
    Result<QByteArrayView> counted();
    Result<QByteArrayView> textLine();
    Status push(PickleNode node);
    Status pushIndex(quint32 index);
    Status pushInteger(qint64 value);
    Status pushBigEnough(QByteArrayView twosComplement);
    Status pushDigits(QByteArrayView digits);
    Status pushText(QByteArrayView utf8);
    Status pushTextOrBytes(QByteArrayView bytes);
    Status pushBytes(QByteArrayView bytes);
    Status pushClass(const QString &module, const QString &name);
    Status pushTuple(size_t count);
    Status pushObject(std::vector<quint32> items);
    Result<quint32> popOne();
    /// What lies above the last mark; the mark is taken away.
    Result<std::vector<quint32>> popToMark();
    Status collect(Kind kind);
    Status extendTop(Kind kind, std::vector<quint32> items);
    Status get(quint32 key);
    Status put(quint32 key);
    Error damaged(const QString &what) const;

    PickleInput m_input;
    PickleLimits m_limits;
    PickleDocument m_document;
    std::vector<quint32> m_stack;
    std::vector<size_t> m_marks;
    std::unordered_map<quint32, quint32> m_memo;
    quint8 m_code = 0; ///< of the step under way
};

} // namespace birch
