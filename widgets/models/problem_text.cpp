#include "widgets/models/problem_text.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

QString problemText(const Problem &problem)
{
    QString where = problem.file;
    if (problem.line > 0)
        where += u":%1"_s.arg(problem.line);
    if (problem.node.isEmpty() && !problem.field.isEmpty()) // of a node only the id is known here
        where += (where.isEmpty() ? u""_s : u" "_s) + problem.field;
    QString text = (where.isEmpty() ? QString() : where + u": "_s) + problem.message;
    if (problem.remedy.isEmpty())
        return text;
    if (!text.endsWith(u'.'))
        text += u'.';
    return text + u' ' + problem.remedy;
}

QString problemText(const Problems &problems)
{
    const QString text = problemText(problems.value(0));
    if (problems.size() < 2)
        return text;
    return text + u' ' +
           QCoreApplication::translate("ProblemText", "(and %1 more)").arg(problems.size() - 1);
}

} // namespace birch
