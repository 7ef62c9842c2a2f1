#include "drivers/simulator/header_pattern.h"

#include <array>
#include <utility>

namespace birch {

namespace {
/// Short forms whose long forms clients write out.
constexpr std::array<std::pair<const char *, const char *>, 40> kLongForms{{
    {"ABOR", "ABORT"},      {"AVER", "AVERAGE"},   {"AZER", "AZERO"},    {"CLE", "CLEAR"},
    {"CONC", "CONCURRENT"}, {"CONF", "CONFIGURE"}, {"COUN", "COUNT"},    {"COUP", "COUPLING"},
    {"CURR", "CURRENT"},    {"DEL", "DELAY"},      {"DISP", "DISPLAY"},  {"ELEM", "ELEMENTS"},
    {"ENAB", "ENABLE"},     {"ERR", "ERROR"},      {"FETC", "FETCH"},    {"FORM", "FORMAT"},
    {"FREQ", "FREQUENCY"},  {"FUNC", "FUNCTION"},  {"INIT", "INITIATE"}, {"INP", "INPUT"},
    {"INT", "INTEGRATION"}, {"LEV", "LEVEL"},      {"MEAS", "MEASURE"},  {"OPER", "OPERATION"},
    {"OUTP", "OUTPUT"},     {"POIN", "POINTS"},    {"POW", "POWER"},     {"PROT", "PROTECTION"},
    {"RANG", "RANGE"},      {"RES", "RESISTANCE"}, {"ROUT", "ROUTE"},    {"SENS", "SENSE"},
    {"SOUR", "SOURCE"},     {"STAT", "STATE"},     {"SYST", "SYSTEM"},   {"TEMP", "TEMPERATURE"},
    {"TIM", "TIME"},        {"TRAC", "TRACE"},     {"TRIG", "TRIGGER"},  {"VOLT", "VOLTAGE"},
}};

/// SCPI-99, 6.2.1: four letters, or three where the fourth is a vowel; four-letter words stay.
QByteArray shortFormOf(const QByteArray &word)
{
    if (word.size() <= 4)
        return word;
    const bool endsInVowel = QByteArrayView("AEIOU").contains(word[3]);
    return word.first(endsInVowel ? 3 : 4);
}

bool isMixedCase(const QByteArray &word)
{
    return word != word.toUpper() && word != word.toLower();
}

QByteArray capitalsOf(const QByteArray &word)
{
    QByteArray capitals;
    for (const char c : word) {
        if (!(c >= 'a' && c <= 'z'))
            capitals.append(c);
    }
    return capitals;
}

/// The numeric suffix of a node; "1" and none are the same place.
std::pair<QByteArray, QByteArray> withoutSuffix(const QByteArray &node)
{
    qsizetype end = node.size();
    while (end > 0 && node[end - 1] >= '0' && node[end - 1] <= '9')
        --end;
    const QByteArray suffix = node.sliced(end);
    return {node.first(end), suffix == "1" ? QByteArray() : suffix};
}

QList<QByteArray> spellingsOf(const QByteArray &node)
{
    const auto [word, suffix] = withoutSuffix(node);
    const QByteArray upper = word.toUpper();
    QList<QByteArray> forms{upper};
    if (isMixedCase(word)) {
        forms.append(capitalsOf(word));
    } else {
        forms.append(shortFormOf(upper));
        for (const auto &[shortForm, longForm] : kLongForms) {
            if (upper == shortForm)
                forms.append(longForm);
        }
    }
    for (QByteArray &form : forms)
        form += suffix;
    return forms;
}
} // namespace

HeaderPattern::HeaderPattern(const QByteArray &header)
{
    QByteArray text = header;
    m_isQuery = text.endsWith('?');
    if (m_isQuery)
        text.chop(1);
    for (const QByteArray &node : text.split(':')) {
        if (!node.isEmpty())
            m_nodes.append(spellingsOf(node));
    }
}

bool HeaderPattern::matches(const QList<QByteArray> &nodes, bool isQuery) const
{
    if (isQuery != m_isQuery || nodes.size() != m_nodes.size())
        return false;
    for (qsizetype i = 0; i < nodes.size(); ++i) {
        if (!m_nodes[i].contains(nodes[i]))
            return false;
    }
    return true;
}

MessageUnit unitFrom(const QByteArray &text)
{
    MessageUnit unit;
    const QByteArray trimmed = text.trimmed();
    qsizetype end = 0;
    while (end < trimmed.size() && trimmed[end] != ' ' && trimmed[end] != '\t' &&
           trimmed[end] != '?')
        ++end;
    unit.isQuery = end < trimmed.size() && trimmed[end] == '?';
    unit.arguments = trimmed.sliced(unit.isQuery ? end + 1 : end).trimmed();
    const QByteArray header = trimmed.first(end);
    unit.isAbsolute = header.startsWith(':') || header.startsWith('*');
    for (const QByteArray &node : header.split(':')) {
        if (node.isEmpty())
            continue;
        const auto [word, suffix] = withoutSuffix(node.toUpper());
        unit.nodes.append(word + suffix);
    }
    return unit;
}

QList<QByteArray> splitOutsideQuotes(const QByteArray &text, char separator)
{
    QList<QByteArray> parts;
    qsizetype start = 0;
    char quote = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == separator) {
            parts.append(text.sliced(start, i - start));
            start = i + 1;
        }
    }
    parts.append(text.sliced(start));
    return parts;
}

} // namespace birch
