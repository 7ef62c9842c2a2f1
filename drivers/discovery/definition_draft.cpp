#include "drivers/discovery/definition_draft.h"

#include "drivers/discovery/identity.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QByteArray quoted(const QByteArray &text)
{
    QByteArray escaped = text;
    return '"' + escaped.replace('\\', "\\\\").replace('"', "\\\"") + '"';
}

QByteArray singleQuoted(const QByteArray &text)
{
    QByteArray escaped = text;
    return '\'' + escaped.replace("'", "''") + '\'';
}

/// What stays the same from one instrument of the model to the next: maker and model.
QByteArray identityPattern(const QString &identity)
{
    const QChar mark = identity.contains(u',') ? u',' : u':';
    const int fields = mark == u',' ? 2 : 3; // "IDN:maker:model:" has one in front
    qsizetype end = 0;
    for (int i = 0; i < fields && end >= 0; ++i)
        end = identity.indexOf(mark, end) < 0 ? -1 : identity.indexOf(mark, end) + 1;
    const QString same = end < 0 ? identity : identity.first(end);
    static const QRegularExpression special(u"([\\\\.^$|()\\[\\]{}*+?])"_s);
    return '^' + QString(same).replace(special, u"\\\\1"_s).toUtf8();
}

QByteArray columnText(const QByteArray &name, const QByteArray &unit)
{
    return "{name: " + name + ", unit: " + quoted(unit) + '}';
}

QByteArray readingText(const Interview::Answer &answer)
{
    const qsizetype count = answer.reply.count(',') + 1;
    QByteArray text = "  reading:\n    label: Reading\n    timeout: 10 s\n    query: " +
                      quoted(answer.probe.query) +
                      "   # what it has measured last; READ? would measure anew\n";
    if (count == 1)
        return text + "    columns: [" + columnText("reading", "") + "]   # give it its unit\n";
    text += "    reply: list\n    columns:   # give them their names and units\n";
    for (qsizetype i = 1; i <= count; ++i)
        text += "      - " + columnText("value_" + QByteArray::number(i), "") + '\n';
    return text;
}

/// Where nothing can be fetched: what does no harm to read, so that a scan has something.
QByteArray statusText(const Interview &told)
{
    if (told.hasStatusByte)
        return "  status:\n    label: Status byte\n    query: \"*STB?\"\n"
               "    columns: [{name: status, unit: \"\", type: int64}]\n";
    return "  who:\n    label: Identity\n    query: \"*IDN?\"\n    reply: text\n"
           "    columns: [{name: identity, unit: \"\", type: utf8}]\n";
}

QByteArray measurementsText(const Interview &told)
{
    QByteArray text;
    QByteArray queries;
    for (const Interview::Answer &answer : told.answers) {
        if (answer.probe.kind == Probe::Kind::Numbers)
            text += readingText(answer);
        else if (answer.probe.kind == Probe::Kind::Number)
            queries += "      - {query: " + quoted(answer.probe.query) + ", columns: [" +
                       columnText(answer.probe.key, answer.probe.unit) + "]}\n";
    }
    if (!queries.isEmpty())
        text += "  setpoints:\n    label: Setpoints\n    queries:\n" + queries;
    return "\n# What it can read.\nmeasurements:\n" + (text.isEmpty() ? statusText(told) : text);
}

QByteArray parametersText(const Interview &told)
{
    QByteArray text;
    for (const Interview::Answer &answer : told.answers) {
        const bool isSwitch = answer.probe.kind == Probe::Kind::Switch;
        if (!isSwitch && answer.probe.kind != Probe::Kind::Text)
            continue;
        const bool hasWords = answer.reply.startsWith('O');
        text += QByteArray("  ") + answer.probe.key + ": {label: " + answer.probe.label +
                ", type: " + (isSwitch ? "bool" : "text") + ", get: " + quoted(answer.probe.query);
        if (isSwitch)
            text += hasWords ? ", tokens: {false: \"OFF\", true: \"ON\"}"
                             : ", tokens: {false: \"0\", true: \"1\"}";
        text += "}\n";
    }
    if (!told.options.isEmpty())
        text += "  options: {label: Options, type: text, get: \"*OPT?\", once: true}\n";
    if (text.isEmpty())
        return {};
    return "\n# Its settings, read only: add set: \"… {value}\" to those that the manual "
           "explains.\n"
           "parameters:\n" +
           text;
}

QByteArray movementsAdvice(const Interview &told)
{
    for (const Interview::Answer &answer : told.answers) {
        if (answer.probe.kind != Probe::Kind::Number)
            continue;
        const QByteArray set = answer.probe.query.chopped(1);
        return "\n# What it can set. Look its limits up before you take the # away.\n# movements:\n"
               "#   level:\n#     unit: " +
               quoted(answer.probe.unit) +
               "\n#     limits: [0, 1]\n#     set: " + quoted(set + " {value}") +
               "\n#     get: " + quoted(answer.probe.query) +
               "\n#     safe: {value: 0, order: 1}\n";
    }
    return "\n# What it can set: add movements: after example.instrument.yaml, with limits.\n";
}

QByteArray simulationText(const Interview &told)
{
    QByteArray text = "\n# A simulated one answers what this one did.\nsimulation:\n  identity: " +
                      quoted(told.identity.toUtf8()) + "\n  replies:\n";
    for (const Interview::Answer &answer : told.answers)
        text += "    " + quoted(answer.probe.query) + ": " + quoted(answer.reply) + '\n';
    if (!told.options.isEmpty())
        text += "    \"*OPT?\": " + quoted(told.options) + '\n';
    return text + "    \"SYST:VERS?\": " + quoted(told.version) + '\n';
}

} // namespace

QString draftId(const QString &identity)
{
    const Identity who = identityFrom(identity);
    QString model = who.model.isEmpty() ? who.manufacturer : who.model;
    static const QRegularExpression word(u"^model "_s, QRegularExpression::CaseInsensitiveOption);
    model.remove(word);
    const QString maker = who.model.isEmpty()
                              ? QString()
                              : who.manufacturer.section(QRegularExpression(u"[\\s_,.]"_s), 0, 0);
    static const QRegularExpression others(u"[^a-z0-9]+"_s);
    QString id = (maker + u'-' + model).toLower().replace(others, u"-"_s).left(60);
    while (id.startsWith(u'-'))
        id.remove(0, 1);
    while (id.endsWith(u'-'))
        id.chop(1);
    return id.isEmpty() ? u"my-instrument"_s : id;
}

QByteArray draftDefinition(const Interview &told, const QString &id)
{
    const Identity who = identityFrom(told.identity);
    const QByteArray maker = who.manufacturer.isEmpty() ? "unknown" : who.manufacturer.toUtf8();
    const QByteArray model = who.model.isEmpty() ? maker : who.model.toUtf8();
    const QByteArray pattern = singleQuoted(identityPattern(told.identity));
    const QByteArray query = "query: \"*IDN?\"";
    QByteArray text =
        "# A first definition, from what the instrument answered; nothing of it was compared with "
        "a "
        "manual.\n# It sets nothing. example.instrument.yaml explains every key.\nschema: 1\nid: " +
        id.toUtf8() + "\nmanufacturer: " + quoted(maker) + "\nmodel: " + quoted(model) +
        "\nunverified: true\nlanguage: " + (told.hasErrorQueue ? "scpi" : "plain") +
        "\n\nlink:\n  terminator: \"\\n\"\n  connect_timeout: 3 s\n  reply_timeout: 3 s\n";
    if (told.address.startsWith(u"ASRL"))
        text += "  serial: {baud: 9600, data_bits: 8, parity: none, stop_bits: 1, flow: none}\n";
    text += "  resync: {quiet: 200 ms, " + query +
            ", reply: " + singleQuoted(identityPattern(told.identity) + ".*") + "}\n\nidentity: {" +
            query + ", pattern: " + pattern + "}\n";
    if (told.hasErrorQueue)
        text += "errors: {query: \"SYST:ERR?\", none: \"0\", when: each-set}\n";
    text += movementsAdvice(told) + measurementsText(told) + parametersText(told);
    if (told.hasErrorQueue)
        text += simulationText(told);
    return text;
}

} // namespace birch
