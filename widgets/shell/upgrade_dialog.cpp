#include "widgets/shell/upgrade_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kTextWidth = 460; // px: some sixty characters a line
}

UpgradeDialog::UpgradeDialog(const SchemaStatus &status, QWidget *parent)
    : QDialog(parent)
    , m_url(status.url)
    , m_text(new QLabel(this))
    , m_busy(new QProgressBar(this))
    , m_buttons(new QDialogButtonBox(this))
{
    setWindowTitle(tr("Upgrade the database"));
    QString text = tr("<p><b>%1</b></p><p>was made by an older Birch: it has schema %2, this one "
                      "needs %3. Everything in it stays.</p>")
                       .arg(m_url.text().toHtmlEscaped())
                       .arg(status.current)
                       .arg(status.head);
    text += m_url.engine() == Engine::Sqlite
                ? tr("<p>A backup is written beside it first. Other programs that use the file "
                     "must be closed.</p>")
                : tr("<p>Make a backup with <i>birchctl db backup</i> first. Other stations that "
                     "use the database must be closed.</p>");
    m_text->setText(text);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(kTextWidth);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setAccessibleName(tr("What the upgrade does"));
    m_busy->setRange(0, 0);
    m_busy->hide();
    m_busy->setAccessibleName(tr("The upgrade is running"));
    QPushButton *upgrade = m_buttons->addButton(tr("&Upgrade"), QDialogButtonBox::AcceptRole);
    upgrade->setToolTip(tr("Bring the database up to date, then open it"));
    upgrade->setDefault(true);
    m_buttons->addButton(tr("&Quit"), QDialogButtonBox::RejectRole)
        ->setToolTip(tr("Leave the database as it is"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_text);
    layout->addWidget(m_busy);
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &UpgradeDialog::start);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &UpgradeDialog::reject);
    connect(this, &UpgradeDialog::upgraded, this, &UpgradeDialog::settle, Qt::QueuedConnection);
}

UpgradeDialog::~UpgradeDialog() = default;

void UpgradeDialog::reject()
{
    if (!m_isWorking)
        QDialog::reject();
}

void UpgradeDialog::start()
{
    m_isWorking = true;
    m_buttons->setEnabled(false);
    m_busy->show();
    m_work = std::jthread([this, url = m_url] {
        const auto status = Schema(url).upgrade();
        emit upgraded(status ? QString() : status.error().message);
    });
}

void UpgradeDialog::settle(const QString &problem)
{
    m_isWorking = false;
    m_busy->hide();
    if (problem.isEmpty()) {
        accept();
        return;
    }
    m_buttons->setEnabled(true);
    m_text->setText(tr("<p><b>Nothing was changed.</b></p><p>%1</p><p>Mend it and try again, or "
                       "quit.</p>")
                        .arg(problem.toHtmlEscaped()));
    adjustSize();
}

} // namespace birch
