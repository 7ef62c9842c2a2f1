// Scans of the past that run: interrupted ones that go on, and ended ones once more.
#include "core/base/id.h"
#include "widgets/history/history_panel.h"
#include "widgets/history/interrupted_bar.h"
#include "widgets/shell/main_window.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/settings_dialog.h"

namespace birch {

void MainWindow::continueScan(const QString &key)
{
    m_context.prepareContinuation(
        key, this, [this](Result<std::pair<QueueItem, Continuation>> prepared) {
            if (!prepared)
                return notice(NoticeKind::Error, prepared.error().message);
            const Continuation continuation = prepared.value().second;
            reviewSettings(prepared.value().first, [this, continuation](const QueueItem &item) {
                m_context.engine.resumeScan(item, continuation);
            });
        });
}

void MainWindow::runLikeSelected()
{
    if (m_history->selected().isNull() || !m_context.prepareLike)
        return notice(NoticeKind::Info, tr("Select the scan that is to run again."));
    m_context.prepareLike(
        uidText(m_history->selected()), this, [this](const Result<QueueItem> &prepared) {
            if (!prepared)
                return notice(NoticeKind::Error, prepared.error().message);
            QueueItem item = prepared.value();
            item.details.operatorName = m_context.user;
            reviewSettings(item, [this](const QueueItem &agreed) { m_context.engine.add(agreed); });
        });
}

/// Shows what is set otherwise than \a item demands, and lets \a add it once that is agreed on.
void MainWindow::reviewSettings(const QueueItem &item, std::function<void(const QueueItem &)> add)
{
    const auto begin = [this, add = std::move(add)](const QueueItem &agreed) {
        add(agreed);
        if (m_barState.queue == QueueState::Idle)
            m_context.engine.start();
        setMode(0);
        m_interrupted->refresh();
    };
    if (!item.demand || !m_context.readSettings)
        return begin(item); // the engine compares them as well
    m_context.readSettings(
        item.plan, this, [this, item, begin](const Result<SettingsSnapshot> &now) {
            if (!now)
                return notice(NoticeKind::Error, now.error().message);
            const auto differences = settingDifferences(item.demand->then, now.value());
            if (!isAnyAlarm(differences))
                return begin(item);
            auto *dialog = new SettingsDialog(item.demand->scanId, differences, this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            connect(dialog, &QDialog::accepted, this, [dialog, item, begin] {
                QueueItem agreed = item;
                agreed.demand->choice = dialog->choice();
                begin(agreed);
            });
            dialog->open();
        });
}

} // namespace birch
