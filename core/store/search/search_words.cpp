#include "core/store/search/search_words.h"

#include "core/store/entity/entity_text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// More would not find better: what the index yields is compared with the whole word.
constexpr qsizetype kMaxTriples = 24;

void addOnce(QStringList *words, const QString &text)
{
    const QString folded = searchable(text);
    if (!folded.isEmpty() && !words->contains(folded))
        words->append(folded);
}
} // namespace

SearchWords plainWords(const QString &text)
{
    SearchWords words;
    for (const QString &word : searchable(text).split(u' ', Qt::SkipEmptyParts))
        addOnce(&words.all, word);
    return words;
}

SearchRequest parseSearch(const QString &text)
{
    static const QRegularExpression pattern(u"(-?)\"([^\"]*)\"|(\\S+)"_s);
    SearchRequest request;
    request.exact = text.trimmed();
    auto found = pattern.globalMatch(text);
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        const QString word = match.captured(3);
        if (word.isEmpty())
            addOnce(match.captured(1).isEmpty() ? &request.words.all : &request.words.none,
                    match.captured(2));
        else if (word.startsWith(u"kind:"_s) && word.size() > 5)
            request.kinds << word.sliced(5);
        else if (word.startsWith(u'-') && word.size() > 1)
            addOnce(&request.words.none, word.sliced(1));
        else
            addOnce(&request.words.all, word);
    }
    return request;
}

bool isShortWord(const QString &word)
{
    return word.toUcs4().size() < 3;
}

QStringList triplesOf(const QString &word)
{
    QString spaced = word;
    spaced.replace(u' ', u"  "_s);
    QList<uint> points = spaced.toUcs4();
    while (points.size() < 3)
        points.prepend(u' ');
    const qsizetype last = points.size() - 3;
    // Neighbours overlap by two characters: every other one tells nearly as much.
    const qsizetype step = std::max<qsizetype>(last > 3 ? 2 : 1, last / kMaxTriples);
    QStringList triples;
    for (qsizetype i = 0; i < last; i += step)
        triples << QString::fromUcs4(reinterpret_cast<const char32_t *>(points.constData() + i), 3);
    triples << QString::fromUcs4(reinterpret_cast<const char32_t *>(points.constData() + last), 3);
    return triples;
}

} // namespace birch
