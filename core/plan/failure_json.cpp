#include "core/plan/failure_json.h"

#include "core/plan/duration_text.h"

#include <QCoreApplication>

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

struct PolicyName {
    FailurePolicy policy;
    QStringView name;
};
constexpr std::array kPolicies{
    PolicyName{FailurePolicy::Abort, u"abort"}, PolicyName{FailurePolicy::Retry, u"retry"},
    PolicyName{FailurePolicy::Skip, u"skip"}, PolicyName{FailurePolicy::Pause, u"pause"}};

QString tr(const char *text)
{
    return QCoreApplication::translate("FailureRule", text);
}

std::optional<FailurePolicy> policyFrom(const QJsonValue &value)
{
    for (const PolicyName &known : kPolicies) {
        if (value.toString() == known.name)
            return known.policy;
    }
    return {};
}

/// Into \a value; what is absent is left.
void readWait(const QJsonObject &node, const QString &key, Nanoseconds *value,
              QList<FieldProblem> *problems)
{
    if (!node.contains(key))
        return;
    const auto typed = durationFromJson(node.value(key));
    if (!typed || typed.value() < Nanoseconds::zero() || typed.value() > kMaxBackOff)
        problems->append({key, tr("This is no wait before another try"),
                          tr("Write a duration of at most a day, e.g. \"1 s\"")});
    else
        *value = typed.value();
}

void readRetry(const QJsonObject &node, FailureRule *rule, QList<FieldProblem> *problems)
{
    const qint64 count = node.value(u"retries"_s).toInteger(0);
    if (count < 1 || count > kMaxRetries)
        problems->append(
            {u"retries"_s, tr("\"retry\" does not say how often"),
             tr("Write \"retries\" as a whole number between 1 and %1").arg(kMaxRetries)});
    rule->retries = int(std::clamp<qint64>(count, 0, kMaxRetries));
    readWait(node, u"back_off"_s, &rule->backOff, problems);
    readWait(node, u"back_off_limit"_s, &rule->longest, problems);
    if (node.contains(u"back_off_factor"_s))
        rule->factor = node.value(u"back_off_factor"_s).toDouble(-1);
    if (!(rule->factor >= 1 && rule->factor <= kMaxBackOffFactor))
        problems->append({u"back_off_factor"_s, tr("The waits can not grow by this factor"),
                          tr("Write a number from 1 to %1").arg(kMaxBackOffFactor)});
    if (rule->longest > Nanoseconds::zero() && rule->longest < rule->backOff)
        problems->append({u"back_off_limit"_s, tr("The longest wait is shorter than the first"),
                          tr("Write a longer one, or leave it out")});
}

} // namespace

QString exactDuration(Nanoseconds duration)
{
    constexpr std::pair<qint64, const char16_t *> kUnits[] = {
        {3'600'000'000'000, u" h"}, {60'000'000'000, u" min"}, {1'000'000'000, u" s"},
        {1'000'000, u" ms"},        {1'000, u" µs"},           {1, u" ns"}};
    for (const auto &[size, unit] : kUnits) {
        if (duration.count() % size == 0)
            return QString::number(duration.count() / size) + QString::fromUtf16(unit);
    }
    return {};
}

void appendFailure(const FailureRule &rule, QJsonObject *node)
{
    node->insert(u"on_failure"_s, kPolicies[size_t(rule.policy)].name.toString());
    if (rule.policy != FailurePolicy::Retry)
        return;
    node->insert(u"retries"_s, rule.retries);
    const FailureRule plain;
    if (rule.backOff > Nanoseconds::zero())
        node->insert(u"back_off"_s, exactDuration(rule.backOff));
    if (rule.factor != plain.factor)
        node->insert(u"back_off_factor"_s, rule.factor);
    if (rule.longest > Nanoseconds::zero())
        node->insert(u"back_off_limit"_s, exactDuration(rule.longest));
}

std::optional<FailureRule> failureFromJson(const QJsonObject &node, QList<FieldProblem> *problems)
{
    const QJsonValue said = node.value(u"on_failure"_s);
    const auto policy = policyFrom(said);
    if (!said.isUndefined() && !policy)
        problems->append({u"on_failure"_s, tr("There is no such answer to a failure"),
                          tr("Write one of: abort, retry, skip, pause")});
    FailureRule rule;
    if (policy == FailurePolicy::Retry) {
        readRetry(node, &rule, problems);
    } else {
        for (const char16_t *key : kFailureKeys) {
            const QString name = QString::fromUtf16(key);
            if (name != u"on_failure" && node.contains(name))
                problems->append({name, tr("\"%1\" means something with \"retry\" alone").arg(name),
                                  tr("Remove it, or write \"on_failure\": \"retry\"")});
        }
    }
    if (!policy)
        return {};
    rule.policy = *policy;
    return rule;
}

} // namespace birch
