#pragma once

#include "core/exchange/import/pickle_value.h"

#include <QJsonValue>
#include <QList>
#include <QMap>

#include <optional>
#include <span>

namespace birch {

/// A NumPy array as it was pickled.
struct PickleArray {
    char kind = 'f';   ///< NumPy's: f float, i integer, u unsigned, b bool, c complex …
    int itemBytes = 8; ///< of one element
    bool isBigEndian = false;
    bool isColumnMajor = false;
    QList<qint64> shape;
    QByteArray bytes; ///< as many as shape and itemBytes say

    qint64 elementCount() const;
    /// NumPy's .npy file of it, version 1.0.
    QByteArray npy() const;
};

/// Looks at a pickle and understands the few things of Python's own that are plain data in disguise
/// (sets, bytes and objects of old protocols, OrderedDict, NumPy arrays). Whatever else was to be
/// called stays a note. Outlived by its document. Thread-safe.
class PickleView
{
public:
    explicit PickleView(const PickleDocument &document)
        : m_document(document)
    {
    }

    const PickleNode &node(quint32 index) const { return m_document.at(index); }
    /// "module.Name" of an object; "" for plain values.
    QString className(quint32 index) const;
    /// What an object remembers by name, or the texts of a dictionary: the first 1000 of each
    /// state.
    QMap<QString, quint32> attributes(quint32 index) const;
    /// Elements of a list, tuple or set; nothing for anything else.
    std::optional<std::span<const quint32>> elements(quint32 index) const;
    std::optional<QByteArray> bytes(quint32 index) const;
    std::optional<PickleArray> array(quint32 index) const;
    /// Everything there is to say, for extra_data. Cycles, what is nested deeper than 64 and what
    /// comes after the first 100,000 values is named and left out.
    QJsonValue json(quint32 index) const;

private:
    struct Budget;
    struct ElementType {
        char kind;
        int itemBytes;
        bool isBigEndian;
    };

    /// The class and the states of an object, however it was written.
    struct Parts {
        QString className;
        std::span<const quint32> arguments;
        std::span<const quint32> states;
    };
    std::optional<Parts> parts(quint32 index) const;
    std::optional<quint32> onlyArgument(quint32 index, const QStringList &classes) const;
    std::optional<ElementType> elementType(quint32 index) const;
    std::optional<QList<qint64>> shape(quint32 index) const;
    QJsonValue jsonOf(quint32 index, int depth, Budget &budget) const;
    QJsonValue jsonOfDict(std::span<const quint32> items, int depth, Budget &budget) const;
    QJsonValue jsonOfObject(quint32 index, int depth, Budget &budget) const;
    QString keyText(quint32 index) const;

    const PickleDocument &m_document;
};

} // namespace birch
