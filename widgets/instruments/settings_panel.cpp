#include "widgets/instruments/settings_panel.h"

#include "core/instrument/instrument_host.h"
#include "widgets/instruments/manual_control.h"
#include "widgets/instruments/parameter_table.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

SettingsPanel::SettingsPanel(InstrumentHost &host, QWidget *parent)
    : QWidget(parent)
    , m_host(host)
    , m_table(new ParameterTable(host, this))
    , m_count(new QLabel(this))
    , m_apply(new QPushButton(tr("Apply"), this))
    , m_discard(new QPushButton(tr("Discard"), this))
{
    m_apply->setProperty("primary", true);
    m_apply->setToolTip(tr("Send all new values to %1").arg(host.nickname()));
    m_apply->setAccessibleName(tr("Apply the settings of %1").arg(host.nickname()));
    m_discard->setToolTip(tr("Forget the new values; nothing is sent"));
    m_discard->setAccessibleName(tr("Discard the settings of %1").arg(host.nickname()));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_count, 1);
    bar->addWidget(m_discard);
    bar->addWidget(m_apply);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    layout->addLayout(bar);
    connect(m_table, &ParameterTable::failed, this, &SettingsPanel::failed);
    connect(m_table, &ParameterTable::stagedChanged, this, &SettingsPanel::showStaged);
    connect(m_apply, &QPushButton::clicked, this, &SettingsPanel::apply);
    connect(m_discard, &QPushButton::clicked, m_table, &ParameterTable::discard);
    showStaged();
}

void SettingsPanel::refresh()
{
    m_table->refresh();
}

void SettingsPanel::setControlEnabled(bool isEnabled)
{
    m_isEnabled = isEnabled;
    m_table->setControlEnabled(isEnabled || m_isApplying); // the lease is our own then
    showStaged();
}

void SettingsPanel::showStaged()
{
    const auto count = m_table->staged().size();
    m_count->setText(count > 0 ? tr("%n new value(s), not sent yet", nullptr, int(count))
                               : tr("Enter what is to change under New."));
    m_apply->setEnabled(count > 0 && m_isEnabled && !m_isApplying);
    m_discard->setEnabled(count > 0 && !m_isApplying);
}

void SettingsPanel::apply()
{
    if (const Status lease = m_host.acquireLease(kManualControl); !lease)
        return emit failed(lease.error().message);
    m_isApplying = true;
    m_applied.clear();
    showStaged();
    applyNext();
}

/// The first staged one in the order of the definition.
void SettingsPanel::applyNext()
{
    const QMap<QString, QVariant> &staged = m_table->staged();
    for (const ParameterSpec &spec : m_host.spec().parameters) {
        if (!staged.contains(spec.key))
            continue;
        return m_host.setParameter(Priority::Panel, spec.key, staged.value(spec.key),
                                   kManualExchange, this,
                                   [this, key = spec.key](const Result<std::monostate> &set) {
                                       if (!set)
                                           return end(set.error().message);
                                       m_applied << key;
                                       m_table->unstage(key);
                                       applyNext();
                                   });
    }
    end({});
}

void SettingsPanel::end(const QString &problem)
{
    m_host.releaseLease(kManualControl);
    m_isApplying = false;
    if (!m_applied.isEmpty())
        emit done(tr("%1: %2 set").arg(m_host.nickname(), m_applied.join(u", "_s)));
    if (!problem.isEmpty())
        emit failed(tr("%1. It and what follows is still staged: correct it, then apply again.")
                        .arg(problem));
    showStaged();
    refresh();
}

} // namespace birch
