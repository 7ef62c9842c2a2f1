#pragma once

#include "app/session/station_bench.h"
#include "app/session/station_data.h"

#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

namespace birch::test {

/// An instrument on a socket that can be switched off and on again at the same address. It answers
/// *IDN? and SYST:ERR?, and keeps what it is told by "NAME VALUE" for "NAME?". Lives on the test's
/// thread, which has to run an event loop.
class SmallInstrument
{
public:
    SmallInstrument()
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { accept(); });
        switchOn();
    }
    void switchOn()
    {
        m_server.listen(QHostAddress::LocalHost, m_port);
        m_port = m_server.serverPort();
    }
    void switchOff()
    {
        m_server.close();
        for (QTcpSocket *socket : m_server.findChildren<QTcpSocket *>())
            socket->abort();
    }
    quint16 port() const { return m_port; }

    QByteArray identity = "PROBE,P1,4711,1";
    QMap<QByteArray, QByteArray> values{{"NPLC", "1"}, {"MODE", "0"}, {"SER", "x"}};
    QByteArrayList sent; ///< all that came, questions included

private:
    void accept()
    {
        QTcpSocket *socket = m_server.nextPendingConnection();
        socket->setParent(&m_server);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
            while (socket->canReadLine())
                answer(socket, socket->readLine().trimmed());
        });
    }
    void answer(QTcpSocket *socket, const QByteArray &line)
    {
        sent << line;
        if (line == "*IDN?")
            socket->write(identity + '\n');
        else if (line == "SYST:ERR?")
            socket->write("0,\"No error\"\n");
        else if (line.endsWith('?'))
            socket->write(values.value(line.chopped(1), "0") + '\n');
        else if (line.contains(' '))
            values[line.left(line.indexOf(' '))] = line.mid(line.indexOf(' ') + 1);
    }

    QTcpServer m_server;
    quint16 m_port = 0;
};

/// A station of the test's own whose bench is one SmallInstrument, "probe".
class SmallStation
{
public:
    SmallStation()
    {
        write(QStringLiteral("probe.instrument.yaml"), R"(schema: 1
id: probe
manufacturer: Probe
model: P1
link: {terminator: "\n", connect_timeout: 1 s, reply_timeout: 1 s}
identity: {query: "*IDN?", pattern: '^PROBE,'}
errors: {query: "SYST:ERR?", when: each-set}
measurements:
  level: {query: "LEV?", columns: [{name: level, unit: V}]}
parameters:
  nplc: {type: number, range: [0.01, 10], unit: s, get: "NPLC?", set: "NPLC {value}"}
  mode: {type: choice, choices: {fast: "0", slow: "1"}, get: "MODE?", set: "MODE {value}"}
  serial: {type: text, get: "SER?"}
)");
        StationOptions options;
        options.database = folder.filePath(QStringLiteral("birch.db"));
        options.flags = {{QStringLiteral("state.path"), folder.filePath(QStringLiteral("state"))},
                         {QStringLiteral("spool.path"), folder.filePath(QStringLiteral("spool"))},
                         {QStringLiteral("station.name"), QStringLiteral("TEST")}};
        Problems problems;
        auto opened = StationData::open(options, StationData::readSettings(options, &problems));
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        data = std::move(opened).value();
        openBench();
    }
    void openBench()
    {
        const QString file = QStringLiteral("a.bench.yaml");
        write(file, "name: B\nsimulate: false\ninstruments:\n  probe:\n    definition: probe\n    "
                    "address: TCPIP::127.0.0.1::" +
                        QByteArray::number(instrument.port()) + "::SOCKET\n");
        Problems problems;
        bench = StationBench::open(folder.filePath(file), &problems);
        if (!bench)
            qFatal("%s", qPrintable(problems.value(0).message));
    }
    InstrumentHost &host() { return *bench->bench().find(QStringLiteral("probe")); }
    void write(const QString &name, const QByteArray &text)
    {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s", qPrintable(file.errorString()));
    }

    QTemporaryDir folder;
    SmallInstrument instrument;
    std::unique_ptr<StationData> data;
    std::unique_ptr<StationBench> bench;
};

} // namespace birch::test
