// link, identity and errors of a definition.
#include "drivers/definition/definition_sections.h"
#include "drivers/transport/make_transport.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

void readTerminator(YamlReader &reader, const QString &key, QByteArray *terminator)
{
    const auto text = reader.text(key);
    if (!text)
        return;
    const QByteArray bytes = text->toLatin1();
    if (bytes.size() > 2 || QString::fromLatin1(bytes) != *text) {
        reader.problem(key, Text::tr("A terminator has at most two bytes"),
                       Text::tr("Write it in double quotes: \"\\n\", \"\\r\\n\", \"\\r\""));
        return;
    }
    *terminator = bytes;
}

void readControlLine(YamlReader &serial, const QString &key, LinePolicy *policy)
{
    static constexpr LinePolicy kPolicies[] = {LinePolicy::Keep, LinePolicy::On, LinePolicy::Off};
    if (const auto chosen = serial.choice(key, {u"keep"_s, u"on"_s, u"off"_s}))
        *policy = kPolicies[*chosen];
}

void readSerial(YamlReader serial, SerialOptions *options)
{
    options->baud = int(serial.integer(u"baud"_s, 50, 4'000'000).value_or(options->baud));
    options->dataBits = int(serial.integer(u"data_bits"_s, 5, 8).value_or(options->dataBits));
    static constexpr SerialParity kParities[] = {SerialParity::None, SerialParity::Odd,
                                                 SerialParity::Even, SerialParity::Mark,
                                                 SerialParity::Space};
    if (const auto parity =
            serial.choice(u"parity"_s, {u"none"_s, u"odd"_s, u"even"_s, u"mark"_s, u"space"_s}))
        options->parity = kParities[*parity];
    static constexpr SerialStopBits kStopBits[] = {SerialStopBits::One, SerialStopBits::OneAndHalf,
                                                   SerialStopBits::Two};
    if (const auto bits = serial.choice(u"stop_bits"_s, {u"1"_s, u"1.5"_s, u"2"_s}))
        options->stopBits = kStopBits[*bits];
    static constexpr SerialFlow kFlows[] = {SerialFlow::None, SerialFlow::XonXoff,
                                            SerialFlow::RtsCts};
    if (const auto flow = serial.choice(u"flow"_s, {u"none"_s, u"xon_xoff"_s, u"rts_cts"_s}))
        options->flow = kFlows[*flow];
    readControlLine(serial, u"dtr"_s, &options->dtr);
    readControlLine(serial, u"rts"_s, &options->rts);
    serial.finish();
}

std::chrono::milliseconds readMilliseconds(YamlReader &reader, const QString &key,
                                           std::chrono::milliseconds fallback)
{
    const auto value = reader.duration(key);
    return value ? std::chrono::ceil<std::chrono::milliseconds>(*value) : fallback;
}

void checkNotZero(YamlReader &reader, const QString &key, Nanoseconds value)
{
    if (value <= Nanoseconds::zero())
        reader.problem(key, Text::tr("\"%1\" is zero: nothing could ever answer").arg(key),
                       Text::tr("Write a time, for example 2 s"));
}

/// \a replyTimeout: of one exchange, which is what a link has to find back.
void readResync(YamlReader resync, Nanoseconds replyTimeout, ResyncOptions *options)
{
    options->quiet = readMilliseconds(resync, u"quiet"_s, options->quiet);
    if (options->quiet >= replyTimeout)
        resync.problem(u"quiet"_s,
                       Text::tr("No link can be silent that long within one reply_timeout, so it "
                                "would never find back after a late answer"),
                       Text::tr("Write a shorter time here, or a longer reply_timeout"));
    if (resync.has(u"query"_s))
        options->query = readCommand(resync, u"query"_s);
    if (const auto pattern = resync.text(u"reply"_s)) {
        checkExpression(resync, u"reply"_s, *pattern);
        // Here as in identity.pattern it may occur anywhere; the link matches whole answers.
        options->expected = u".*(?:%1).*"_s.arg(*pattern);
    }
    if (resync.has(u"query"_s) != resync.has(u"reply"_s))
        resync.problem({}, Text::tr("A resync query needs its expected reply"),
                       Text::tr("Give both, for example query: \"*IDN?\" and reply: '^ACME,'"));
    resync.finish();
}
} // namespace

void checkExpression(YamlReader &reader, const QString &key, const QString &pattern)
{
    const QRegularExpression expression(pattern);
    if (expression.isValid())
        return;
    reader.problem(key, Text::tr("This is no regular expression: %1").arg(expression.errorString()),
                   Text::tr("Put it in single quotes and escape . ( ) [ ] * + ? with \\"));
}

void readLink(YamlReader reader, Definition *definition)
{
    LinkOptions *link = &definition->link;
    const qsizetype problemsBefore = reader.sink().problems().size();
    if (reader.has(u"terminator"_s)) {
        readTerminator(reader, u"terminator"_s, &link->writeTerminator);
        link->readTerminator = link->writeTerminator;
    }
    readTerminator(reader, u"write_terminator"_s, &link->writeTerminator);
    readTerminator(reader, u"read_terminator"_s, &link->readTerminator);
    readFraming(reader, definition);
    if (link->readTerminator.isEmpty() && link->framing == Framing::Lines)
        reader.problem(u"read_terminator"_s, Text::tr("A reply without a terminator has no end"),
                       Text::tr("Write the instrument's terminator, for example \"\\n\""));
    link->endsByTerminator = reader.flag(u"ends_by_terminator"_s).value_or(link->endsByTerminator);
    link->connectTimeout = readMilliseconds(reader, u"connect_timeout"_s, link->connectTimeout);
    link->postOpen = readMilliseconds(reader, u"after_open"_s, link->postOpen);
    link->minGap = readMilliseconds(reader, u"gap"_s, link->minGap);
    definition->replyTimeout =
        reader.duration(u"reply_timeout"_s).value_or(definition->replyTimeout);
    checkNotZero(reader, u"connect_timeout"_s, link->connectTimeout);
    checkNotZero(reader, u"reply_timeout"_s, definition->replyTimeout);
    link->maxMessage = qsizetype(
        reader.integer(u"longest_reply"_s, 64, qint64(1) << 30).value_or(link->maxMessage));
    link->usesLock = reader.flag(u"lock"_s).value_or(link->usesLock);
    definition->hasEcho = reader.flag(u"echo"_s).value_or(definition->hasEcho);
    if (auto serial = reader.map(u"serial"_s))
        readSerial(*serial, &link->serial);
    if (auto resync = reader.map(u"resync"_s))
        readResync(*resync, definition->replyTimeout, &link->resync);
    reader.finish();
    if (reader.sink().problems().size() != problemsBefore)
        return;
    if (Status fits = checkLinkOptions(*link); !fits)
        reader.problem({}, Text::tr("No link can be made like this"), fits.error().message);
}

void readIdentity(YamlReader reader, IdentityCheck *identity)
{
    identity->query = readRequiredCommand(reader, u"query"_s, u"\"*IDN?\""_s);
    const QString pattern =
        reader.requiredText(u"pattern"_s, u"'^KEITHLEY INSTRUMENTS INC\\.,MODEL 2400,'"_s);
    identity->pattern = QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption);
    checkExpression(reader, u"pattern"_s, pattern);
    reader.finish();
}

void readErrors(YamlReader reader, ErrorQuery *errors)
{
    errors->isThere = true;
    errors->queue.query = readRequiredCommand(reader, u"query"_s, u"\"SYST:ERR?\""_s);
    if (const auto none = reader.text(u"none"_s); none && *none != u"0")
        errors->queue.empty = QRegularExpression(
            u"^\\s*%1\\s*(,|$)"_s.arg(QRegularExpression::escape(none->trimmed())));
    const auto when = reader.choice(u"when"_s, {u"each-set"_s, u"batch"_s, u"never"_s});
    errors->when = ErrorQuery::When(when.value_or(0));
    for (const QString &code : reader.texts(u"ignore"_s).value_or(QStringList())) {
        bool isNumber = false;
        errors->ignored.append(code.toInt(&isNumber));
        if (!isNumber)
            reader.problem(u"ignore"_s, Text::tr("\"%1\" is no error number").arg(code),
                           Text::tr("Write for example ignore: [10]"));
    }
    errors->queue.cap = int(reader.integer(u"limit"_s, 1, 1000).value_or(errors->queue.cap));
    reader.finish();
}

} // namespace birch
