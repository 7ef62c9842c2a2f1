#include "core/store/schema/revision.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

Result<int> revisionNumber(const QString &text, int current, const QList<Migration> &migrations)
{
    const int head = int(migrations.size());
    if (text == u"head"_s)
        return head;
    QStringList known;
    for (const Migration &step : migrations) {
        known << u"%1 (%2)"_s.arg(step.version).arg(step.name);
        if (text == step.name ||
            text == u"%1_%2"_s.arg(step.version, 4, 10, QChar(u'0')).arg(step.name))
            return step.version;
    }
    bool isNumber = false;
    int version = text.toInt(&isNumber);
    if (isNumber && (text.startsWith(u'+') || text.startsWith(u'-')))
        version += current;
    if (isNumber && version >= 0 && version <= head)
        return version;
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate("Schema", "There is no schema %1: give 0, head, steps "
                                                       "as +1 or -1, or one of %2")
                     .arg(text, known.join(u", "_s))};
}

} // namespace birch
