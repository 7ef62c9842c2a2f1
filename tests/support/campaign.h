#pragma once

#include <QString>

#include <random>

namespace birch::test {

/// A long test of many random trials: replayable by its seed, and resumable, because a night is not
/// always long enough.
///
/// BIRCH_CAMPAIGN_SEED sets the seed; BIRCH_CAMPAIGN_FOLDER is where it keeps how far it came: run
/// again with the same count it goes on there, with the same seed. The \a countVariable sets the
/// number of trials of all rows together.
class Campaign
{
public:
    Campaign(QString name, const char *countVariable, int usualCount);

    quint32 seed() const { return m_seed; }
    int count() const { return m_count; }
    bool isLong() const { return m_isLong; }
    /// Of \a count() over \a rows rows of a table, at least one each.
    int perRow(int rows) const;

    /// Trials of \a row that an earlier run has done.
    int done(const QString &row) const;
    void setDone(const QString &row, int trials);
    /// The next run begins anew when \a trials were done in all.
    void forgetIfDone(int trials);
    /// Numbers for one trial, the same however the ones before it went.
    std::mt19937 random(const QString &row, int trial) const;

private:
    QString file() const;

    QString m_name;
    QString m_folder; ///< "" : nothing is kept
    quint32 m_seed = 0;
    int m_count = 0;
    bool m_isLong = false;
};

} // namespace birch::test
