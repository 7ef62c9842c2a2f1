#include "widgets/models/number_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("NumberText", text);
}

bool takesPrefix(const QString &unit)
{
    static const QStringList kUnits{u"V"_s,  u"A"_s, u"W"_s, u"Ω"_s, u"F"_s,  u"H"_s, u"s"_s,
                                    u"Hz"_s, u"m"_s, u"T"_s, u"J"_s, u"Pa"_s, u"C"_s, u"S"_s};
    return kUnits.contains(unit);
}

struct Prefix {
    double factor;
    const char16_t *symbol;
};
constexpr std::array kPrefixes{Prefix{1e9, u"G"},  Prefix{1e6, u"M"},   Prefix{1e3, u"k"},
                               Prefix{1, u""},     Prefix{1e-3, u"m"},  Prefix{1e-6, u"µ"},
                               Prefix{1e-9, u"n"}, Prefix{1e-12, u"p"}, Prefix{1e-15, u"f"}};

Prefix prefixFor(double value)
{
    const double size = std::abs(value);
    for (const Prefix &prefix : kPrefixes) {
        if (size >= prefix.factor * 0.9999999)
            return prefix;
    }
    return kPrefixes.back();
}

} // namespace

QString displayNumber(double value, int digits)
{
    if (std::isnan(value))
        return tr("no number");
    if (value == 0)
        return u"0"_s;
    QString text = QLocale::c().toString(value, 'g', digits);
    text.replace(u"e+0"_s, u"e"_s).replace(u"e+"_s, u"e"_s).replace(u"e-0"_s, u"e-"_s);
    return text.replace(u'-', u'\u2212');
}

QString displayQuantity(double value, const QString &unit, int digits)
{
    if (unit.isEmpty())
        return displayNumber(value, digits);
    if (value == 0 || !std::isfinite(value) || !takesPrefix(unit))
        return displayNumber(value, digits) + u'\u00a0' + unit;
    const Prefix prefix = prefixFor(value);
    return displayNumber(value / prefix.factor, digits) + u'\u00a0' +
           QString::fromUtf16(prefix.symbol) + unit;
}

QString displayValue(double value, ValueState state, const QString &unit)
{
    switch (state) {
    case ValueState::Overload:
        return tr("overload");
    case ValueState::NotANumber:
        return tr("no number");
    case ValueState::Skipped:
        return tr("skipped");
    case ValueState::Ok:
        break;
    }
    return displayQuantity(value, unit);
}

QString displayDuration(Nanoseconds duration)
{
    const double seconds = std::max(0.0, double(duration.count()) * 1e-9);
    if (seconds < 10)
        return tr("%1 s").arg(QLocale::c().toString(seconds, 'f', 1));
    const auto whole = qint64(std::llround(seconds));
    if (whole < 60)
        return tr("%1 s").arg(whole);
    if (whole < 3600)
        return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    if (whole < 86400)
        return tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
    return tr("%1 d %2 h").arg(whole / 86400).arg(whole % 86400 / 3600);
}

QString displayClock(const QDateTime &when, const QDateTime &now)
{
    const QLocale locale = QLocale::c();
    if (when.date() == now.date())
        return locale.toString(when, u"HH:mm"_s);
    if (std::abs(when.date().daysTo(now.date())) < 7)
        return locale.toString(when, u"ddd HH:mm"_s);
    return locale.toString(when, u"yyyy-MM-dd HH:mm"_s);
}

QString displayBytes(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace birch
