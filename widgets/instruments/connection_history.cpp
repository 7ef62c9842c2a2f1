#include "widgets/instruments/connection_history.h"

#include <QDateTime>
#include <QHeaderView>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
enum Column { When, What, Why, Columns };
constexpr int kHeight = 180;

QTableWidgetItem *cell(const QString &text)
{
    auto *item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setToolTip(text);
    return item;
}
} // namespace

ConnectionHistory::ConnectionHistory(InstrumentRecords &records, const QString &nickname,
                                     QWidget *parent)
    : QTableWidget(0, Columns, parent)
    , m_records(records)
    , m_nickname(nickname)
{
    setAccessibleName(tr("Connection history of %1").arg(nickname));
    setHorizontalHeaderLabels({tr("Time"), tr("Connection"), tr("Reason")});
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(When, QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(What, QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(Why, QHeaderView::Stretch);
    verticalHeader()->hide();
    setShowGrid(false);
    setWordWrap(false);
    setFixedHeight(kHeight);
    connect(&records, &InstrumentRecords::historyChanged, this, [this](const QString &changed) {
        if (changed == m_nickname && isVisible())
            refresh();
    });
}

void ConnectionHistory::showEvent(QShowEvent *event)
{
    QTableWidget::showEvent(event);
    refresh();
}

void ConnectionHistory::refresh()
{
    m_records.history(m_nickname, this, [this](const Result<QList<ConnectionLine>> &lines) {
        if (!lines)
            say(lines.error().message);
        else if (lines.value().isEmpty())
            say(tr("Nothing yet: connect it"));
        else
            fill(lines.value());
    });
}

void ConnectionHistory::say(const QString &sentence)
{
    setRowCount(1);
    setItem(0, When, cell({}));
    setItem(0, What, cell({}));
    setItem(0, Why, cell(sentence));
}

void ConnectionHistory::fill(const QList<ConnectionLine> &lines)
{
    setRowCount(int(lines.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const ConnectionLine &line = lines[row];
        const QDateTime when = QDateTime::fromMSecsSinceEpoch(line.atUs / 1000);
        setItem(row, When, cell(when.toString(u"yyyy-MM-dd HH:mm:ss"_s)));
        setItem(row, What, cell((line.isFault ? u"▲ "_s : QString()) + line.what));
        setItem(row, Why, cell(line.reason));
    }
}

} // namespace birch
