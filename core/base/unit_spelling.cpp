#include "core/base/unit_spelling.h"

#include "core/base/unit_table.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <vector>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Written for udunits as their letter: its prefix tree, given "mega", no longer reads "meV".
struct LongPrefix {
    const char *text;
    const char *letter;
};
constexpr LongPrefix kLongPrefixes[] = {
    {"femto", "f"}, {"pico", "p"}, {"nano", "n"}, {"micro", "u"}, {"milli", "m"},
    {"centi", "c"}, {"kilo", "k"}, {"mega", "M"}, {"giga", "G"},  {"tera", "T"}};

/// Read by SI rules these would be a unit that nobody means: "au" an attodalton.
const QSet<QString> &neverUnits()
{
    static const QSet<QString> symbols{u"au"_s, u"aU"_s, u"pt"_s, u"cu"_s, u"du"_s, u"hu"_s};
    return symbols;
}

struct Spelling {
    QString written, plain;
};

/// People's signs to the ASCII that the table is written in. Order matters: "°C" before "°".
const std::vector<Spelling> &spellings()
{
    static const std::vector<Spelling> all{
        {u"\u00b5"_s, u"u"_s},      {u"\u03bc"_s, u"u"_s},        {u"\u03a9"_s, u"Ohm"_s},
        {u"\u2126"_s, u"Ohm"_s},    {u"\u00c5"_s, u"Angstrom"_s}, {u"\u212b"_s, u"Angstrom"_s},
        {u"\u212a"_s, u"K"_s},      {u"\u2103"_s, u"degC"_s},     {u"\u2109"_s, u"degF"_s},
        {u"°C"_s, u"degC"_s},       {u"°F"_s, u"degF"_s},         {u"°"_s, u"deg"_s},
        {u"%"_s, u"percent"_s},     {u"\u2030"_s, u"permille"_s}, {u"\u2032"_s, u"arcmin"_s},
        {u"\u2033"_s, u"arcsec"_s}, {u"a.u."_s, u"arb"_s},        {u"arb.u."_s, u"arb"_s},
        {u"arb. u."_s, u"arb"_s},   {u"arb.units"_s, u"arb"_s},   {u"arb. units"_s, u"arb"_s},
        {u"p-p"_s, u"pp"_s},        {u"\u2212"_s, u"-"_s},        {u"\u207b"_s, u"^-"_s},
        {u"\u00b7"_s, u"*"_s},      {u"\u22c5"_s, u"*"_s},        {u"\u00d7"_s, u"*"_s},
        {u"\u2215"_s, u"/"_s},      {u"\u2044"_s, u"/"_s},        {u"\u00a0"_s, u" "_s},
        {u"\u2009"_s, u" "_s},      {u"\u202f"_s, u" "_s},        {u"**"_s, u"^"_s},
    };
    return all;
}

/// The symbols of the table and how to tell whether a word is one of them.
class Vocabulary
{
public:
    Vocabulary()
    {
        for (const UnitRow &row : unitRows()) {
            for (const QString &symbol : QString::fromLatin1(row.symbols).split(u' '))
                m_takesPrefix.insert(symbol, row.takesPrefix);
        }
        for (const LevelRow &row : levelRows())
            m_takesPrefix.insert(QString::fromLatin1(row.symbol), false);
    }

    /// \a word as udunits shall read it; empty where it is no unit. At most one prefix, unlike
    /// udunits, which reads "mkV".
    QString plain(const QString &word) const
    {
        if (neverUnits().contains(word))
            return {};
        if (m_takesPrefix.contains(word))
            return word;
        for (const PrefixRow &prefix : prefixRows()) {
            const auto text = QLatin1StringView(prefix.text);
            if (word.startsWith(text) && m_takesPrefix.value(word.mid(text.size()), false))
                return word;
        }
        for (const LongPrefix &prefix : kLongPrefixes) {
            const auto text = QLatin1StringView(prefix.text);
            const QString unit = word.mid(text.size());
            if (word.startsWith(text) && m_takesPrefix.value(unit, false))
                return QLatin1StringView(prefix.letter) + unit;
        }
        return {};
    }

private:
    QHash<QString, bool> m_takesPrefix;
};

} // namespace

QString plainSpelling(const QString &symbol)
{
    QString text = symbol.trimmed();
    for (const Spelling &s : spellings())
        text.replace(s.written, s.plain);

    static const QString raised = u"\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"_s;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype digit = raised.indexOf(text[i]);
        if (digit < 0)
            continue;
        text[i] = QChar(u'0' + char16_t(digit));
        if (i > 0 && text[i - 1].isLetter())
            text.insert(i, u'^');
    }
    static const QRegularExpression root(
        uR"((?:√|sqrt)\s*(?:\(\s*([mkMG]?Hz)\s*\)|([mkMG]?Hz)))"_s);
    static const QRegularExpression half(uR"(\b([mkMG]?Hz)\^(?:0?\.5|\(1/2\)))"_s);
    static const QRegularExpression perHalf(uR"(\b([mkMG]?Hz)\^(?:-0?\.5|\(-1/2\)))"_s);
    text.replace(root, u"rt\\1\\2"_s);
    text.replace(half, u"rt\\1"_s);
    text.replace(perHalf, u"rt\\1^-1"_s);
    return text;
}

QByteArray unitExpression(const QString &plain)
{
    static const Vocabulary vocabulary;
    static const QRegularExpression token(
        uR"(\G(?:([A-Za-z_]+)((?:\^?[+-]?[0-9](?![0-9.]))?)|1(?![0-9.])|[ */.()]))"_s);
    QString expression;
    qsizetype at = 0;
    while (at < plain.size()) {
        const auto match = token.match(plain, at);
        if (!match.hasMatch() || match.capturedLength() == 0)
            return {};
        const QString word = match.captured(1);
        const QString known = word.isEmpty() ? match.captured(0) : vocabulary.plain(word);
        if (known.isEmpty())
            return {};
        expression += word.isEmpty() ? known : known + match.captured(2);
        at = match.capturedEnd();
    }
    return expression.toLatin1();
}

} // namespace birch
