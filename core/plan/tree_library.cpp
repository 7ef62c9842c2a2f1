#include "core/plan/tree_library.h"

#include <algorithm>

namespace birch {

const QJsonObject *TreeLibrary::Entry::find(const QString &wanted) const
{
    if (wanted == version)
        return &tree;
    const auto found = earlier.constFind(wanted);
    return found == earlier.constEnd() ? nullptr : &*found;
}

QStringList TreeLibrary::Entry::versions() const
{
    QStringList all = earlier.keys() << version;
    std::ranges::sort(all, {}, [](const QString &one) { return one.toLongLong(); });
    return all;
}

} // namespace birch
