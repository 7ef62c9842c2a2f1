#include "widgets/instruments/parameter_table.h"

#include "core/base/unit.h"
#include "core/instrument/instrument_host.h"
#include "core/instrument/settings_difference.h"
#include "widgets/instruments/manual_control.h"
#include "widgets/models/number_text.h"
#include "widgets/theme/calm_combo_box.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QScopedValueRollback>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kRowHeight = 32;
constexpr QChar kCover = u'•';
enum Column { NameColumn, NowColumn, NewColumn, UnitColumn, ColumnCount };

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

bool isPicked(const ParameterSpec &spec)
{
    return spec.type == ParameterType::Bool || spec.type == ParameterType::Choice;
}

/// What may be entered, for the tooltip.
QString allowed(const ParameterSpec &spec)
{
    if (spec.isReadOnly)
        return tr("It can be read only.");
    if (spec.type == ParameterType::Number || spec.type == ParameterType::Integer)
        return tr("From %1 to %2.")
            .arg(displayQuantity(spec.limits.low, spec.unit),
                 displayQuantity(spec.limits.high, spec.unit));
    return spec.choices.isEmpty() ? QString() : tr("One of: %1.").arg(spec.choices.join(u", "_s));
}
} // namespace

ParameterTable::ParameterTable(InstrumentHost &host, QWidget *parent)
    : QTableWidget(int(host.spec().parameters.size()), ColumnCount, parent)
    , m_host(host)
{
    setHorizontalHeaderLabels({tr("Setting"), tr("Now"), tr("New"), tr("Unit")});
    setAccessibleName(tr("Settings of %1").arg(host.nickname()));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const Column column : {NameColumn, NowColumn, NewColumn})
        horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(UnitColumn, QHeaderView::ResizeToContents);
    for (int row = 0; row < rowCount(); ++row)
        makeRow(row);
    setFixedHeight(std::min(rowCount(), 8) * kRowHeight + 36);
    connect(this, &QTableWidget::itemChanged, this, [this](const QTableWidgetItem *changed) {
        if (!m_isFilling && changed->column() == NewColumn)
            takeText(changed->row());
    });
}

const ParameterSpec &ParameterTable::specOf(int row) const
{
    return m_host.spec().parameters[row];
}

void ParameterTable::makeRow(int row)
{
    const ParameterSpec &spec = specOf(row);
    const QString label = spec.label.isEmpty() ? spec.key : spec.label;
    const QStringList texts{label, u"–"_s, QString(), spec.unit};
    for (int column = 0; column < ColumnCount; ++column) {
        auto *cell = new QTableWidgetItem(texts[column]);
        if (column != NewColumn || spec.isReadOnly || isPicked(spec))
            cell->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        setItem(row, column, cell);
    }
    item(row, NameColumn)->setToolTip(spec.help.isEmpty() ? spec.key : spec.help);
    item(row, NewColumn)->setToolTip(allowed(spec));
    if (spec.isReadOnly || !isPicked(spec))
        return;
    auto *choice = new CalmComboBox(this);
    choice->addItem(QString()); // stays as it is
    choice->addItems(spec.type == ParameterType::Bool ? QStringList{u"on"_s, u"off"_s}
                                                      : spec.choices);
    choice->setAccessibleName(tr("New value of %1").arg(label));
    choice->setToolTip(allowed(spec));
    setCellWidget(row, NewColumn, choice);
    connect(choice, &QComboBox::activated, this, [this, row, choice] {
        stage(row, choice->currentIndex() == 0
                       ? QVariant()
                       : valueFromText(specOf(row), choice->currentText()).value());
    });
}

void ParameterTable::refresh()
{
    if (m_host.connectionState() != ConnectionState::Open)
        return;
    m_host.snapshot(Priority::Panel, kManualExchange, this,
                    [this](const Result<QVariantMap> &values) {
                        if (values)
                            showValues(values.value());
                    });
}

void ParameterTable::showValues(const QVariantMap &values)
{
    m_now = values;
    const QScopedValueRollback filling(m_isFilling, true);
    for (int row = 0; row < rowCount(); ++row) {
        const QString &key = specOf(row).key;
        if (values.contains(key))
            item(row, NowColumn)->setText(textOf(specOf(row), values.value(key)));
    }
    emit refreshed();
}

void ParameterTable::setControlEnabled(bool isEnabled)
{
    setEditTriggers(isEnabled ? DoubleClicked | EditKeyPressed | AnyKeyPressed : NoEditTriggers);
    for (int row = 0; row < rowCount(); ++row) {
        if (QWidget *choice = cellWidget(row, NewColumn))
            choice->setEnabled(isEnabled);
    }
}

void ParameterTable::takeText(int row)
{
    const QString text = item(row, NewColumn)->text().trimmed();
    if (text.isEmpty())
        return stage(row, {});
    const Result<QVariant> value = valueFromText(specOf(row), text);
    if (value)
        return stage(row, value.value());
    emit failed(value.error().message);
    showStaged(row);
}

/// \a value: invalid - it stays as it is.
void ParameterTable::stage(int row, const QVariant &value)
{
    const QString &key = specOf(row).key;
    if (!value.isValid() || value == m_now.value(key))
        m_staged.remove(key);
    else
        m_staged.insert(key, value);
    showStaged(row);
    emit stagedChanged();
}

void ParameterTable::showStaged(int row)
{
    const ParameterSpec &spec = specOf(row);
    const QVariant value = m_staged.value(spec.key);
    const QString text = !value.isValid() ? QString()
                         : spec.isSecret  ? QString(8, kCover)
                                          : textOf(spec, value);
    const QScopedValueRollback filling(m_isFilling, true);
    if (auto *choice = qobject_cast<QComboBox *>(cellWidget(row, NewColumn)))
        choice->setCurrentIndex(text.isEmpty() ? 0 : choice->findText(text));
    else
        item(row, NewColumn)->setText(text);
    QFont font = item(row, NameColumn)->font();
    font.setBold(value.isValid());
    item(row, NameColumn)->setFont(font);
}

int ParameterTable::stageAll(const QJsonObject &values)
{
    int count = 0;
    for (int row = 0; row < rowCount(); ++row) {
        const ParameterSpec &spec = specOf(row);
        const QJsonValue wanted = values[spec.key];
        const QJsonValue now = QJsonValue::fromVariant(m_now.value(spec.key));
        if (wanted.isUndefined() || spec.isReadOnly || spec.isSecret ||
            isSameSetting(now, wanted, spec.tolerance))
            continue;
        const auto value = valueFromText(spec, textOf(spec, wanted.toVariant()));
        if (!value) {
            emit failed(value.error().message);
            continue;
        }
        stage(row, value.value());
        ++count;
    }
    return count;
}

void ParameterTable::unstage(const QString &key)
{
    for (int row = 0; row < rowCount(); ++row) {
        if (specOf(row).key == key)
            stage(row, {});
    }
}

void ParameterTable::discard()
{
    for (int row = 0; row < rowCount(); ++row)
        stage(row, {});
}

} // namespace birch
