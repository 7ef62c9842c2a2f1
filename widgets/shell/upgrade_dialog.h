#pragma once

#include "core/store/schema.h"

#include <QDialog>

#include <thread>

class QDialogButtonBox;
class QLabel;
class QProgressBar;

namespace birch {

/// Asks before a database of an older Birch is brought up to date, and does it on a thread of its
/// own. accepted: the database can be opened now. Closing is refused while the work is under way:
/// the schema layer has no half way.
class UpgradeDialog : public QDialog
{
    Q_OBJECT
public:
    explicit UpgradeDialog(const SchemaStatus &status, QWidget *parent = nullptr);
    ~UpgradeDialog() override; ///< waits for work that is under way

    void reject() override;

signals:
    /// From the working thread, queued. \a problem: "" when it is done.
    void upgraded(const QString &problem);

private:
    void start();
    void settle(const QString &problem);

    DatabaseUrl m_url;
    QLabel *m_text;
    QProgressBar *m_busy;
    QDialogButtonBox *m_buttons;
    std::jthread m_work;
    bool m_isWorking = false;
};

} // namespace birch
