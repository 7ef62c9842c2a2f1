#include "widgets/models/stored_series_source.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Reads into \a series unless nobody draws it any more. An empty answer: done.
template<typename Read>
auto reading(const std::shared_ptr<StoredSeries> &series, Read read)
{
    return [kept = std::weak_ptr(series), read](Connection &connection, const Session &) -> Status {
        const auto target = kept.lock();
        return target ? read(*target, connection) : ok();
    };
}

} // namespace

StoredSeriesSource::StoredSeriesSource(StoreReader &reader, const StoredObject &object,
                                       Failed failed)
    : m_reader(reader)
    , m_failed(std::move(failed))
    , m_series(std::make_shared<StoredSeries>(object))
{
}

StoredSeriesSource::~StoredSeriesSource() = default;

void StoredSeriesSource::update(const StoredObject &object)
{
    if (object.rowsStored == m_series->rowCount())
        return;
    m_newer = std::make_shared<StoredSeries>(object);
    m_pendingNewer = m_wanted;
    for (const int column : std::as_const(m_wanted)) {
        m_reader.ask<std::monostate>(
            reading(m_newer,
                    [column](StoredSeries &series, Connection &connection) {
                        return series.load(connection, column);
                    }),
            &m_context, [this, column, newer = std::weak_ptr(m_newer)](const Status &) {
                if (newer.lock() != m_newer)
                    return; // newer still
                m_pendingNewer.remove(column);
                if (!m_pendingNewer.isEmpty())
                    return;
                m_series = std::move(m_newer);
                m_newer.reset();
            });
    }
    if (m_wanted.isEmpty())
        m_series = std::move(m_newer);
}

qint64 StoredSeriesSource::rowCount() const
{
    const qint64 rows = m_series->rowCount();
    return m_pending.isEmpty() ? rows : std::max<qint64>(rows - 1, 0);
}

void StoredSeriesSource::want(int column) const
{
    if (column < 0 || column >= schema().columns.size() || m_series->isLoaded(column) ||
        m_pending.contains(column) || schema().columns[column].type == ColumnType::Utf8)
        return;
    const bool wasTried = m_wanted.contains(column);
    m_wanted.insert(column);
    if (!wasTried)
        load(column);
}

void StoredSeriesSource::load(int column) const
{
    m_pending.insert(column);
    m_reader.ask<std::monostate>(reading(m_series,
                                         [column](StoredSeries &series, Connection &connection) {
                                             return series.load(connection, column);
                                         }),
                                 &m_context, [this, column](const Status &read) {
                                     m_pending.remove(column);
                                     finished(read ? QString() : read.error().message);
                                 });
}

void StoredSeriesSource::wantArray(int column, qint64 row) const
{
    m_nextArrayRow = row;
    if (m_isArrayBroken || m_arrayRow >= 0 || m_pending.contains(column))
        return; // the newest wish is read when this one is here
    m_arrayRow = row;
    m_reader.ask<std::monostate>(
        reading(m_series,
                [column, row](StoredSeries &series, Connection &connection) {
                    return series.loadArray(connection, column, row);
                }),
        &m_context, [this, column, row](const Status &read) {
            m_arrayRow = -1;
            if (!read) {
                m_isArrayBroken = true;
                return finished(read.error().message);
            }
            if (m_nextArrayRow != row)
                wantArray(column, m_nextArrayRow);
        });
}

void StoredSeriesSource::finished(const QString &problem) const
{
    if (!problem.isEmpty() && m_failed)
        m_failed(problem);
}

std::optional<ValueRange> StoredSeriesSource::range(int column) const
{
    want(column);
    return m_series->range(column);
}

void StoredSeriesSource::reduce(int x, int y, double low, double high, int pixels,
                                std::vector<SeriesBlock> *blocks) const
{
    want(x);
    want(y);
    m_series->reduce(x, y, low, high, pixels, blocks);
}

std::vector<double> StoredSeriesSource::values(int column, qint64 first, qint64 count) const
{
    want(column);
    return m_series->values(column, first, count);
}

std::vector<double> StoredSeriesSource::arrayAt(int column, qint64 row) const
{
    want(column);
    std::vector<double> elements = m_series->arrayAt(column, row);
    if (elements.empty() && row >= 0 && row < m_series->rowCount() && m_series->isLoaded(column))
        wantArray(column, row);
    return elements;
}

} // namespace birch
