#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace birch {

/// What a column holds, whichever engine keeps it.
enum class CellType : quint8 {
    Integer,
    Boolean, ///< SQLite: 0 and 1
    Real,
    Text, ///< UTF-8
    Json, ///< SQLite: text
    Bytes
};

/// One stored value. SQLite's and PostgreSQL's are the same here: a Boolean is an Integer 0 or 1,
/// Json is Text.
struct Cell {
    enum class Kind : quint8 { Null, Integer, Real, Text, Bytes };

    Kind kind = Kind::Null;
    qint64 integer = 0;
    double real = 0;
    QByteArray bytes; ///< of Text and Bytes

    static Cell ofInteger(qint64 value) { return {Kind::Integer, value, 0, {}}; }
    static Cell ofReal(double value) { return {Kind::Real, 0, value, {}}; }
    static Cell ofText(QByteArray utf8) { return {Kind::Text, 0, 0, std::move(utf8)}; }
    static Cell ofText(const QString &text) { return ofText(text.toUtf8()); }
    static Cell ofBytes(QByteArray bytes) { return {Kind::Bytes, 0, 0, std::move(bytes)}; }

    bool isNull() const { return kind == Kind::Null; }
    bool operator==(const Cell &) const = default;
};

using Row = std::vector<Cell>;

} // namespace birch
