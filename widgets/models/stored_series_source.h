#pragma once

#include "core/data/series_source.h"
#include "core/store/store_reader.h"
#include "core/store/stored_series.h"

#include <QSet>

namespace birch {

/// A stored measurement object that brings its columns as a chart asks for them, on the reader's
/// thread. Draws what is here; rowCount() is one row short while a column is on its way, so that
/// the chart draws again once it is complete. UI thread.
class StoredSeriesSource final : public SeriesSource
{
public:
    using Failed = std::function<void(const QString &sentence)>;

    /// \a reader outlives it. \a failed is told once per column that can not be read.
    StoredSeriesSource(StoreReader &reader, const StoredObject &object, Failed failed);
    ~StoredSeriesSource() override;

    /// The same object with more rows: shown once the columns in use have been read again.
    void update(const StoredObject &object);
    bool isComplete() const { return m_pending.isEmpty(); }

    const TableSchema &schema() const override { return m_series->schema(); }
    qint64 rowCount() const override;
    std::optional<ValueRange> range(int column) const override;
    void reduce(int x, int y, double low, double high, int pixels,
                std::vector<SeriesBlock> *blocks) const override;
    std::vector<double> values(int column, qint64 first, qint64 count) const override;
    std::vector<double> arrayAt(int column, qint64 row) const override;

private:
    void want(int column) const;
    void wantArray(int column, qint64 row) const;
    void load(int column) const;
    void finished(const QString &problem) const;

    StoreReader &m_reader;
    Failed m_failed;
    std::shared_ptr<StoredSeries> m_series;
    std::shared_ptr<StoredSeries> m_newer; ///< being read; null: nothing newer
    // Drawing is what tells which columns are needed.
    mutable QSet<int> m_wanted;
    mutable QSet<int> m_pending;
    mutable QSet<int> m_pendingNewer;
    mutable qint64 m_arrayRow = -1; ///< being read
    mutable qint64 m_nextArrayRow = -1;
    mutable bool m_isArrayBroken = false; ///< asked once, refused: not asked at every frame
    mutable QObject m_context;            ///< answers are dropped with it
};

} // namespace birch
