#include "widgets/theme/icon.h"

#include "widgets/theme/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

/// A static library's resources must be asked for by name; outside any namespace by Qt's rule.
static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace birch {

namespace {

/// Replaces "currentColor" and renders; nothing is cached, the drawings are tiny.
class SvgIconEngine final : public QIconEngine
{
public:
    SvgIconEngine(QByteArray svg, QColor fixed)
        : m_svg(std::move(svg))
        , m_fixed(fixed)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QSvgRenderer renderer(
            QByteArray(m_svg).replace("currentColor", colorFor(mode).name().toLatin1()));
        const int side = std::min(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        renderer.render(painter, square);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new SvgIconEngine(m_svg, m_fixed); }

private:
    QColor colorFor(QIcon::Mode mode) const
    {
        const ThemeColors &colors = currentColors();
        if (mode == QIcon::Disabled)
            return colors.border;
        if (m_fixed.isValid())
            return m_fixed;
        return mode == QIcon::Selected ? colors.accentText : colors.text;
    }

    QByteArray m_svg;
    QColor m_fixed;
};

} // namespace

QIcon themeIcon(const QString &name)
{
    return themeIcon(name, QColor());
}

QIcon themeIcon(const QString &name, const QColor &color)
{
    initIcons();
    QFile file(u":/birch/icons/%1.svg"_s.arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new SvgIconEngine(file.readAll(), color));
}

} // namespace birch
