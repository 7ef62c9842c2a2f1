#include "tests/app/test_bench.h"

#include <QJsonDocument>
#include <QTcpSocket>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {
constexpr int kPatienceMs = 20'000;

constexpr struct {
    const char16_t *nickname;
    const char16_t *definition;
} kInstruments[] = {{u"smu", u"demo-smu"},
                    {u"spare", u"demo-smu"},
                    {u"stage", u"demo-stage"},
                    {u"spectrometer", u"demo-spectrometer"}};

QByteArray benchText(bool isSimulated, QMap<QString, QString> addresses, TestBench::Wire wire = {})
{
    if (isSimulated && wire == TestBench::Wire::Serial)
        addresses = {{u"smu"_s, u"ASRL1::INSTR"_s}, {u"stage"_s, u"ASRL2::INSTR"_s}};
    QString text = u"name: Test bench\n"_s;
    if (isSimulated)
        text += u"simulate: true\nseed: 7\ntime_factor: 50\n"_s;
    text += u"instruments:\n"_s;
    int port = 5025;
    for (const auto &[nickname, definition] : kInstruments) {
        const QString name = QString::fromUtf16(nickname);
        const QString address =
            addresses.value(name, u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(port++));
        text += u"  %1:\n    definition: %2\n    address: %3\n"_s.arg(
            name, QString::fromUtf16(definition), address);
    }
    return text.toUtf8();
}

/// The same over the serial line \a path.
QByteArray exchangeSerial(const QString &path, const QByteArray &line)
{
    const int file = ::open(path.toLocal8Bit().constData(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        return {};
    QByteArray reply;
    const QByteArray sent = line + '\n';
    if (::write(file, sent.constData(), size_t(sent.size())) == sent.size()) {
        pollfd ready{file, POLLIN, 0};
        char byte = 0;
        while (!reply.endsWith('\n') && ::poll(&ready, 1, kPatienceMs) == 1 &&
               ::read(file, &byte, 1) == 1)
            reply += byte;
    }
    ::close(file);
    return reply.trimmed();
}

/// One line there and one back.
QByteArray exchange(const QString &host, quint16 port, const QByteArray &line)
{
    QTcpSocket socket;
    socket.connectToHost(host, port);
    if (!socket.waitForConnected(kPatienceMs))
        return {};
    socket.write(line + '\n');
    while (!socket.canReadLine() && socket.waitForReadyRead(kPatienceMs)) {
    }
    return socket.readLine().trimmed();
}
} // namespace

TestBench::TestBench(const TestStation &station, Wire wire)
{
    const QString simulated = station.write(u"simulated.bench.yaml"_s, benchText(true, {}, wire));
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(birchctl(), {u"instruments"_s, u"simulate"_s, simulated, u"--control"_s});
    while (!m_process.canReadLine() && m_process.waitForReadyRead(kPatienceMs)) {
    }
    const QByteArray line = m_process.readLine();
    const QJsonObject json = QJsonDocument::fromJson(line).object();
    for (const auto &entry : json[u"instruments"].toArray())
        m_addresses.insert(entry[u"nickname"].toString(), entry[u"address"].toString());
    m_control = json[u"control"].toString();
    if (m_addresses.size() != qsizetype(std::size(kInstruments)))
        m_problem = u"the simulator said: "_s + QString::fromUtf8(line);
    m_file = station.write(u"real.bench.yaml"_s, benchText(false, m_addresses));
}

TestBench::~TestBench()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(kPatienceMs)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

bool TestBench::setFaults(const QString &nickname, const QString &script) const
{
    const QStringList parts = m_control.split(u"::"_s); // TCPIP::host::port::SOCKET
    return exchange(parts.value(1), parts.value(2).toUShort(),
                    "faults " + nickname.toUtf8() + ' ' + script.toUtf8()) == "ok";
}

QByteArray TestBench::ask(const QString &nickname, const QByteArray &query) const
{
    const QStringList parts = m_addresses.value(nickname).split(u"::"_s);
    if (parts.first().startsWith(u"ASRL"_s)) // ASRL/dev/pts/3::INSTR
        return exchangeSerial(parts.first().sliced(4), query);
    return exchange(parts.value(1), parts.value(2).toUShort(), query);
}

QByteArray killTree(int stageSteps, int biasPoints)
{
    return R"({"format":"birch.scan","version":1,"name":"Killed","root":{
"id":"01935a00-0000-7000-8009-000000000000","kind":"sequence","children":[{
"id":"01935a00-0000-7000-8009-000000000001","kind":"sweep","label":"Position","fields":{"axes":[{
"movement":"stage.x","positions":{"kind":"linear","start":"10 mm","stop":"20 mm","points":)" +
           QByteArray::number(stageSteps) + R"(}}]},"children":[{
"id":"01935a00-0000-7000-8009-000000000002","kind":"sweep","label":"Bias","fields":{"axes":[{
"movement":"smu.bias","positions":{"kind":"linear","start":"-500 mV","stop":"800 mV","points":)" +
           QByteArray::number(biasPoints) + R"(}}]},"children":[{
"id":"01935a00-0000-7000-8009-000000000003","kind":"measure","label":"iv",
"fields":{"measurements":["smu.iv"]}}]},{
"id":"01935a00-0000-7000-8009-000000000004","kind":"measure","label":"spectra",
"fields":{"measurements":["spectrometer.spectrum"]}}]}]}})";
}

QByteArray slowTree(int points, const QString &pause)
{
    return R"({"format":"birch.scan","version":1,"name":"Slow","root":{
"id":"01935a00-0000-7000-8009-000000000010","kind":"sequence","children":[{
"id":"01935a00-0000-7000-8009-000000000011","kind":"set","label":"Bias","fields":{"targets":[
{"movement":"smu.bias","value":"1 V"}]}},{
"id":"01935a00-0000-7000-8009-000000000012","kind":"repeat","label":"Again","fields":{"times":)" +
           QByteArray::number(points) + R"(},"children":[{
"id":"01935a00-0000-7000-8009-000000000013","kind":"measure","label":"iv",
"fields":{"measurements":["smu.iv"]}},{
"id":"01935a00-0000-7000-8009-000000000014","kind":"wait","label":"Pause",
"fields":{"duration":")" +
           pause.toUtf8() + R"("}}]}]}})";
}

} // namespace birch::test
