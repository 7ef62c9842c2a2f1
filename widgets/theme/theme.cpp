#include "widgets/theme/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

ThemeMode s_current = ThemeMode::Light; // UI thread only; what applyTheme() set last

const ThemeColors kLight{.window = 0xf2f3f1,
                         .surface = 0xffffff,
                         .raised = 0xe8eae7,
                         .border = 0xc3c8c2,
                         .text = 0x1c211d,
                         .mutedText = 0x545c56,
                         .accent = 0x277446,
                         .accentText = 0xffffff,
                         .ok = 0x277446,
                         .warning = 0x8a5a00,
                         .danger = 0xb3261e,
                         .dangerText = 0xffffff,
                         .plot = 0xffffff,
                         .grid = 0xdde0dc};
const ThemeColors kDark{.window = 0x1b1e1c,
                        .surface = 0x242826,
                        .raised = 0x2e3330,
                        .border = 0x4a514c,
                        .text = 0xe7ebe7,
                        .mutedText = 0xa9b2ab,
                        .accent = 0x6fc191,
                        .accentText = 0x10231a,
                        .ok = 0x6fc191,
                        .warning = 0xe8b44f,
                        .danger = 0xc7362d,
                        .dangerText = 0xffffff,
                        .plot = 0x1f2321,
                        .grid = 0x3a403c};

QPalette paletteFor(const ThemeColors &c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.surface);
    palette.setColor(QPalette::AlternateBase, c.raised);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.mutedText);
    palette.setColor(QPalette::Button, c.raised);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.dangerText);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.accentText);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    palette.setColor(QPalette::ToolTipBase, c.raised);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Light, c.surface);
    palette.setColor(QPalette::Midlight, c.raised);
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.border);
    palette.setColor(QPalette::Shadow, c.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role,
                         c.border.darker(c.text.lightness() > 128 ? 75 : 120));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, c.border);
    return palette;
}

/// Only what a palette can not say: sizes, boxes that Fusion loses on dark, table lines.
QString styleSheetFor(const ThemeColors &c)
{
    return uR"(
        QToolTip { color: %1; background: %2; border: 1px solid %3; padding: 4px; }
        QPushButton, QToolButton, QComboBox, QLineEdit, QAbstractSpinBox { min-height: 26px; }
        QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
            background: %4; border: 1px solid %3; border-radius: 4px; padding: 0 6px; }
        QComboBox::drop-down { border: 0; width: 22px; }
        QComboBox::down-arrow { image: url(:/birch/icons/chevron.svg); width: 12px; height: 12px; }
        QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 20px; subcontrol-origin: border; }
        QAbstractSpinBox::up-button { subcontrol-position: top right; }
        QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
        QAbstractSpinBox::up-arrow { image: url(:/birch/icons/chevron-up.svg); width: 10px; height: 10px; }
        QAbstractSpinBox::down-arrow { image: url(:/birch/icons/chevron.svg); width: 10px; height: 10px; }
        QToolButton::menu-button { border: 0; width: 18px; }
        QComboBox QAbstractItemView { min-height: 28px; }
        QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus { border: 1px solid %5; }
        QPushButton { border: 1px solid %3; border-radius: 4px; padding: 0 12px; background: %2; }
        QPushButton:hover, QToolButton:hover { border: 1px solid %5; }
        QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked { background: %3; }
        QPushButton:focus { border: 1px solid %5; }
        QPushButton:disabled, QLineEdit:disabled, QComboBox:disabled { color: %6; }
        QPushButton:default, QPushButton[primary="true"] { background: %5; color: %7; border-color: %5; }
        QPushButton[primary="true"]:disabled { background: %2; color: %6; border-color: %3; }
        QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 0 4px; }
        QCheckBox::indicator, QTreeView::indicator, QListView::indicator, QTableView::indicator {
            width: 14px; height: 14px; border: 1px solid %6; border-radius: 3px; background: %4; }
        QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked {
            background: %5; border-color: %5; image: url(:/birch/icons/check-on-accent.svg); }
        QTreeView, QTableView, QListView { border: 1px solid %3; gridline-color: %3; outline: 0; }
        QTreeView::item, QListView::item { min-height: 28px; }
        QHeaderView::section { background: %2; color: %6; border: 0; border-bottom: 1px solid %3; padding: 6px; }
        QSplitter::handle { background: %3; }
        QProgressBar { border: 1px solid %3; border-radius: 4px; text-align: center; min-height: 16px; background: %4; }
        QProgressBar::chunk { background: %5; border-radius: 3px; }
        QStatusBar::item { border: 0; }
        QDockWidget::title { background: %2; padding: 6px; }
    )"_s.arg(c.text.name(), c.raised.name(), c.border.name(), c.surface.name(), c.accent.name(),
             c.mutedText.name(), c.accentText.name());
}

} // namespace

const ThemeColors &themeColors(ThemeMode mode)
{
    return mode == ThemeMode::Dark ? kDark : kLight;
}

void applyTheme(QApplication &application, ThemeMode mode)
{
    s_current = mode;
    const ThemeColors &colors = themeColors(mode);
    application.setStyle(QStyleFactory::create(u"Fusion"_s));
    application.setPalette(paletteFor(colors));
    application.setStyleSheet(styleSheetFor(colors));
}

ThemeMode currentTheme()
{
    return s_current;
}

ThemeMode systemTheme()
{
    const QPalette palette = QStyleFactory::create(u"Fusion"_s)->standardPalette();
    return palette.color(QPalette::WindowText).lightness() >
                   palette.color(QPalette::Window).lightness()
               ? ThemeMode::Dark
               : ThemeMode::Light;
}

QPen tracePen(int index, ThemeMode mode)
{
    // Okabe & Ito 2008, without the yellow that vanishes on white and the black that vanishes on
    // dark; both are replaced by the theme's text colour as the last of seven.
    static constexpr std::array<QRgb, 6> kColors{0x0072b2, 0xd55e00, 0x009e73,
                                                 0xcc79a7, 0xe69f00, 0x56b4e9};
    static constexpr std::array kDashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    QColor color(kColors[size_t(index) % kColors.size()]);
    if (mode == ThemeMode::Dark && color.lightness() < 110)
        color = color.lighter(150);
    QPen pen(color, 1, kDashes[(size_t(index) / kColors.size()) % kDashes.size()]);
    pen.setCosmetic(true);
    return pen;
}

} // namespace birch
