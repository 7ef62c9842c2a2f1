#include "app/cli/option_values.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}
} // namespace

Result<int> countOption(const Invocation &invocation, const QString &option, int otherwise)
{
    if (!invocation.isSet(option))
        return otherwise;
    bool isNumber = false;
    const int number = invocation.value(option).toInt(&isNumber);
    if (!isNumber || number < 1)
        return Error{ErrorCode::BadInput, tr("--%1 takes a whole number from 1, not \"%2\".")
                                              .arg(option, invocation.value(option))};
    return number;
}

Result<std::optional<qint64>> timeOption(const Invocation &invocation, const QString &option)
{
    if (!invocation.isSet(option))
        return std::optional<qint64>();
    const QString text = invocation.value(option);
    QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!time.isValid())
        return Error{ErrorCode::BadInput,
                     tr("--%1 takes a date or a time such as 2026-01-31 or 2026-01-31T08:00:00Z, "
                        "not \"%2\".")
                         .arg(option, text)};
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeZone(QTimeZone::utc());
    return std::optional(time.toMSecsSinceEpoch() * 1000);
}

} // namespace birch::cli
