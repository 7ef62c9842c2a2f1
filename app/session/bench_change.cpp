#include "app/session/bench_change.h"

#include "app/session/resource_paths.h"
#include "core/base/file_writer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLockFile>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kLockWait = 5000; // ms; a change takes a few
constexpr qint64 kLongestFile = 1 << 20;

QString tr(const char *text)
{
    return QCoreApplication::translate("BenchChange", text);
}

BenchChange refused(const QString &file, const QString &message, const QString &remedy = {})
{
    return {std::nullopt, {Problem{.file = file, .message = message, .remedy = remedy}}};
}

BenchChange change(const QString &benchFile, bool mayBeNew, const BenchEdit &edit)
{
    const QFileInfo info(benchFile);
    if (!info.exists() && !mayBeNew)
        return refused(benchFile, tr("There is no such bench file"), tr("Check the path"));
    // A link stays one: what it points to is replaced.
    const QString path = info.exists() ? info.canonicalFilePath() : info.absoluteFilePath();
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return refused(benchFile, tr("Its folder can not be made"), tr("Check its permissions"));
    QLockFile lock(path + u".lock"_s);
    if (!lock.tryLock(kLockWait))
        return refused(benchFile, tr("Another program is changing it, or its folder is read-only"),
                       tr("Wait for it, or check the permissions of the folder"));
    QByteArray text = emptyBench(tr("Bench"));
    if (QFileInfo::exists(path)) {
        auto read = readFile(path, kLongestFile);
        if (!read)
            return refused(benchFile, read.error().message);
        text = std::move(read).value();
    }
    const auto changed = edit(text);
    if (!changed)
        return refused(benchFile, changed.error().message);
    BenchLoad load = loadBenchText(changed.value(), path, definitionFolders());
    if (!load.bench)
        return {std::nullopt, load.problems};
    if (const Status written = writeFile(path, changed.value()); !written)
        return refused(benchFile, written.error().message);
    return {std::move(load.bench), {}};
}

} // namespace

BenchChange addToBench(const QString &benchFile, const BenchAddition &addition)
{
    return change(benchFile, true,
                  [&](const QByteArray &text) { return withInstrument(text, addition); });
}

BenchChange moveInBench(const QString &benchFile, const QString &nickname, const QString &address)
{
    return change(benchFile, false,
                  [&](const QByteArray &text) { return withAddress(text, nickname, address); });
}

BenchChange changeBench(const QString &benchFile, const QList<BenchEdit> &edits)
{
    return change(benchFile, false, [&](const QByteArray &text) {
        Result<QByteArray> changed = text;
        for (const BenchEdit &edit : edits) {
            if (changed)
                changed = edit(QByteArray(changed.value()));
        }
        return changed;
    });
}

} // namespace birch
