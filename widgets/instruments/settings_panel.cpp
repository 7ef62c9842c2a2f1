#include "widgets/instruments/settings_panel.h"

#include "core/instrument/instrument_host.h"
#include "widgets/instruments/instrument_records.h"
#include "widgets/instruments/manual_control.h"
#include "widgets/instruments/parameter_table.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

SettingsPanel::SettingsPanel(InstrumentHost &host, InstrumentRecords &records, ManualLease &lease,
                             QWidget *parent)
    : QWidget(parent)
    , m_host(host)
    , m_records(records)
    , m_lease(lease)
    , m_table(new ParameterTable(host, this))
    , m_count(new QLabel(this))
    , m_presets(new QPushButton(tr("Presets…"), this))
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
    m_presets->setToolTip(tr("Take over settings with a name, or how %1 was left the last time; "
                             "nothing is sent before you apply it")
                              .arg(host.nickname()));
    m_presets->setAccessibleName(tr("Presets of %1").arg(host.nickname()));
    bar->addWidget(m_presets);
    bar->addWidget(m_count, 1);
    bar->addWidget(m_discard);
    bar->addWidget(m_apply);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    layout->addLayout(bar);
    connect(m_table, &ParameterTable::failed, this, &SettingsPanel::failed);
    connect(m_table, &ParameterTable::stagedChanged, this, &SettingsPanel::showStaged);
    connect(m_table, &ParameterTable::refreshed, this, &SettingsPanel::showStaged);
    connect(m_presets, &QPushButton::clicked, this, &SettingsPanel::openPresets);
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
    if (count == 0)
        m_staged.clear();
    const QString text = tr("%n new value(s), not sent yet", nullptr, int(count));
    m_count->setText(count == 0           ? tr("Enter what is to change under New.")
                     : m_staged.isEmpty() ? text
                                          : text + u" ("_s + m_staged + u')');
    m_presets->setEnabled(!m_table->present().isEmpty() && !m_isApplying);
    m_apply->setEnabled(count > 0 && m_isEnabled && !m_isApplying);
    m_discard->setEnabled(count > 0 && !m_isApplying);
}

void SettingsPanel::openPresets()
{
    m_records.presets(m_host.nickname(), this, [this](const Result<QStringList> &names) {
        if (names)
            showPresets(names.value());
        else
            emit failed(names.error().message);
    });
}

void SettingsPanel::showPresets(const QStringList &names)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(m_presets->accessibleName());
    menu->addAction(tr("As it was left"), this, [this] { stageKnown({}); });
    menu->addSeparator();
    for (const QString &name : names)
        menu->addAction(name, this, [this, name] { stageKnown(name); });
    menu->addSeparator();
    menu->addAction(tr("Save as preset…"), this, &SettingsPanel::askPresetName);
    menu->popup(m_presets->mapToGlobal(QPoint(0, m_presets->height())));
}

void SettingsPanel::stageKnown(const QString &preset)
{
    m_records.settings(m_host.nickname(), preset, this, [this](const Result<KnownSettings> &known) {
        if (!known)
            return emit failed(known.error().message);
        m_table->discard();
        const int count = m_table->stageAll(known.value().values);
        m_staged = known.value().from;
        showStaged();
        if (count == 0)
            m_count->setText(tr("Everything is so already (%1)").arg(known.value().from));
    });
}

void SettingsPanel::askPresetName()
{
    auto *question = new QInputDialog(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(u"preset-name"_s);
    question->setWindowTitle(tr("Save as preset"));
    question->setLabelText(
        tr("Name for the settings that %1 has now, for all of its model:").arg(m_host.nickname()));
    question->setModal(false);
    connect(question, &QInputDialog::textValueSelected, this,
            [this](const QString &name) { savePreset(name.trimmed(), false); });
    question->show();
}

void SettingsPanel::savePreset(const QString &name, bool mayReplace)
{
    const auto saved = [this, name](const Result<std::monostate> &done) {
        if (done)
            return emit this->done(tr("Preset %1 of %2 saved").arg(name, m_host.nickname()));
        if (done.error().code != ErrorCode::Conflict)
            return emit failed(done.error().message);
        auto *question = new QMessageBox(QMessageBox::Question, tr("Save as preset"),
                                         done.error().message, QMessageBox::Cancel, this);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setObjectName(u"preset-replace"_s);
        question->setModal(false);
        const QPushButton *yes = question->addButton(tr("Replace"), QMessageBox::AcceptRole);
        connect(question, &QMessageBox::buttonClicked, this,
                [this, yes, name](const QAbstractButton *pressed) {
                    if (pressed == yes)
                        savePreset(name, true);
                });
        question->show();
    };
    m_records.savePreset(m_host.nickname(), name, m_table->present(), mayReplace, this, saved);
}

void SettingsPanel::apply()
{
    if (const Status lease = m_lease.take(); !lease)
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
    m_lease.giveBack();
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
