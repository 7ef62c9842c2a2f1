#pragma once

#include <QColor>
#include <QPen>
#include <QString>

class QApplication;

namespace birch {

enum class ThemeMode { Light, Dark };

/// Our colours in one theme; text on its background has at least 4.5 : 1 contrast.
struct ThemeColors {
    QColor window;  ///< behind everything
    QColor surface; ///< panels, fields, tables
    QColor raised;  ///< command bar, headers
    QColor border;
    QColor text;
    QColor mutedText;  ///< secondary words and units
    QColor accent;     ///< a calm green: selection, running, focus
    QColor accentText; ///< on accent
    QColor ok;
    QColor warning;
    QColor danger;     ///< make safe, failed
    QColor dangerText; ///< on danger
    QColor plot;       ///< behind traces
    QColor grid;
};

const ThemeColors &themeColors(ThemeMode mode);

/// Fusion with our palette and a short style sheet; may be called again to switch while running.
void applyTheme(QApplication &application, ThemeMode mode);
/// The theme applied last; Light before the first.
ThemeMode currentTheme();
inline const ThemeColors &currentColors()
{
    return themeColors(currentTheme());
}

/// Light or dark by the desktop's own palette, for the setting "system".
ThemeMode systemTheme();

/// Trace \a index in Okabe and Ito's colours, adapted to the theme; dashes beyond six.
/// Cosmetic, one pixel: a wider pen on a dense polyline is a hundred times slower.
QPen tracePen(int index, ThemeMode mode);

} // namespace birch
