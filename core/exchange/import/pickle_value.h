#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace birch {

/// One value of a pickle. Values lie in PickleDocument::nodes and refer to each other by index, so
/// that sharing and cycles are kept and nothing has to be copied.
struct PickleNode {
    enum class Kind : quint8 {
        None,
        Bool,       ///< integer: 0 or 1
        Integer,    ///< integer
        BigInteger, ///< bytes: two's complement, little-endian
        Real,       ///< real
        Text,       ///< text
        Bytes,      ///< bytes
        List,       ///< items
        Tuple,      ///< items
        Set,        ///< items
        Dict,       ///< items: key, value, key, value …
        Class,      ///< text: "module name", a name only; never looked up
        Object      ///< items: callable, arguments, then the states; never called
    };

    Kind kind = Kind::None;
    qint64 integer = 0;
    double real = 0;
    QString text = {};
    QByteArray bytes = {};
    std::vector<quint32> items = {};
};

/// What a pickle says. A class is a name and an object is "made by X from these arguments, then
/// given this state": nothing is imported, made or called.
struct PickleDocument {
    std::vector<PickleNode> nodes;
    quint32 root = 0;

    const PickleNode &at(quint32 index) const { return nodes[index]; }
    const PickleNode &top() const { return nodes[root]; }
};

} // namespace birch
