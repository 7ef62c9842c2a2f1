#include "widgets/log/log_panel.h"

#include "widgets/log/log_model.h"
#include "widgets/theme/icon.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Text over every column and a set of levels.
class LogFilter final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setFilter(const QString &text, const QStringList &levels)
    {
        m_text = text;
        m_levels = levels;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex first = sourceModel()->index(row, 0, parent);
        if (!m_levels.isEmpty() && !m_levels.contains(first.data(LogModel::LevelRole).toString()))
            return false;
        for (int column = 0; column < LogModel::ColumnCount; ++column) {
            const QString text = sourceModel()->index(row, column, parent).data().toString();
            if (text.contains(m_text, Qt::CaseInsensitive))
                return true;
        }
        return false;
    }

private:
    QString m_text;
    QStringList m_levels;
};

} // namespace

LogPanel::LogPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new LogModel(this))
    , m_filter(new LogFilter(this))
    , m_text(new QLineEdit(this))
    , m_level(new QComboBox(this))
    , m_view(new QTableView(this))
{
    m_filter->setSourceModel(m_model);
    m_text->setPlaceholderText(tr("Find in the log"));
    m_text->setAccessibleName(tr("Find in the log"));
    m_text->setClearButtonEnabled(true);
    m_level->addItem(tr("Everything"), QStringList());
    m_level->addItem(tr("Warnings and errors"), QStringList{u"warning"_s, u"error"_s});
    m_level->addItem(tr("Safe values"), QStringList{u"safe"_s});
    m_level->setAccessibleName(tr("Which lines to show"));
    m_level->setToolTip(tr("Which lines to show"));
    auto *copy = new QPushButton(themeIcon(u"copy"_s), tr("Copy all"), this);
    copy->setToolTip(tr("Copy the lines shown to the clipboard"));

    m_view->setModel(m_filter);
    m_view->setAccessibleName(tr("Log"));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(28);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->setColumnWidth(LogModel::TimeColumn, 200);
    m_view->setColumnWidth(LogModel::SourceColumn, 190);

    auto *row = new QHBoxLayout;
    row->addWidget(m_text, 1);
    row->addWidget(m_level);
    row->addWidget(copy);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(row);
    layout->addWidget(m_view, 1);

    connect(m_text, &QLineEdit::textChanged, this, &LogPanel::applyFilter);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPanel::applyFilter);
    connect(copy, &QPushButton::clicked, this, [this] {
        QStringList lines;
        for (int line = 0; line < m_filter->rowCount(); ++line) {
            QStringList cells;
            for (int column = 0; column < LogModel::ColumnCount; ++column)
                cells << m_filter->index(line, column).data().toString();
            lines << cells.join(u'\t');
        }
        QApplication::clipboard()->setText(lines.join(u'\n'));
    });
}

void LogPanel::append(const LogLine &line)
{
    const QScrollBar *bar = m_view->verticalScrollBar();
    const bool follows = bar->value() == bar->maximum();
    m_model->append(line);
    if (follows)
        m_view->scrollToBottom();
}

void LogPanel::applyFilter()
{
    static_cast<LogFilter *>(m_filter)->setFilter(m_text->text(),
                                                  m_level->currentData().toStringList());
}

} // namespace birch
