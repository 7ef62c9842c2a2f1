#include "widgets/log/log_model.h"

#include "widgets/theme/theme.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString timeText(qint64 timeNs)
{
    return QDateTime::fromMSecsSinceEpoch(timeNs / 1'000'000)
        .toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s);
}

QColor colorOf(const QString &level)
{
    const ThemeColors &colors = currentColors();
    if (level == u"error")
        return colors.danger.lightness() > 128 ? colors.danger : colors.danger.lighter(130);
    if (level == u"warning")
        return colors.warning;
    if (level == u"safe")
        return colors.accent;
    return colors.text;
}

} // namespace

LogModel::LogModel(QObject *parent, int capacity)
    : QAbstractTableModel(parent)
    , m_capacity(capacity)
{
}

void LogModel::append(const LogLine &line)
{
    if (int(m_lines.size()) == m_capacity) {
        beginRemoveRows({}, 0, 0);
        m_lines.pop_front();
        endRemoveRows();
    }
    const int row = int(m_lines.size());
    beginInsertRows({}, row, row);
    m_lines.push_back(line);
    endInsertRows();
}

void LogModel::clear()
{
    if (m_lines.empty())
        return;
    beginRemoveRows({}, 0, int(m_lines.size()) - 1);
    m_lines.clear();
    endRemoveRows();
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LogLine &line = m_lines[size_t(index.row())];
    if (role == LevelRole)
        return line.entry.level;
    if (role == Qt::ForegroundRole)
        return colorOf(line.entry.level);
    if (role == Qt::ToolTipRole && index.column() == MessageColumn)
        return line.entry.message;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case TimeColumn:
        return timeText(line.entry.timeNs);
    case LevelColumn:
        return line.entry.level;
    case SourceColumn:
        return line.source;
    default:
        return line.entry.message;
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("Time");
    case LevelColumn:
        return tr("Level");
    case SourceColumn:
        return tr("From");
    default:
        return tr("Message");
    }
}

} // namespace birch
