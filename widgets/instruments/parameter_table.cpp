#include "widgets/instruments/parameter_table.h"

#include "core/base/unit.h"
#include "core/instrument/instrument_host.h"
#include "widgets/models/number_text.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QScopedValueRollback>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr std::chrono::seconds kExchange{5};
const QString kOwner = u"manual control"_s;
enum Column { NameColumn, ValueColumn, UnitColumn, ColumnCount };

QString tr(const char *text)
{
    return QCoreApplication::translate("ParameterTable", text);
}

/// What was typed, as the parameter's type; the sentence says what is allowed.
Result<QVariant> valueFromText(const ParameterSpec &spec, const QString &text)
{
    switch (spec.type) {
    case ParameterType::Bool:
        return QVariant(text == u"on");
    case ParameterType::Choice:
        if (!spec.choices.contains(text))
            return Error{ErrorCode::BadInput,
                         tr("%1 is one of: %2.").arg(spec.key, spec.choices.join(u", "_s))};
        return QVariant(text);
    case ParameterType::Text:
        return QVariant(text);
    case ParameterType::Number:
    case ParameterType::Integer:
        break;
    }
    const Result<double> number = quantityFromText(text, Unit(spec.unit));
    if (!number)
        return number.error().within(spec.key);
    if (!spec.limits.contain(number.value()))
        return Error{ErrorCode::OutOfRange,
                     tr("%1 goes from %2 to %3: type a value within.")
                         .arg(spec.key, displayQuantity(spec.limits.low, spec.unit),
                              displayQuantity(spec.limits.high, spec.unit))};
    if (spec.type == ParameterType::Integer)
        return QVariant(qlonglong(std::llround(number.value())));
    return QVariant(number.value());
}

QString textOf(const ParameterSpec &spec, const QVariant &value)
{
    if (spec.type == ParameterType::Bool)
        return value.toBool() ? u"on"_s : u"off"_s;
    if (spec.type == ParameterType::Number)
        return numberToText(value.toDouble());
    return value.toString();
}

} // namespace

ParameterTable::ParameterTable(InstrumentHost &host, QWidget *parent)
    : QTableWidget(int(host.spec().parameters.size()), ColumnCount, parent)
    , m_host(host)
{
    setHorizontalHeaderLabels({tr("Setting"), tr("Value"), tr("Unit")});
    setAccessibleName(tr("Settings of %1").arg(host.nickname()));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(30);
    horizontalHeader()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(ValueColumn, QHeaderView::Stretch);
    for (int row = 0; row < rowCount(); ++row) {
        const ParameterSpec &spec = host.spec().parameters[row];
        auto *name = new QTableWidgetItem(spec.label.isEmpty() ? spec.key : spec.label);
        name->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        name->setToolTip(spec.help.isEmpty() ? spec.key : spec.help);
        auto *value = new QTableWidgetItem(u"–"_s);
        if (!spec.choices.isEmpty())
            value->setToolTip(tr("One of: %1").arg(spec.choices.join(u", "_s)));
        if (spec.isReadOnly)
            value->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        auto *unit = new QTableWidgetItem(spec.unit);
        unit->setFlags(Qt::ItemIsEnabled);
        setItem(row, NameColumn, name);
        setItem(row, ValueColumn, value);
        setItem(row, UnitColumn, unit);
    }
    setFixedHeight(std::min(rowCount(), 8) * 30 + 34);
    connect(this, &QTableWidget::itemChanged, this, [this](QTableWidgetItem *item) {
        if (!m_isFilling && item->column() == ValueColumn)
            apply(item->row());
    });
}

void ParameterTable::refresh()
{
    if (m_host.connectionState() != ConnectionState::Open)
        return;
    m_host.snapshot(Priority::Panel, kExchange, this, [this](Result<QVariantMap> values) {
        if (!values)
            return;
        for (int row = 0; row < rowCount(); ++row) {
            const QString &key = m_host.spec().parameters[row].key;
            if (values.value().contains(key))
                showValue(row, values.value().value(key));
        }
    });
}

void ParameterTable::setControlEnabled(bool isEnabled)
{
    setEditTriggers(isEnabled ? DoubleClicked | EditKeyPressed | AnyKeyPressed : NoEditTriggers);
    m_isEnabled = isEnabled;
}

void ParameterTable::apply(int row)
{
    const ParameterSpec &spec = m_host.spec().parameters[row];
    const Result<QVariant> value = valueFromText(spec, item(row, ValueColumn)->text().trimmed());
    if (!value) {
        emit failed(value.error().message);
        return refresh();
    }
    if (const Status lease = m_host.acquireLease(kOwner); !lease) {
        emit failed(lease.error().message);
        return refresh();
    }
    m_host.setParameter(Priority::Panel, spec.key, value.value(), kExchange, this,
                        [this, key = spec.key](Result<std::monostate> set) {
                            m_host.releaseLease(kOwner);
                            if (!set)
                                emit failed(set.error().message);
                            else
                                emit done(tr("%1.%2 set").arg(m_host.nickname(), key));
                            refresh();
                        });
}

void ParameterTable::showValue(int row, const QVariant &value)
{
    const QScopedValueRollback filling(m_isFilling, true);
    item(row, ValueColumn)->setText(textOf(m_host.spec().parameters[row], value));
}

} // namespace birch
