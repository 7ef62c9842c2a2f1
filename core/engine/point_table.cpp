#include "core/engine/point_table.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kTextBytes = 64; // what a text is taken to need when batches are sized

bool isAveraged(const PlanObject &object, int column)
{
    const auto &columns = object.columns;
    return object.averages > 1 && column + 2 < columns.size() &&
           columns[column].type == ColumnType::Float64 &&
           columns[column + 1].name == columns[column].name + u".std"_s;
}

int firstValueColumn(const PlanObject &object)
{
    return 1 + object.indexColumns + 2 * int(object.movements.size());
}

/// Calls \a visit(read, column of the read, column of the plan) for every column of every read;
/// returns how many columns the plan should have.
template<typename Visit>
int eachValueColumn(const PlanObject &object, Visit visit)
{
    int planned = firstValueColumn(object);
    for (int read = 0; read < object.reads.size(); ++read) {
        const auto &columns = object.reads[read].spec.columns;
        for (int column = 0; column < columns.size(); ++column) {
            if (planned >= object.columns.size())
                return planned + 1;
            visit(read, columns[column], planned);
            planned += isAveraged(object, planned) ? 3 : 1;
        }
    }
    return planned + object.answers;
}

} // namespace

Status PointTable::check(const PlanObject &object)
{
    bool isFitting = true;
    const int columns = eachValueColumn(object, [&](int, const ColumnSpec &read, int planned) {
        const ColumnSpec &column = object.columns[planned];
        const bool isMean = isAveraged(object, planned) && read.type == ColumnType::Int64;
        isFitting &=
            (column.type == read.type || isMean) && column.valuesPerRow() == read.valuesPerRow();
    });
    if (isFitting && columns + object.derived.size() == object.columns.size())
        return ok();
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate("PointTable",
                                             "The columns of \"%1\" do not fit its measurements: "
                                             "check the scan again and add it anew")
                     .arg(object.name)};
}

PointTable::PointTable(int position, const PlanObject &object, qint64 firstRow)
    : m_averages(object.averages)
    , m_indexColumns(object.indexColumns)
    , m_movements(object.movements)
    , m_firstValue(firstValueColumn(object))
    , m_derived(object)
    , m_targets(size_t(object.reads.size()))
    , m_scratch(size_t(object.reads.size()))
{
    m_batch.object = position;
    m_batch.firstRow = firstRow;
    for (const ColumnSpec &column : object.columns) {
        m_batch.columns.emplace_back(column.type, column.valuesPerRow());
        m_bytesPerRow += column.valuesPerRow() * (column.type == ColumnType::Utf8 ? kTextBytes : 8);
    }
    eachValueColumn(object, [&](int read, const ColumnSpec &spec, int planned) {
        ColumnValues *values = &m_batch.columns[size_t(planned)];
        Target target{ColumnValues(spec.type, spec.valuesPerRow()), values, nullptr, nullptr, {}};
        if (isAveraged(object, planned)) {
            target.deviation = values + 1;
            target.count = values + 2;
            target.average.emplace(spec.valuesPerRow());
        }
        m_targets[size_t(read)].push_back(std::move(target));
    });
    for (size_t read = 0; read < m_targets.size(); ++read) {
        for (Target &target : m_targets[read])
            m_scratch[read].push_back(&target.scratch);
    }
    if (m_targets.size() == 1 && m_averages == 1) {
        for (Target &target : m_targets.front())
            m_direct.push_back(target.values);
    }
}

void PointTable::beginRow()
{
    for (auto &read : m_targets) {
        for (Target &target : read) {
            if (target.average)
                target.average->clear();
        }
    }
}

std::span<ColumnValues *const> PointTable::scratch(int read)
{
    return m_scratch[size_t(read)];
}

void PointTable::finishRound()
{
    for (auto &read : m_targets) {
        for (Target &target : read) {
            if (target.average)
                target.average->add(target.scratch);
        }
    }
}

void PointTable::beginRound()
{
    for (auto &read : m_targets) {
        for (Target &target : read)
            target.scratch.clear();
    }
}

void PointTable::takeRounds()
{
    for (auto &read : m_targets) {
        for (Target &target : read) {
            if (target.average) {
                target.average->appendTo(*target.values, *target.deviation, *target.count);
            } else {
                target.values->append(target.scratch);
            }
        }
    }
}

void PointTable::answer(const std::vector<ColumnValues> &values)
{
    for (size_t i = 0; i < values.size(); ++i)
        m_batch.columns[size_t(m_firstValue) + i].append(values[i]);
}

void PointTable::skipValues()
{
    for (size_t column = size_t(m_firstValue); column < m_derived.first(); ++column)
        m_batch.columns[column].appendMissingRow(ValueState::Skipped);
}

void PointTable::finishRow(qint64 timeNs, std::span<const qint64> indices,
                           std::span<const MovementHandle> movements)
{
    ColumnValues *column = m_batch.columns.data();
    (column++)->appendInt(timeNs);
    for (int i = 0; i < m_indexColumns; ++i)
        (column++)->appendInt(indices[size_t(i)]);
    const auto count = m_movements.size();
    for (qsizetype i = 0; i < count; ++i) {
        const MovementHandle &movement = movements[size_t(m_movements[i])];
        column[i].appendDouble(movement.setpoint, movement.setpointState);
        const bool isRead = movement.readbackState == ValueState::Ok;
        column[count + i].appendDouble(isRead ? movement.readback : 0, movement.readbackState);
    }
    m_derived.appendTo(m_batch.columns);
    ++m_rows;
}

bool PointTable::isRectangular() const
{
    return std::all_of(m_batch.columns.begin(), m_batch.columns.end(),
                       [this](const ColumnValues &column) { return column.rowCount() == m_rows; });
}

void PointTable::clear()
{
    for (ColumnValues &column : m_batch.columns)
        column.clear();
    m_batch.firstRow += m_rows;
    m_rows = 0;
}

} // namespace birch
