#include "app/session/step_times_keeper.h"

#include "core/base/file_writer.h"
#include "core/base/log.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kLongestFile = 16 << 20;

QString fileIn(const QString &spoolDir)
{
    return QDir(spoolDir).filePath(u"step-times.json"_s);
}
} // namespace

StepTimes loadStepTimes(const QString &spoolDir)
{
    QFile file(fileIn(spoolDir));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return StepTimes::fromJson(QJsonDocument::fromJson(file.read(kLongestFile)).object());
}

StepTimesKeeper::StepTimesKeeper(const QString &spoolDir, BenchSpecs bench)
    : m_spoolDir(spoolDir)
    , m_bench(std::move(bench))
{
}

StepTimesKeeper::Listener StepTimesKeeper::listener()
{
    return [this](std::shared_ptr<const ScanPlan> plan, const RunTimes &run) {
        QMetaObject::invokeMethod(
            this, [this, plan = std::move(plan), run] { learn(*plan, run); }, Qt::QueuedConnection);
    };
}

void StepTimesKeeper::learn(const ScanPlan &plan, const RunTimes &run)
{
    StepTimes times = loadStepTimes(m_spoolDir);
    times.learn(plan, run, m_bench);
    const Status kept = writeFile(fileIn(m_spoolDir), QJsonDocument(times.toJson()).toJson(),
                                  FileWriter::Flush::Later);
    if (!kept)
        qCWarning(lcApp).noquote()
            << tr("How long the steps of this scan took is not kept, so estimates stay as they "
                  "are: %1")
                   .arg(kept.error().message);
    emit learned(times);
}

} // namespace birch
