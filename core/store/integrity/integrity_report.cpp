#include "core/store/integrity/integrity_report.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

QJsonObject outcomeJson(const CheckOutcome &outcome)
{
    return {{u"name"_s, outcome.name},         {u"title"_s, outcome.title},
            {u"unit"_s, outcome.unit},         {u"examined"_s, outcome.examined},
            {u"findings"_s, outcome.findings}, {u"seconds"_s, outcome.seconds}};
}

QJsonObject chainJson(const ChainEnd &chain)
{
    return {{u"lab"_s, chain.labName},
            {u"lab_id"_s, chain.lab},
            {u"events"_s, chain.events},
            {u"purged"_s, chain.purged},
            {u"hash"_s, QString::fromLatin1(chain.hash.toHex())}};
}
} // namespace

QJsonObject IntegrityFinding::toJson() const
{
    return {{u"check"_s, check}, {u"table"_s, table},  {u"id"_s, id},
            {u"what"_s, what},   {u"rows"_s, rows},    {u"expected"_s, expected},
            {u"found"_s, found}, {u"remedy"_s, remedy}};
}

QString IntegrityFinding::text() const
{
    QString line = u"%1: %2: %3"_s.arg(table, id, what);
    QStringList facts;
    if (!rows.isEmpty())
        facts << tr("rows %1").arg(rows);
    if (!expected.isEmpty())
        facts << tr("expected %1").arg(expected);
    if (!found.isEmpty())
        facts << tr("found %1").arg(found);
    if (!facts.isEmpty())
        line += u" ("_s + facts.join(u", "_s) + u')';
    return remedy.isEmpty() ? line : line + u": "_s + remedy;
}

bool IntegrityReport::isSound() const
{
    return std::ranges::all_of(checks, [](const CheckOutcome &check) { return !check.findings; });
}

QJsonObject IntegrityReport::toJson() const
{
    QJsonArray outcomes;
    for (const CheckOutcome &check : checks)
        outcomes.append(outcomeJson(check));
    QJsonArray found;
    for (const IntegrityFinding &finding : findings)
        found.append(finding.toJson());
    QJsonArray ends;
    for (const ChainEnd &chain : chains)
        ends.append(chainJson(chain));
    return {
        {u"ok"_s, isSound()}, {u"checks"_s, outcomes}, {u"findings"_s, found}, {u"chains"_s, ends}};
}

} // namespace birch
