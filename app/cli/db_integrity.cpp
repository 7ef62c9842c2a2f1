#include "app/cli/db_verbs.h"
#include "app/cli/text_table.h"
#include "core/store/integrity/integrity_run.h"

#include <QCoreApplication>
#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr qint64 kProgressMs = 1000; // between two lines of one check

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// A line when a check begins, and one a second while it goes on.
class ProgressNotes
{
public:
    explicit ProgressNotes(const Invocation &invocation)
        : m_invocation(invocation)
    {
    }

    void operator()(const CheckOutcome &check, qint64 done, qint64 total)
    {
        if (check.name != m_check) {
            m_check = check.name;
            m_invocation.note(u"%1: %2"_s.arg(check.name, check.title));
            m_timer.start();
        } else if (m_timer.elapsed() >= kProgressMs && total > 0) {
            m_invocation.note(tr("%1: %2 %").arg(check.name).arg(100 * done / total));
            m_timer.start();
        }
    }

private:
    const Invocation &m_invocation;
    QString m_check;
    QElapsedTimer m_timer;
};

void printReport(const Invocation &invocation, const IntegrityReport &report)
{
    TextTable table({tr("Check"), tr("Result"), tr("Looked at"), tr("Seconds")});
    for (const CheckOutcome &check : report.checks)
        table.add({check.name, check.findings ? tr("%1 wrong").arg(check.findings) : tr("sound"),
                   u"%1 %2"_s.arg(check.examined).arg(check.unit),
                   QString::number(check.seconds, 'f', 1)});
    for (const QString &line : table.lines(terminalWidth()))
        invocation.print(line);
    for (const ChainEnd &chain : report.chains)
        invocation.print(tr("Log of %1: %2 event(s), %3 without detail, ends in %4")
                             .arg(chain.labName.isEmpty() ? tr("the database") : chain.labName)
                             .arg(chain.events)
                             .arg(chain.purged)
                             .arg(QString::fromLatin1(chain.hash.toHex())));
    for (const IntegrityFinding &finding : report.findings)
        invocation.print(u"%1: %2"_s.arg(finding.check, finding.text()));
    for (const CheckOutcome &check : report.checks) {
        if (check.findings > IntegrityReport::kMaxFindings)
            invocation.print(tr("%1: and %2 more")
                                 .arg(check.name)
                                 .arg(check.findings - IntegrityReport::kMaxFindings));
    }
    invocation.print(report.isSound() ? tr("The database is sound.")
                                      : tr("The database is damaged: keep a copy of it as it is "
                                           "before anything is repaired."));
}

int integrity(const Invocation &invocation, const Station &station, const DatabaseUrl &)
{
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    IntegrityOptions options;
    options.isFull = invocation.isSet(u"full"_s);
    options.checks = invocation.values(u"only"_s);
    options.progress = ProgressNotes(invocation);
    const auto report = checkIntegrity(data.value()->connection(), options);
    if (!report)
        return invocation.fail(report.error());
    if (invocation.isJson)
        invocation.printJson(report.value().toJson());
    else
        printReport(invocation, report.value());
    return report.value().isSound() ? kDone : kRanAndFailed;
}

} // namespace

std::vector<DbVerb> integrityVerbs()
{
    return {{.name = u"integrity"_s,
             .summary = tr("Looks for damage: files, references, the audit log, rows of data, "
                           "counts. Changes nothing; exit code 1 when something is wrong."),
             .options = {{u"full"_s, tr("integrity: also reads every value.")},
                         {u"only"_s, tr("integrity: only this check; may be given several times."),
                          u"CHECK"_s}},
             .run = integrity}};
}

} // namespace birch::cli
