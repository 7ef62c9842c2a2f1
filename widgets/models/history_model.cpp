#include "widgets/models/history_model.h"

#include "widgets/models/number_text.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kMostPerAnswer = 1000; // what the repository gives at most

/// As the database orders: newest first.
bool isNewer(const ScanRecord &a, const ScanRecord &b)
{
    return std::pair(a.startedUs, a.id) > std::pair(b.startedUs, b.id);
}

bool looksAlike(const ScanRecord &a, const ScanRecord &b)
{
    return a.revision == b.revision && a.state == b.state && a.points == b.points &&
           a.endedUs == b.endedUs && a.reason == b.reason && a.details == b.details &&
           a.sample == b.sample;
}

QString grouped(qint64 number)
{
    return QLocale(QLocale::English).toString(number);
}

} // namespace

HistoryModel::HistoryModel(StoreReader &reader, QObject *parent)
    : QAbstractTableModel(parent)
    , m_reader(reader)
{
}

void HistoryModel::setFilter(const ScanFilter &filter)
{
    m_filter = filter;
    ScanFilter first = filter;
    first.perPage = kPage;
    ask(first, Answer::NewList);
}

void HistoryModel::refresh()
{
    ScanFilter all = m_filter;
    all.perPage = std::clamp(int(m_scans.size()), kPage, kMostPerAnswer);
    ask(all, Answer::Refresh);
}

bool HistoryModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_isLoading && m_scans.size() < m_total;
}

void HistoryModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    // A page that overlaps with what is here already is merged, so it need not begin at its end.
    ScanFilter next = m_filter;
    next.perPage = kPage;
    next.page = int(m_scans.size()) / kPage + 1;
    next.anchor = m_anchor;
    ask(next, Answer::NextPage);
}

void HistoryModel::ask(const ScanFilter &filter, Answer kind)
{
    m_isLoading = true;
    const quint64 question = ++m_question;
    m_reader.ask<ScanPage>(
        [filter](Connection &connection, const Session &session) {
            return ScanRepository(connection).list(session, filter);
        },
        this,
        [this, question, kind](Result<ScanPage> answer) {
            if (question != m_question)
                return;
            if (!answer) {
                m_isLoading = false;
                emit failed(answer.error().message);
                return;
            }
            const ScanPage &page = answer.value();
            // Something left the list meanwhile, so that a page skipped as many: look again.
            const bool hasShrunk = kind == Answer::NextPage && page.total < m_total;
            m_wasLoaded = true;
            m_total = page.total;
            m_isTotalExact = page.isTotalExact;
            m_anchor = page.anchor;
            merge(page, kind);
            m_isLoading = false;
            emit loaded();
            if (hasShrunk)
                refresh();
        });
}

void HistoryModel::removeFrom(int first, int end)
{
    if (first >= end)
        return;
    beginRemoveRows({}, first, end - 1);
    m_scans.remove(first, end - first);
    endRemoveRows();
}

void HistoryModel::merge(const ScanPage &page, Answer kind)
{
    const QList<ScanRecord> &scans = page.scans;
    int row = 0;
    if (kind == Answer::NextPage && !scans.isEmpty())
        row = int(std::lower_bound(m_scans.cbegin(), m_scans.cend(), scans.first(), isNewer) -
                  m_scans.cbegin());
    for (qsizetype i = 0; i < scans.size(); ++i, ++row) {
        int stale = row; // rows that are no longer in the list
        while (stale < m_scans.size() && isNewer(m_scans[stale], scans[i]))
            ++stale;
        removeFrom(row, stale);
        if (row == m_scans.size()) {
            beginInsertRows({}, row, row + int(scans.size() - i) - 1);
            m_scans += scans.sliced(i);
            endInsertRows();
            return;
        }
        if (m_scans[row].id == scans[i].id) {
            take(scans[i]);
            continue;
        }
        beginInsertRows({}, row, row);
        m_scans.insert(row, scans[i]);
        endInsertRows();
    }
    // Rows older than this answer are still right, unless another filter had brought them or
    // nothing is behind this page.
    const bool isEnd = qint64(page.page) * page.perPage >= page.total;
    if (kind == Answer::NewList || isEnd)
        removeFrom(row, int(m_scans.size()));
}

void HistoryModel::take(const ScanRecord &scan)
{
    const int row = rowOf(scan.uid);
    if (row < 0 || looksAlike(m_scans[row], scan))
        return;
    m_scans[row] = scan;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int HistoryModel::rowOf(const QUuid &uid) const
{
    for (int row = 0; row < m_scans.size(); ++row) {
        if (m_scans[row].uid == uid)
            return row;
    }
    return -1;
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_scans.size());
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString HistoryModel::text(const ScanRecord &scan, int column) const
{
    switch (column) {
    case StateColumn:
        return scanStateName(scan.state);
    case IdColumn:
        return scan.scanId;
    case NameColumn:
        return scan.details.title.isEmpty() ? scan.details.name : scan.details.title;
    case SampleColumn:
        return scan.sample;
    case ProjectColumn:
        return scan.details.project;
    case OperatorColumn:
        return scan.details.operatorName;
    case PointsColumn:
        return scan.points >= scan.pointsPlanned
                   ? grouped(scan.points)
                   : tr("%1 of %2").arg(grouped(scan.points), grouped(scan.pointsPlanned));
    case StartedColumn:
        return displayClock(QDateTime::fromMSecsSinceEpoch(scan.startedUs / 1000),
                            QDateTime::currentDateTime());
    case DurationColumn:
        return scan.endedUs
                   ? displayDuration(std::chrono::microseconds(*scan.endedUs - scan.startedUs))
                   : QString();
    default:
        return {};
    }
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ScanRecord &scan = m_scans[index.row()];
    const bool isNumber = index.column() == PointsColumn || index.column() == DurationColumn;
    switch (role) {
    case Qt::DisplayRole:
        return text(scan, index.column());
    case Qt::ToolTipRole:
        return index.column() == StateColumn && !scan.reason.isEmpty() ? scan.reason
                                                                       : text(scan, index.column());
    case Qt::TextAlignmentRole:
        return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case StateRole:
        return int(scan.state);
    case UidRole:
        return scan.uid;
    default:
        return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isNumber = section == PointsColumn || section == DurationColumn;
    if (role == Qt::TextAlignmentRole)
        return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StateColumn:
        return tr("State");
    case IdColumn:
        return tr("Scan");
    case NameColumn:
        return tr("Name");
    case SampleColumn:
        return tr("Sample");
    case ProjectColumn:
        return tr("Project");
    case OperatorColumn:
        return tr("Operator");
    case PointsColumn:
        return tr("Points");
    case StartedColumn:
        return tr("Started");
    case DurationColumn:
        return tr("Took");
    default:
        return {};
    }
}

} // namespace birch
