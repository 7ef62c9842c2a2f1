#include "widgets/theme/state_look.h"

#include "widgets/theme/theme.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("StateLook", text);
}

/// ThemeColors::danger is made to be a background; as text on the dark surface it is too dim.
QColor dangerAsText()
{
    return currentTheme() == ThemeMode::Dark ? QColor(0xf28b82) : currentColors().danger;
}
} // namespace

StateLook lookOf(ScanState state)
{
    const ThemeColors &c = currentColors();
    switch (state) {
    case ScanState::Queued:
        return {tr("queued"), u"○"_s, c.mutedText};
    case ScanState::Running:
        return {tr("running"), u"▶"_s, c.accent};
    case ScanState::Paused:
        return {tr("paused"), u"‖"_s, c.warning};
    case ScanState::Completed:
        return {tr("done"), u"●"_s, c.ok};
    case ScanState::Aborted:
        return {tr("aborted"), u"■"_s, c.warning};
    case ScanState::Failed:
        return {tr("failed"), u"✕"_s, dangerAsText()};
    case ScanState::Interrupted:
        return {tr("interrupted"), u"⚡"_s, c.warning};
    }
    return {};
}

StateLook lookOf(QueueState state)
{
    const ThemeColors &c = currentColors();
    switch (state) {
    case QueueState::Idle:
        return {tr("idle"), u"○"_s, c.mutedText};
    case QueueState::Running:
        return {tr("running"), u"▶"_s, c.accent};
    case QueueState::Paused:
        return {tr("paused"), u"‖"_s, c.warning};
    case QueueState::Stopping:
        return {tr("stopping"), u"■"_s, c.warning};
    }
    return {};
}

StateLook lookOf(ConnectionState state)
{
    const ThemeColors &c = currentColors();
    switch (state) {
    case ConnectionState::Closed:
        return {tr("not connected"), u"○"_s, c.mutedText};
    case ConnectionState::Opening:
        return {tr("connecting"), u"◐"_s, c.warning};
    case ConnectionState::Open:
        return {tr("connected"), u"●"_s, c.ok};
    case ConnectionState::Lost:
        return {tr("lost"), u"✕"_s, dangerAsText()};
    }
    return {};
}

} // namespace birch
