#include "core/store/entity/entity_text.h"

using namespace Qt::StringLiterals;

namespace birch {

QString entityTitle(const EntitySpec &spec, const EntityRecord &record)
{
    if (!spec.humanId.isEmpty())
        return record.text(spec.humanId);
    QStringList parts;
    for (const EntityField &field : spec.fields) {
        if (field.refers() && field.references != u"labs"_s && !record.text(field.name).isEmpty())
            parts << record.text(field.name).section(u':', -1);
    }
    return parts.isEmpty() ? record.uid : parts.join(u" / "_s);
}

QString entitySearchText(const EntitySpec &spec, const EntityRecord &record)
{
    QStringList parts;
    for (const EntityField &field : spec.fields) {
        if (field.isSearchable && !record.text(field.name).isEmpty())
            parts << record.text(field.name);
    }
    return searchable(parts.join(u'\n'));
}

QString searchable(const QString &text)
{
    // Folding may take a text out of its normal form; Qt leaves out the one fold that is two
    // letters.
    constexpr auto kForm = QString::NormalizationForm_KC;
    QString folded = text.normalized(kForm).toCaseFolded();
    folded.replace(u'ß', u"ss"_s);
    return folded.normalized(kForm).simplified();
}

} // namespace birch
