#include "core/plan/did_you_mean.h"

#include "core/base/near_word.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

QString didYouMean(const QString &typed, const QStringList &candidates)
{
    constexpr qsizetype kLongest = 100; // names are short; files from elsewhere may not be
    constexpr qsizetype kShown = 12;
    const auto tr = [](const char *text) {
        return QCoreApplication::translate("DidYouMean", text);
    };
    if (typed.size() <= kLongest) {
        if (const QString nearest = nearestWord(typed, candidates); !nearest.isEmpty())
            return tr("Did you mean \"%1\"?").arg(nearest);
    }
    if (candidates.isEmpty())
        return tr("There is none to choose from");
    return tr("Choose one of: %1")
        .arg(candidates.mid(0, kShown).join(u", "_s) +
             (candidates.size() > kShown ? u", …"_s : QString()));
}

} // namespace birch
