#include "core/base/unit.h"
#include "core/base/unit_conversion.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <charconv>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::Quantity", text);
}

struct Typed {
    QByteArray mantissa; ///< "-2.5": what from_chars takes
    int exponent = 0;
    QString unit; ///< empty: none was typed
};

/// Splits "-2.5e-3 mV". Errors: BadInput - it does not begin with a decimal number.
Result<Typed> split(const QString &text)
{
    static const QRegularExpression form(
        uR"(^\s*([+\-\x{2212}]?)([0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+\-\x{2212}]?[0-9]{1,6}))?\s*(.*?)\s*$)"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    const auto match = form.match(text);
    if (!match.hasMatch()) {
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" is not a number; write one such as 0.5, -3 or 10 mV").arg(text)};
    }
    if (match.captured(4).startsWith(u',')) {
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" has a comma; write decimals with a point").arg(text)};
    }
    Typed typed;
    const bool isNegative = !match.captured(1).isEmpty() && match.captured(1) != u"+";
    typed.mantissa = (isNegative ? "-" : "") + match.captured(2).toLatin1();
    typed.exponent = match.captured(3).replace(QChar(0x2212), u'-').toInt();
    typed.unit = match.captured(4);
    return typed;
}

/// The number nearest to the decimal text. Errors: BadInput - beyond what a double holds.
template<typename Number>
Result<Number> read(const Typed &typed, int shift)
{
    const QByteArray text = typed.mantissa + 'e' + QByteArray::number(typed.exponent + shift);
    Number value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc())
        return Error{ErrorCode::BadInput, tr("The number is too large or too small; use a unit "
                                             "with a prefix that brings it nearer to one")};
    return value;
}

Error misfit(const QString &text, const Unit &typed, const Unit &target, QuantityKind kind)
{
    if (typed.symbol() == u"C" && target.isConvertibleTo(Unit(u"K"_s))) {
        return {ErrorCode::BadInput,
                tr("\"%1\": C is the coulomb; write °C for a temperature").arg(text)};
    }
    if (typed.isOpaque()) {
        return {ErrorCode::BadInput, tr("\"%1\": \"%2\" is not a known unit here; write it in %3")
                                         .arg(text, typed.symbol(), target.examples())};
    }
    if (kind == QuantityKind::Difference && typed.isConvertibleTo(target)) {
        return {ErrorCode::BadInput,
                tr("\"%1\": a step between levels is not a level; write it in dB").arg(text)};
    }
    return {ErrorCode::BadInput, tr("\"%1\": %2 does not fit here; write it in %3")
                                     .arg(text, typed.symbol(), target.examples())};
}

} // namespace

Result<double> quantityFromText(const QString &text, const Unit &target, QuantityKind kind)
{
    const auto typed = split(text);
    if (!typed)
        return typed.error();
    const Unit unit = typed.value().unit.isEmpty() ? target : Unit(typed.value().unit);
    if (unit.symbol() == target.symbol())
        return read<double>(typed.value(), 0);

    const UnitInfo &from = unit.info();
    const UnitInfo &to = target.info();
    const bool isStep = kind == QuantityKind::Difference;
    if (isStep ? !differTheSame(from, to) : !measureTheSame(from, to))
        return misfit(text, unit, target, kind);
    // From the text, so that 10 mV is the double nearest to 0.01, not 10 times a rounded 0.001.
    if (const auto shift = decimalShift(from, to); shift && (isStep || from.offset == to.offset))
        return read<double>(typed.value(), *shift);
    const auto exact = read<long double>(typed.value(), 0);
    if (!exact)
        return exact.error();
    const auto value = double(isStep ? convertStep(exact.value(), from, to)
                                     : convertReading(exact.value(), from, to));
    if (!std::isfinite(value)) {
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" has no value in %2; write a level above zero within range")
                         .arg(text, target.symbol())};
    }
    return value;
}

Result<double> rateFromText(const QString &text, const Unit &unit)
{
    const Unit second(u"s"_s);
    const auto wrong = [&](const QString &what) {
        return Error{ErrorCode::BadInput,
                     tr("\"%1\": %2; write a rate such as \"1 %3/s\" or \"0.5 %3/min\"")
                         .arg(text, what, unit.differenceUnit().symbol())};
    };
    // The last one: a unit may have a quotient of its own, as V/m has.
    const qsizetype slash = text.lastIndexOf(u'/');
    if (slash < 0) {
        const auto typed = split(text);
        if (typed && !typed.value().unit.isEmpty())
            return wrong(tr("it does not say in what time"));
        return quantityFromText(text, unit, QuantityKind::Difference);
    }
    const auto change = quantityFromText(text.first(slash), unit, QuantityKind::Difference);
    if (!change)
        return change.error();
    const QString per = text.sliced(slash + 1).trimmed();
    const auto time = quantityFromText(u"1 "_s + per, second, QuantityKind::Difference);
    if (per.isEmpty() || !time || !(time.value() > 0))
        return wrong(tr("\"%1\" is no time").arg(per));
    return change.value() / time.value();
}

} // namespace birch
