#include "app/session/simulator_process.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kEndMs = 2000;

QString tr(const char *text)
{
    return QCoreApplication::translate("SimulatorProcess", text);
}

Result<QMap<QString, QString>> addressesFrom(const QByteArray &line)
{
    const QJsonArray list =
        QJsonDocument::fromJson(line).object().value(u"instruments"_s).toArray();
    QMap<QString, QString> addresses;
    for (const auto &entry : list)
        addresses.insert(entry[u"nickname"].toString(), entry[u"address"].toString());
    if (addresses.isEmpty())
        return Error{ErrorCode::Protocol,
                     tr("The simulator answered \"%1\". Run \"birchctl instruments simulate\" on "
                        "the bench file to see what is wrong.")
                         .arg(QString::fromUtf8(line.trimmed().left(200)))};
    return addresses;
}

} // namespace

SimulatorProcess::~SimulatorProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(kEndMs))
        m_process.kill();
    m_process.waitForFinished(kEndMs);
}

Result<QMap<QString, QString>> SimulatorProcess::start(const QString &benchFile, const Call &call,
                                                       std::optional<double> speed)
{
    const QString program = QCoreApplication::applicationDirPath() + u"/birchctl"_s;
    if (!QFileInfo(program).isExecutable())
        return Error{ErrorCode::NotFound,
                     tr("%1 is missing, so the bench can not be simulated. Install it beside this "
                        "program.")
                         .arg(program)};
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QStringList arguments{u"instruments"_s, u"simulate"_s, benchFile};
    if (speed)
        arguments << u"--speed"_s << QString::number(*speed);
    m_process.start(program, arguments);
    while (!m_process.canReadLine()) {
        if (m_process.state() == QProcess::NotRunning)
            return Error{ErrorCode::Protocol,
                         tr("The simulator of %1 ended at once. Run \"birchctl instruments "
                            "simulate %1\" to see why.")
                             .arg(benchFile)};
        if (call.stop.stop_requested())
            return Error{ErrorCode::Cancelled, tr("Stopped while the simulator started.")};
        if (call.deadline.hasPassed())
            return Error{ErrorCode::Timeout,
                         tr("The simulator of %1 did not come up in time. Start again; if it stays "
                            "so, run it by hand with \"birchctl instruments simulate %1\".")
                             .arg(benchFile)};
        m_process.waitForReadyRead(int(kWaitSlice.count()));
    }
    return addressesFrom(m_process.readLine());
}

} // namespace birch
