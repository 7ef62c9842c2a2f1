#pragma once

#include <QMap>
#include <QString>

#include <optional>

namespace birch {

/// Microseconds since 1970 of a time without a zone, read as if it were UTC: "2026-01-31
/// 14:30:00.123456", with "T" instead of the blank, without the fraction, or a date alone. A zone
/// behind it is obeyed. Nothing for what is no time.
std::optional<qint64> timeWithoutZone(const QString &text);

/// PyBirch wrote some times in UTC and some in local time, without saying which. Where a row has a
/// time of each kind from the same moment, the difference is a whole number of quarter hours: that
/// tells the zone, and what it was at that time of the year.
class SourceClock
{
public:
    /// \a utc: when a row was made; \a other: a time of the same moment that may be local.
    /// Microseconds.
    void learn(qint64 utc, qint64 other);
    /// \a local in UTC: by the offset measured nearest to it; unchanged while none is known.
    qint64 utc(qint64 local) const;
    /// The same where \a near was written in UTC at about that moment: the offset is measured there
    /// if it can be.
    qint64 utc(qint64 local, std::optional<qint64> near) const;
    bool isKnown() const { return !m_offsets.isEmpty(); }
    /// Measured offsets (local minus UTC), in minutes, each once.
    QList<int> offsetsMinutes() const;

private:
    QMap<qint64, qint64> m_offsets; ///< local time -> local minus UTC, µs
};

} // namespace birch
