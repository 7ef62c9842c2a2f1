#include "app/cli/run_options.h"

#include "core/plan/field_override.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}
} // namespace

Status setFields(const QStringList &assignments, QMap<QString, QString> *fields)
{
    for (const QString &assignment : assignments) {
        const qsizetype sign = assignment.indexOf(u'=');
        const QString name = assignment.left(sign).trimmed();
        const QString text = assignment.mid(sign + 1).trimmed();
        if (sign < 0 || name.isEmpty())
            return Error{ErrorCode::BadInput,
                         tr("\"%1\" is no field: write it as NAME=TEXT.").arg(assignment)};
        if (text.isEmpty())
            fields->remove(name);
        else
            fields->insert(name, text);
    }
    return ok();
}

QStringList takeOwnFields(QStringList *arguments)
{
    const QString prefix = u"field."_s;
    QStringList fields;
    for (const QString &argument : std::as_const(*arguments)) {
        if (argument.startsWith(prefix))
            fields << argument.mid(prefix.size());
    }
    arguments->removeIf([&prefix](const QString &one) { return one.startsWith(prefix); });
    return fields;
}

Status applyDetails(const Invocation &invocation, ScanDetails *details)
{
    const struct {
        const char16_t *option;
        QString ScanDetails::*field;
    } fields[] = {{u"sample", &ScanDetails::sampleUid},
                  {u"project", &ScanDetails::project},
                  {u"operator", &ScanDetails::operatorName},
                  {u"title", &ScanDetails::title},
                  {u"type", &ScanDetails::type},
                  {u"comment", &ScanDetails::comment}};
    for (const auto &[option, field] : fields) {
        const QString name = QString::fromUtf16(option);
        if (invocation.isSet(name))
            details->*field = invocation.value(name);
    }
    if (invocation.isSet(u"tag"_s))
        details->tags = invocation.values(u"tag"_s);
    if (details->operatorName.isEmpty())
        details->operatorName = invocation.user.isEmpty() ? desktopUser() : invocation.user;
    return setFields(invocation.values(u"field"_s), &details->fields);
}

Problems applyOverrides(const Invocation &invocation, LoadedRun *run, const NodeRegistry &registry)
{
    Problems problems;
    for (const QString &assignment : invocation.values(u"set"_s)) {
        for (LoadedScan &scan : run->scans)
            problems += applyOverride(scan.tree, assignment, registry);
    }
    return problems;
}

QList<QCommandLineOption> detailOptions()
{
    return {
        {u"sample"_s, tr("Sample of every scan: its id, uid or name."), u"S"_s},
        {u"project"_s, tr("Project of every scan."), u"P"_s},
        {u"operator"_s, tr("Who runs it (default: the user)."), u"O"_s},
        {u"title"_s, tr("Title of every scan."), u"T"_s},
        {u"type"_s, tr("Type of every scan, e.g. IV."), u"T"_s},
        {u"tag"_s, tr("A tag; may be given several times."), u"T"_s},
        {u"comment"_s, tr("Comment of every scan."), u"C"_s},
        {u"field"_s,
         tr("A field of your own, kept and exported with every scan; may be given several times, "
            "and takes the field away where nothing follows the sign."),
         u"NAME=TEXT"_s},
        {u"set"_s,
         tr("Sets a field of a node, e.g. sweep.axes.0.positions.points=401; may be given several "
            "times."),
         u"node.field=value"_s},
    };
}

} // namespace birch::cli
