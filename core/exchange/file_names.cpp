#include "core/exchange/file_names.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

QString fileNameFor(const QString &name)
{
    QString safe = name.trimmed();
    for (QChar &c : safe) {
        if (c.unicode() < 0x20 || c.unicode() == 0x7f || u"/\\:*?\"<>|"_s.contains(c))
            c = u'_';
    }
    while (safe.startsWith(u'.')) // neither hidden nor a folder of its own
        safe[0] = u'_';
    return safe.isEmpty() ? u"_"_s : safe.left(100);
}

QString nexusNameFor(const QString &name)
{
    QString safe = name;
    for (QChar &c : safe) {
        const ushort code = c.unicode();
        const bool isAllowed = (code >= u'a' && code <= u'z') || (code >= u'A' && code <= u'Z') ||
                               (code >= u'0' && code <= u'9') || code == u'_' || code == u'.';
        if (!isAllowed)
            c = u'_';
    }
    if (safe.isEmpty())
        return u"_"_s;
    if (safe.front() == u'.')
        safe.front() = u'_';
    if (safe.back() == u'.')
        safe.back() = u'_';
    return safe;
}

QString uniqueName(const QString &name, QStringList *taken)
{
    QString unique = name;
    for (int n = 2; taken->contains(unique, Qt::CaseInsensitive); ++n)
        unique = name + u'_' + QString::number(n);
    taken->append(unique);
    return unique;
}

} // namespace birch
