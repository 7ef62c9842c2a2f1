#include "app/cli/assignments.h"

#include "core/plan/did_you_mean.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}
} // namespace

Result<QMap<QString, QString>> readAssignments(const QStringList &arguments,
                                               const QStringList &fields)
{
    QMap<QString, QString> values;
    for (const QString &argument : arguments) {
        const qsizetype sign = argument.indexOf(u'=');
        if (sign <= 0)
            return Error{ErrorCode::BadInput,
                         tr("\"%1\" sets nothing: write field=value.").arg(argument)};
        const QString field = argument.left(sign).trimmed();
        if (!fields.contains(field))
            return Error{ErrorCode::BadInput,
                         tr("There is no field \"%1\". %2").arg(field, didYouMean(field, fields))};
        if (values.contains(field))
            return Error{ErrorCode::BadInput,
                         tr("\"%1\" is given twice: leave one of them out.").arg(field)};
        values.insert(field, argument.mid(sign + 1));
    }
    return values;
}

} // namespace birch::cli
