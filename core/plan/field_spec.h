#pragma once

#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

namespace birch {

/// What a field holds and how it is written in JSON.
enum class FieldType : quint8 {
    Text,         ///< string
    Integer,      ///< whole number within minimum and maximum
    Bool,         ///< true or false
    Choice,       ///< string, one of choices
    Duration,     ///< string as typed ("20 ms"), or a number of seconds
    Movement,     ///< string "smu.bias"
    Measurements, ///< array of strings "smu.iv"
    Quantity,     ///< string as typed ("10 mV"), or a number in the unit of the movement
    QuantityList, ///< array of quantities
    Condition,    ///< string, an expression that is true or false ("smu.current > 1 mA")
    Expression,   ///< string, an expression that gives a number
    Texts,        ///< object of strings
    Record,       ///< object with the fields in \a item
    RecordList    ///< array of such objects
};

/// One field of a node kind, declared once: the JSON check, the editor's form and the compiler's
/// access come from it.
struct FieldSpec {
    QString key; ///< in JSON
    QString label;
    FieldType type = FieldType::Text;
    QString help;                                    ///< one line
    QJsonValue defaultValue = QJsonValue::Undefined; ///< what an absent field means
    bool isRequired = false;                         ///< must be filled before the tree compiles

    QStringList choices;      ///< Choice: as stored
    QStringList choiceLabels; ///< Choice: as shown, same order
    qint64 minimum = 0;       ///< Integer
    qint64 maximum = 0;       ///< Integer
    /// Quantity, QuantityList: the key of the Movement field whose unit applies, in the same record
    /// or in the record around it.
    QString unitOf;
    bool isFile = false;        ///< Text: a file, relative to the folder of the scan's file
    bool isStoredTree = false;  ///< Text: the name of a scan template
    bool isDifference = false;  ///< Quantity: a step or a tolerance, converted by slope only
    bool isRate = false;        ///< Quantity: such a difference per time, e.g. "0.5 K/min"
    QList<FieldSpec> item = {}; ///< Record, RecordList

    /// Shown only while the sibling field \a visibleWhen has one of these values; empty: always.
    QString visibleWhen = {};
    QStringList visibleValues = {};
    /// Exactly one of this field and the sibling named here is filled, e.g. points or step.
    QString alternativeTo = {};
};

/// Null: there is none.
inline const FieldSpec *findField(const QList<FieldSpec> &fields, const QString &key)
{
    for (const FieldSpec &field : fields) {
        if (field.key == key)
            return &field;
    }
    return nullptr;
}

} // namespace birch
