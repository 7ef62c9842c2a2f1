#include "widgets/history/history_filter_row.h"

#include "widgets/theme/calm_combo_box.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/state_look.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTimer>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr std::chrono::milliseconds kRest{250}; // after the last key, before the database is asked

QComboBox *makeBox(QWidget *parent, const QString &id, const QString &name)
{
    auto *box = new CalmComboBox(parent);
    box->setObjectName(id);
    box->setAccessibleName(name);
    box->setToolTip(name);
    box->setMinimumContentsLength(9);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    return box;
}

} // namespace

HistoryFilterRow::HistoryFilterRow(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLineEdit(this))
    , m_sample(makeBox(this, u"history-sample"_s, tr("Only scans of this sample")))
    , m_project(makeBox(this, u"history-project"_s, tr("Only scans of this project")))
    , m_state(makeBox(this, u"history-state"_s, tr("Only scans in this state")))
    , m_since(makeBox(this, u"history-since"_s, tr("Only scans started since then")))
    , m_rest(new QTimer(this))
{
    m_text->setObjectName(u"history-text"_s);
    m_text->setPlaceholderText(tr("Find in id, name, comment, operator, sample, project"));
    m_text->setAccessibleName(tr("Find scans"));
    m_text->setClearButtonEnabled(true);
    m_text->addAction(themeIcon(u"search"_s), QLineEdit::LeadingPosition);
    for (QToolButton *inner : m_text->findChildren<QToolButton *>())
        inner->setStyleSheet(u"min-height: 0"_s); // the theme's height would push the icon down
    setSamples({});
    setProjects({});
    m_state->addItem(tr("Any state"));
    for (const ScanState state : {ScanState::Running, ScanState::Paused, ScanState::Completed,
                                  ScanState::Aborted, ScanState::Failed, ScanState::Interrupted}) {
        const StateLook look = lookOf(state);
        m_state->addItem(look.shape + u' ' + look.word, int(state));
    }
    m_since->addItem(tr("Any time"));
    m_since->addItem(tr("Today"), 0);
    m_since->addItem(tr("Last 7 days"), 7);
    m_since->addItem(tr("Last 30 days"), 30);
    m_since->addItem(tr("Last year"), 365);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 1);
    m_rest->setSingleShot(true);
    m_rest->setInterval(kRest);
    connect(m_rest, &QTimer::timeout, this, &HistoryFilterRow::changed);
    connect(m_text, &QLineEdit::textChanged, m_rest, qOverload<>(&QTimer::start));
    connect(m_text, &QLineEdit::returnPressed, this, [this] {
        m_rest->stop();
        emit changed();
    });
    for (QComboBox *box : {m_sample, m_project, m_state, m_since}) {
        layout->addWidget(box);
        connect(box, &QComboBox::currentIndexChanged, this, &HistoryFilterRow::changed);
    }
}

ScanFilter HistoryFilterRow::filter() const
{
    ScanFilter filter;
    filter.search = m_text->text();
    filter.sample = m_sample->currentData().toString();
    filter.project = m_project->currentData().toString();
    if (m_state->currentData().isValid())
        filter.states = {ScanState(m_state->currentData().toInt())};
    if (m_since->currentData().isValid()) {
        const QDate day = QDate::currentDate().addDays(-m_since->currentData().toInt());
        filter.sinceUs = day.startOfDay().toMSecsSinceEpoch() * 1000;
    }
    return filter;
}

bool HistoryFilterRow::isOpen() const
{
    return m_text->text().trimmed().isEmpty() && m_sample->currentIndex() == 0 &&
           m_project->currentIndex() == 0 && m_state->currentIndex() == 0 &&
           m_since->currentIndex() == 0;
}

void HistoryFilterRow::setSamples(const QStringList &samples)
{
    fill(m_sample, tr("Any sample"), samples);
}

void HistoryFilterRow::setProjects(const QStringList &projects)
{
    fill(m_project, tr("Any project"), projects);
}

void HistoryFilterRow::fill(QComboBox *box, const QString &all, const QStringList &names)
{
    const QSignalBlocker blocker(box);
    const QString chosen = box->currentData().toString();
    box->clear();
    box->addItem(all);
    for (const QString &name : names)
        box->addItem(name, name);
    if (!chosen.isEmpty() && box->findData(chosen) < 0)
        box->addItem(chosen, chosen);
    box->setCurrentIndex(chosen.isEmpty() ? 0 : box->findData(chosen));
}

void HistoryFilterRow::clearAll()
{
    {
        const QSignalBlocker text(m_text);
        m_text->clear();
        for (QComboBox *box : {m_sample, m_project, m_state, m_since}) {
            const QSignalBlocker blocker(box);
            box->setCurrentIndex(0);
        }
    }
    m_rest->stop();
    emit changed();
}

} // namespace birch
