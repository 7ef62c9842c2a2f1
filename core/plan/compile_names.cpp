// Names of the bench, and quantities in the units of its movements.
#include "core/plan/compile_context.h"
#include "core/plan/did_you_mean.h"
#include "core/plan/duration_text.h"
#include "core/plan/field_check.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

template<typename Specs>
QStringList namesOf(const QString &nickname, const Specs &specs)
{
    QStringList names;
    for (const auto &spec : specs)
        names.append(nickname + u'.' + spec.name);
    return names;
}

QString withUnit(double value, const QString &unit)
{
    const QString number = QString::number(value, 'g', 12);
    return unit.isEmpty() ? number : number + u' ' + unit;
}

} // namespace

const InstrumentSpec *CompileContext::instrument(const ScanNode &node, const QString &field,
                                                 const QString &name, QString *nickname,
                                                 QString *member)
{
    const qsizetype dot = name.indexOf(u'.');
    *nickname = name.left(dot);
    *member = dot < 0 ? QString() : name.mid(dot + 1);
    const auto at = m_bench.constFind(*nickname);
    if (at != m_bench.constEnd())
        return &at.value();
    problem(node, field, tr("The bench has no instrument \"%1\"").arg(*nickname),
            m_bench.isEmpty() ? tr("Open a bench that has it")
                              : didYouMean(*nickname, m_bench.keys()));
    return nullptr;
}

std::optional<int> CompileContext::movement(const ScanNode &node, const QString &field,
                                            const QString &name)
{
    if (const auto known = m_movementByName.constFind(name); known != m_movementByName.constEnd())
        return known.value();
    QString nickname;
    QString member;
    const InstrumentSpec *spec = instrument(node, field, name, &nickname, &member);
    if (spec == nullptr)
        return std::nullopt;
    const int index = spec->movementIndex(member);
    if (index < 0) {
        problem(node, field, tr("\"%1\" has no movement \"%2\"").arg(nickname, member),
                didYouMean(name, namesOf(nickname, spec->movements)));
        return std::nullopt;
    }
    const int position = int(m_movements.size());
    m_movements.append({nickname, index, spec->movements[index], name});
    m_movementByName.insert(name, position);
    return position;
}

std::optional<PlanRead> CompileContext::measurement(const ScanNode &node, const QString &field,
                                                    const QString &name)
{
    QString nickname;
    QString member;
    const InstrumentSpec *spec = instrument(node, field, name, &nickname, &member);
    if (spec == nullptr)
        return std::nullopt;
    const int index = spec->measurementIndex(member);
    if (index < 0) {
        problem(node, field, tr("\"%1\" has no measurement \"%2\"").arg(nickname, member),
                didYouMean(name, namesOf(nickname, spec->measurements)));
        return std::nullopt;
    }
    return PlanRead{nickname, index, spec->measurements[index]};
}

std::optional<double> CompileContext::quantity(const ScanNode &node, const QString &field,
                                               const QJsonValue &typed, int movement,
                                               QuantityKind kind)
{
    const PlanMovement &moved = m_movements[movement];
    double value = typed.toDouble(std::nan(""));
    if (typed.isString()) {
        const Result<double> read = quantityFromText(typed.toString(), Unit(moved.spec.unit), kind);
        if (!read) {
            problem(node, field, read.error().message,
                    moved.spec.unit.isEmpty()
                        ? tr("Write a plain number for %1").arg(moved.column)
                        : tr("Write a number with a unit that fits %1, e.g. \"1 %2\"")
                              .arg(moved.column, moved.spec.unit));
            return std::nullopt;
        }
        value = read.value();
    }
    if (!std::isfinite(value)) {
        problem(node, field, tr("\"%1\" is no finite number").arg(typed.toString()),
                tr("Write a number within the limits of %1").arg(moved.column));
        return std::nullopt;
    }
    return value;
}

std::optional<double> CompileContext::ramp(const ScanNode &node, const QString &field,
                                           const QJsonValue &typed, int movement)
{
    if (!isFilled(typed))
        return 0;
    PlanMovement &moved = m_movements[movement];
    const Unit unit(moved.spec.unit);
    const QString difference = unit.differenceUnit().symbol();
    const QString perSecond = withUnit(1, difference) + u"/s"_s;
    const Result<double> read =
        typed.isString() ? rateFromText(typed.toString(), unit) : Result<double>(typed.toDouble());
    if (!read) {
        problem(node, field, read.error().message,
                tr("Write a rate that fits %1, e.g. \"%2\"").arg(moved.column, perSecond));
        return std::nullopt;
    }
    const double rate = read.value();
    if (!(rate > 0) || !std::isfinite(rate)) {
        problem(node, field, tr("The ramp rate of %1 is not above zero").arg(moved.column),
                tr("Write how fast it may go in both directions, e.g. \"%1\"").arg(perSecond));
        return std::nullopt;
    }
    if (moved.spec.rampRate && rate > *moved.spec.rampRate) {
        problem(node, field,
                tr("%1 can not go at %2/s: it makes %3/s at most")
                    .arg(moved.column, withUnit(rate, difference),
                         withUnit(*moved.spec.rampRate, difference)),
                tr("Write a slower rate, or leave it empty: then it goes as fast as it can"));
        return std::nullopt;
    }
    moved.slowestRamp = moved.slowestRamp > 0 ? std::min(moved.slowestRamp, rate) : rate;
    return rate;
}

std::optional<Nanoseconds> CompileContext::duration(const ScanNode &node, const QString &field,
                                                    const QJsonValue &typed)
{
    const Result<Nanoseconds> read = durationFromJson(typed);
    if (read)
        return read.value();
    problem(node, field, read.error().message,
            tr("Write a duration such as \"20 ms\" or \"2 min\""));
    return std::nullopt;
}

std::optional<Nanoseconds> CompileContext::settle(const ScanNode &node)
{
    const QJsonValue typed = node.fields.value(u"settle"_s);
    return isFilled(typed) ? duration(node, u"settle"_s, typed) : Nanoseconds::zero();
}

void CompileContext::checkLimits(const ScanNode &node, const QString &field, int movement,
                                 std::span<const double> positions)
{
    const PlanMovement &moved = m_movements[movement];
    const Limits &limits = moved.spec.limits;
    const auto isOutside = [&limits](double value) { return !limits.contain(value); };
    const auto first = std::find_if(positions.begin(), positions.end(), isOutside);
    if (first == positions.end())
        return;
    const auto outside = std::count_if(first, positions.end(), isOutside);
    const bool isLow = *first < limits.low;
    const QString bound = withUnit(isLow ? limits.low : limits.high, moved.spec.unit);
    QString message =
        isLow ? tr("%1 is below the limit %2 of %3") : tr("%1 is above the limit %2 of %3");
    message = message.arg(withUnit(*first, moved.spec.unit), bound, moved.column);
    if (positions.size() > 1) {
        message = tr("Position %1 of %2: %3 (%4 outside)")
                      .arg(first - positions.begin() + 1)
                      .arg(positions.size())
                      .arg(message)
                      .arg(outside);
    }
    problem(
        node, field, message,
        tr("Stay between %1 and %2")
            .arg(withUnit(limits.low, moved.spec.unit), withUnit(limits.high, moved.spec.unit)));
}

} // namespace birch
