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

FieldSpec rampField()
{
    FieldSpec ramp;
    ramp.key = u"ramp"_s;
    ramp.label = QCoreApplication::translate("KindFields", "Ramp rate");
    ramp.type = FieldType::Quantity;
    ramp.help = QCoreApplication::translate(
        "KindFields", "How fast to go at most, e.g. \"0.5 K/min\"; the timeout counts from the end "
                      "of the ramp. Empty: as fast as the instrument goes");
    ramp.unitOf = u"movement"_s;
    ramp.isRate = true;
    return ramp;
}

QString rampText(const QJsonObject &record)
{
    const QString rate = fieldText(record.value(u"ramp"_s));
    return rate.isEmpty() ? rate : QCoreApplication::translate("KindFields", ", at %1").arg(rate);
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
