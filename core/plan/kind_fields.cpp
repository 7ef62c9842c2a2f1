#include "core/plan/kind_fields.h"

#include "core/base/unit.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

qint64 fieldInteger(const ScanNode &node, const QString &key, qint64 absent)
{
    return node.fields.value(key).toInteger(absent);
}

QString fieldText(const QJsonValue &value, const QString &bareUnit)
{
    if (value.isString())
        return value.toString().trimmed();
    if (!value.isDouble())
        return {};
    const QString number = numberToText(value.toDouble());
    return bareUnit.isEmpty() ? number : number + u' ' + bareUnit;
}

FieldSpec conditionField(const QString &help)
{
    FieldSpec condition;
    condition.key = u"condition"_s;
    condition.label = QCoreApplication::translate("KindFields", "Condition");
    condition.type = FieldType::Condition;
    condition.help = help + QCoreApplication::translate("KindFields", ", e.g. smu.current > 1 mA");
    return condition;
}

FieldSpec stopField(const QString &help)
{
    FieldSpec stop = conditionField(help);
    stop.key = u"stop_when"_s;
    stop.label = QCoreApplication::translate("KindFields", "Stop when");
    return stop;
}

FieldSpec settleField()
{
    FieldSpec settle;
    settle.key = u"settle"_s;
    settle.label = QCoreApplication::translate("KindFields", "Settle");
    settle.type = FieldType::Duration;
    settle.help =
        QCoreApplication::translate("KindFields", "How long to wait after arrival, e.g. \"20 ms\"");
    settle.defaultValue = u"0 s"_s;
    return settle;
}

FieldSpec intervalField()
{
    FieldSpec interval;
    interval.key = u"interval"_s;
    interval.label = QCoreApplication::translate("KindFields", "Interval");
    interval.type = FieldType::Duration;
    interval.help = QCoreApplication::translate("KindFields",
                                                "Time from one reading to the next, e.g. \"1 s\"");
    interval.isRequired = true;
    return interval;
}

} // namespace birch
