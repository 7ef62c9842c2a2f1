#include "widgets/shell/notice_bar.h"

#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kInfoShown{10};
}

NoticeBar::NoticeBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_timer(new QTimer(this))
{
    setAccessibleName(tr("Notice"));
    m_text->setWordWrap(true);
    m_text->setAccessibleName(tr("Notice text"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *close = new QToolButton(this);
    close->setIcon(themeIcon(u"close"_s));
    close->setToolTip(tr("Close this notice; it stays in the log"));
    close->setAccessibleName(tr("Close notice"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(close);
    m_timer->setSingleShot(true);
    connect(m_timer, &QTimer::timeout, this, &QWidget::hide);
    hide();
}

void NoticeBar::showNotice(NoticeKind kind, const QString &sentence)
{
    m_kind = kind;
    m_text->setText(sentence);
    refreshTheme();
    QFrame::show();
    // What needs no answer goes by itself; it stays in the log.
    m_timer->stop();
    if (kind == NoticeKind::Info)
        m_timer->start(kInfoShown);
}

void NoticeBar::refreshTheme()
{
    const NoticeKind kind = m_kind;
    const ThemeColors &colors = currentColors();
    const QColor color = kind == NoticeKind::Error     ? colors.danger
                         : kind == NoticeKind::Warning ? colors.warning
                                                       : colors.accent;
    const QString icon = kind == NoticeKind::Error     ? u"error"_s
                         : kind == NoticeKind::Warning ? u"warning"_s
                                                       : u"info"_s;
    m_icon->setPixmap(themeIcon(icon, color).pixmap(20, 20));
    setStyleSheet(
        u"birch--NoticeBar { background: %1; border: 0; border-left: 6px solid %2; }"_s.arg(
            colors.surface.name(), color.name()));
}

QString NoticeBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace birch
