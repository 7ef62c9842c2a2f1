#include "tests/app/test_station.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {
constexpr int kPatienceMs = 60'000;

QStringList columnsBut(const QJsonObject &scan, const QString &measurement,
                       const QStringList &roles, bool isWanted)
{
    QStringList options;
    for (const auto &object : scan[u"measurements"].toArray()) {
        if (object[u"name"].toString() != measurement)
            continue;
        for (const auto &column : object[u"columns"].toArray()) {
            if (roles.contains(column[u"role"].toString()) == isWanted)
                options << u"--column"_s << column[u"name"].toString();
        }
    }
    return options;
}
} // namespace

QString birchctl()
{
    return qEnvironmentVariable("BIRCH_BINARY_DIR") + u"/bin/birchctl"_s;
}

QJsonObject Outcome::json() const
{
    return QJsonDocument::fromJson(output).object();
}

qint64 Outcome::pointsTold() const
{
    // What stands behind the last line end may be the half of a line.
    const QByteArrayList lines = messages.left(messages.lastIndexOf('\n') + 1).split('\n');
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const QJsonObject json = QJsonDocument::fromJson(*line).object();
        if (json.contains(u"points"_s))
            return json[u"points"].toInteger();
    }
    return 0;
}

TestStation::TestStation(QString database)
    : m_database(std::move(database))
    , m_environment(QProcessEnvironment::systemEnvironment())
{
    if (m_database.isEmpty())
        m_database = path(u"birch.sqlite"_s);
    for (const QString &name : m_environment.keys()) {
        if (name.startsWith(u"BIRCH_"_s))
            m_environment.remove(name);
    }
    setEnvironment(u"BIRCH_DATABASE_URL"_s, m_database);
    setEnvironment(u"BIRCH_STATION_NAME"_s, u"RIG"_s);
    setEnvironment(u"BIRCH_SPOOL_PATH"_s, path(u"spool"_s));
    setEnvironment(u"BIRCH_SPOOL_SEGMENT_BYTES"_s, u"1 MiB"_s);
    setEnvironment(u"BIRCH_SPOOL_RESERVE_BYTES"_s, u"1 MiB"_s);
    setEnvironment(u"HOME"_s, path(u"home"_s));
    setEnvironment(u"XDG_CONFIG_HOME"_s, path(u"home/.config"_s));
    setEnvironment(u"XDG_DATA_HOME"_s, path(u"home/.local/share"_s));
    setEnvironment(u"XDG_STATE_HOME"_s, path(u"home/.local/state"_s));
}

void TestStation::setEnvironment(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

QString TestStation::write(const QString &name, const QByteArray &text) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("can not write %s", qPrintable(file.fileName()));
    return file.fileName();
}

std::unique_ptr<QProcess> TestStation::start(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    process->setWorkingDirectory(m_folder.path());
    process->start(birchctl(), arguments);
    return process;
}

Outcome TestStation::await(QProcess &process)
{
    const bool isOver =
        process.state() == QProcess::NotRunning || process.waitForFinished(kPatienceMs);
    if (!isOver) {
        process.kill();
        process.waitForFinished(kPatienceMs);
    }
    Outcome outcome;
    outcome.output = process.readAllStandardOutput();
    outcome.messages = process.readAllStandardError();
    if (!isOver)
        outcome.messages += "\n(the test lost patience)";
    else if (process.exitStatus() == QProcess::NormalExit)
        outcome.exitCode = process.exitCode();
    return outcome;
}

QString TestStation::awaitPoints(QProcess &process, qint64 points)
{
    process.setReadChannel(QProcess::StandardError);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < kPatienceMs) {
        if (!process.canReadLine() && !process.waitForReadyRead(kPatienceMs))
            return {};
        const QJsonObject json = QJsonDocument::fromJson(process.readLine()).object();
        if (json[u"points"].toInteger() >= points)
            return json[u"scan_id"].toString();
    }
    return {};
}

Outcome TestStation::run(const QStringList &arguments) const
{
    return await(*start(arguments));
}

QJsonObject TestStation::show(const QString &scan) const
{
    return run({u"show"_s, scan, u"--json"_s}).json()[u"scan"].toObject();
}

QByteArrayList TestStation::rows(const QString &scan, const QString &measurement) const
{
    const QStringList columns = columnsBut(show(scan), measurement, {u"time"_s}, false);
    QByteArrayList lines =
        run(QStringList{u"data"_s, scan, u"--measurement"_s, measurement} + columns)
            .output.split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    if (!lines.isEmpty())
        lines.removeFirst(); // names
    return lines;
}

QString TestStation::disorder(const QString &scan, const QString &measurement) const
{
    const QStringList columns = columnsBut(show(scan), measurement, {u"time"_s, u"index"_s}, true);
    const QJsonArray rows =
        run(QStringList{u"data"_s, scan, u"--measurement"_s, measurement, u"--json"_s} + columns)
            .json()[u"rows"]
            .toArray();
    QList<qint64> before;
    for (const auto &cells : rows) {
        QList<qint64> row;
        for (const auto &cell : cells.toArray())
            row << cell.toInteger();
        const bool isLater = before.isEmpty() || row.first() > before.first();
        const bool isNext = before.isEmpty() || row.size() < 2 ||
                            std::lexicographical_compare(before.begin() + 1, before.end(),
                                                         row.begin() + 1, row.end());
        if (!isLater || !isNext)
            return QString::fromUtf8(QJsonDocument(cells.toArray()).toJson(QJsonDocument::Compact));
        before = row;
    }
    return {};
}

} // namespace birch::test
