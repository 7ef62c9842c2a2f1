#include "drivers/simulator/fault_script.h"

#include "core/base/unit.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::FaultScript)
};

constexpr double kLongestSeconds = 3600;

Error badFault(const QString &word, const QString &reason)
{
    return {ErrorCode::BadInput,
            Text::tr("The fault \"%1\" can not be used: %2").arg(word, reason)};
}

std::optional<Fault::Kind> kindOf(const QString &name)
{
    static const QStringList kNames{u"delay"_s, u"split"_s, u"garble"_s, u"cut"_s,     u"hang"_s,
                                    u"late"_s,  u"reset"_s, u"power"_s,  u"stranger"_s};
    const qsizetype index = kNames.indexOf(name);
    return index < 0 ? std::nullopt : std::optional(Fault::Kind(index));
}

bool takesTime(Fault::Kind kind)
{
    return kind == Fault::Kind::Delay || kind == Fault::Kind::Split || kind == Fault::Kind::Late;
}

Result<Fault> faultFrom(const QString &word)
{
    static const QRegularExpression kForm(
        u"^([a-z]+)(?:=([0-9.]+ ?[a-zµ]+))?(?:@([0-9]{1,9})(\\+|-([0-9]{1,9}))?)?$"_s);
    const auto match = kForm.match(word);
    if (!match.hasMatch())
        return badFault(word, Text::tr("write for example delay=200ms@3, garble@2-4 or hang"));
    const auto kind = kindOf(match.captured(1));
    if (!kind)
        return badFault(
            word,
            Text::tr("write delay, split, garble, cut, hang, late, reset, power or stranger"));
    Fault fault;
    fault.kind = *kind;
    const QString time = match.captured(2);
    if (takesTime(*kind) == time.isEmpty())
        return badFault(word, Text::tr("delay, split and late take a time, the others none"));
    if (!time.isEmpty()) {
        const auto seconds = quantityFromText(time, Unit(u"s"_s), QuantityKind::Difference);
        if (!seconds || !(seconds.value() >= 0 && seconds.value() <= kLongestSeconds))
            return badFault(word, Text::tr("write a time up to an hour, for example 200ms"));
        fault.time = std::chrono::milliseconds(qint64(seconds.value() * 1e3 + 0.5));
    }
    if (!match.captured(3).isEmpty()) {
        fault.first = match.captured(3).toULongLong();
        fault.last = match.captured(4) == u"+"     ? 0
                     : match.captured(5).isEmpty() ? fault.first
                                                   : match.captured(5).toULongLong();
    }
    return fault;
}
} // namespace

const Fault *findFault(const std::vector<Fault> &faults, Fault::Kind kind)
{
    const auto found = std::find_if(faults.begin(), faults.end(),
                                    [kind](const Fault &fault) { return fault.kind == kind; });
    return found == faults.end() ? nullptr : &*found;
}

bool isReset(const std::vector<Fault> &faults)
{
    using Kind = Fault::Kind;
    return findFault(faults, Kind::Reset) || findFault(faults, Kind::Power) ||
           findFault(faults, Kind::Stranger);
}

Result<FaultScript> FaultScript::parse(const QString &text)
{
    FaultScript script;
    static const QRegularExpression kSeparators(u"[,\\s]+"_s);
    for (const QString &word : text.split(kSeparators, Qt::SkipEmptyParts)) {
        const auto fault = faultFrom(word);
        if (!fault)
            return fault.error();
        script.m_faults.push_back(fault.value());
    }
    return script;
}

std::vector<Fault> FaultScript::next()
{
    ++m_count;
    std::vector<Fault> met;
    for (const Fault &fault : m_faults) {
        if (m_count >= fault.first && (fault.last == 0 || m_count <= fault.last))
            met.push_back(fault);
    }
    return met;
}

} // namespace birch
