#include "app/session/settings_probe.h"

#include "core/engine/scan_setup.h"

#include <QEventLoop>

namespace birch {

void readSettings(std::shared_ptr<const ScanPlan> plan, const Bench &bench, const QString &owner,
                  QObject *context, SnapshotReply reply)
{
    auto *setup = new ScanSetup(std::move(plan), bench, owner, {});
    setup->setParent(context);
    setup->prepare([setup, context, reply = std::move(reply)](const Result<SetupResult> &read) {
        Result<SettingsSnapshot> answer =
            read ? Result<SettingsSnapshot>(
                       SettingsSnapshot{read.value().settings, read.value().instruments})
                 : read.error();
        QMetaObject::invokeMethod(
            context,
            [setup, reply, answer] {
                delete setup; // gives the instruments back first: the next may want them
                reply(answer);
            },
            Qt::QueuedConnection);
    });
}

Result<SettingsSnapshot> readSettingsNow(std::shared_ptr<const ScanPlan> plan, const Bench &bench,
                                         const QString &owner)
{
    QObject context;
    QEventLoop loop;
    std::optional<Result<SettingsSnapshot>> answer;
    readSettings(std::move(plan), bench, owner, &context, [&](Result<SettingsSnapshot> read) {
        answer = std::move(read);
        loop.quit();
    });
    loop.exec();
    return *std::move(answer);
}

} // namespace birch
