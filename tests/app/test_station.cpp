#include "tests/app/test_station.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {
constexpr int kPatienceMs = 60'000;

/// Time and indices of a row, to be compared.
QList<qint64> placeOf(const QByteArrayList &cells, const QByteArrayList &names)
{
    QList<qint64> place;
    for (qsizetype i = 0; i < names.size(); ++i) {
        if (i == 0 || names[i].startsWith("index."))
            place << cells.value(i).toLongLong();
    }
    return place;
}

bool isBehind(const QList<qint64> &place, const QList<qint64> &before)
{
    if (before.isEmpty())
        return true;
    const bool isNext =
        place.size() < 2 || std::lexicographical_compare(before.begin() + 1, before.end(),
                                                         place.begin() + 1, place.end());
    return place.first() > before.first() && isNext;
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

TestStation::TestStation(QString database, QString program)
    : m_database(std::move(database))
    , m_program(program.isEmpty() ? birchctl() : std::move(program))
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
    process->start(m_program, arguments);
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

Table TestStation::table(const QString &scan, const QString &measurement) const
{
    QByteArrayList lines =
        run({u"data"_s, scan, u"--measurement"_s, measurement}).output.split('\n');
    if (!lines.last().isEmpty() || !lines.first().startsWith("time"))
        return {{}, u"no table"_s};
    lines.removeLast();
    const QByteArrayList names = lines.takeFirst().split(',');
    Table table;
    QList<qint64> before;
    for (const QByteArray &line : lines) {
        const QList<qint64> place = placeOf(line.split(','), names);
        if (table.disorder.isEmpty() && !isBehind(place, before))
            table.disorder =
                u"row %1: %2"_s.arg(table.rows.size()).arg(QString::fromUtf8(line.left(100)));
        table.isTimely &= before.isEmpty() || place.first() >= before.first();
        before = place;
        table.rows << line.mid(line.indexOf(',') + 1);
    }
    return table;
}

} // namespace birch::test
