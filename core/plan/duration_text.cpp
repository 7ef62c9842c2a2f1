#include "core/plan/duration_text.h"

#include "core/base/unit.h"

#include <QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Duration", text);
}

QString twoParts(qint64 whole, const QString &unit, qint64 rest, const QString &restUnit)
{
    QString text = QString::number(whole) + u' ' + unit;
    if (rest > 0)
        text += u' ' + QString::number(rest) + u' ' + restUnit;
    return text;
}
} // namespace

Result<Nanoseconds> durationFromJson(const QJsonValue &value)
{
    double seconds = value.toDouble();
    if (value.isString()) {
        const Result<double> typed = quantityFromText(value.toString(), Unit(u"s"_s));
        if (!typed)
            return typed.error();
        seconds = typed.value();
    } else if (!value.isDouble()) {
        return Error{ErrorCode::BadInput, tr("A duration is written like \"20 ms\"")};
    }
    const double longest = std::chrono::duration<double>(kMaxDuration).count();
    if (!std::isfinite(seconds) || seconds < 0 || seconds > longest)
        return Error{ErrorCode::BadInput, tr("A duration lies between 0 s and ten years")};
    return Nanoseconds(std::llround(seconds * 1e9));
}

QString durationText(Nanoseconds duration)
{
    const double seconds = std::chrono::duration<double>(duration).count();
    if (seconds >= 3600)
        return twoParts(qint64(seconds) / 3600, u"h"_s, qint64(seconds) % 3600 / 60, u"min"_s);
    if (seconds >= 60)
        return twoParts(qint64(seconds) / 60, u"min"_s, qint64(seconds) % 60, u"s"_s);
    if (seconds >= 1 || seconds == 0)
        return QString::number(seconds, 'g', 3) + u" s"_s;
    if (seconds >= 1e-3)
        return QString::number(seconds * 1e3, 'g', 3) + u" ms"_s;
    return QString::number(seconds * 1e6, 'g', 3) + u" µs"_s;
}

} // namespace birch
