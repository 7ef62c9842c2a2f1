#pragma once

#include <QString>

#include <optional>

namespace birch {

enum class ScanState : quint8 { Queued, Running, Paused, Completed, Aborted, Failed, Interrupted };
enum class QueueState : quint8 { Idle, Running, Paused, Stopping };

QString scanStateName(ScanState state); ///< as stored: "queued" …
std::optional<ScanState> scanStateFromName(const QString &name);
QString queueStateName(QueueState state);
std::optional<QueueState> queueStateFromName(const QString &name);

/// The one table of allowed transitions; nothing sets a state any other way.
bool isAllowed(ScanState from, ScanState to);
bool isAllowed(QueueState from, QueueState to);
/// Completed, Aborted or Failed: nothing more will happen to it by itself.
bool isFinal(ScanState state);

} // namespace birch
