#include "widgets/tree/simple_editors.h"

#include "core/base/unit.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFontDatabase>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// As it is typed: numbers by their shortest text.
QString textOf(const QJsonValue &value)
{
    if (value.isDouble())
        return numberToText(value.toDouble());
    return value.toString();
}

QJsonValue integerFrom(const QString &text)
{
    bool isNumber = false;
    const qlonglong number = text.trimmed().toLongLong(&isNumber);
    return isNumber ? QJsonValue(number) : QJsonValue(text);
}

QJsonArray listFrom(const QString &text)
{
    QJsonArray values;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        if (!part.trimmed().isEmpty())
            values.append(part.trimmed());
    }
    return values;
}

} // namespace

InputEditor::InputEditor(const FieldSpec &spec, QWidget *parent)
    : FieldEditor(parent)
    , m_spec(spec)
    , m_problem(new QLabel(this))
{
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_problem);
}

void InputEditor::setInput(QWidget *input)
{
    input->setToolTip(m_spec.help);
    input->setAccessibleName(m_spec.label);
    input->setObjectName(m_spec.key);
    static_cast<QVBoxLayout *>(layout())->insertWidget(0, input);
    setFocusProxy(input);
}

bool InputEditor::showProblem(const QString &path, const QString &sentence)
{
    Q_UNUSED(path) // a single value has no parts: a problem of an element is ours
    m_problem->setText(u"⚠ "_s + sentence);
    m_problem->setStyleSheet(u"color: %1"_s.arg(currentColors().warning.name()));
    m_problem->show();
    return true;
}

void InputEditor::clearProblems()
{
    m_problem->hide();
    m_problem->clear();
}

LineEditor::LineEditor(const FieldSpec &spec, QWidget *parent)
    : InputEditor(spec, parent)
    , m_line(new QLineEdit(this))
{
    if (spec.type == FieldType::Duration)
        m_line->setPlaceholderText(tr("e.g. 20 ms"));
    else if (spec.type == FieldType::QuantityList)
        m_line->setPlaceholderText(tr("values, separated by commas"));
    const bool isExpression =
        spec.type == FieldType::Condition || spec.type == FieldType::Expression;
    if (isExpression) {
        m_line->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        m_line->setPlaceholderText(spec.type == FieldType::Condition ? tr("e.g. smu.current > 1 mA")
                                                                     : tr("e.g. i * 10 mV"));
    }
    if (const QString usual = spec.defaultValue.toVariant().toString(); !usual.isEmpty())
        m_line->setPlaceholderText(usual);
    setInput(m_line);
    connect(m_line, &QLineEdit::textEdited, this, [this] { emit edited(false); });
    connect(m_line, &QLineEdit::editingFinished, this, [this] { emit edited(true); });
}

QJsonValue LineEditor::value() const
{
    const QString text = m_line->text();
    if (text.trimmed().isEmpty())
        return QJsonValue::Undefined;
    if (spec().type == FieldType::Integer)
        return integerFrom(text);
    if (spec().type == FieldType::QuantityList)
        return listFrom(text);
    return text;
}

void LineEditor::setValue(const QJsonValue &value)
{
    QString text = textOf(value);
    if (value.isArray()) {
        QStringList parts;
        for (const auto &part : value.toArray())
            parts << textOf(part);
        text = parts.join(u", "_s);
    }
    // The same list in other spacing is still being typed: do not pull the text away.
    if (m_line->hasFocus() && this->value() == value)
        return;
    if (m_line->text() != text)
        m_line->setText(text);
}

void LineEditor::setUnit(const QString &unit)
{
    if (spec().type == FieldType::Quantity && !unit.isEmpty())
        m_line->setPlaceholderText(tr("in %1").arg(spec().isRate ? unit + u"/s"_s : unit));
}

CheckEditor::CheckEditor(const FieldSpec &spec, QWidget *parent)
    : InputEditor(spec, parent)
    , m_box(new QCheckBox(spec.label, this))
{
    setInput(m_box);
    connect(m_box, &QCheckBox::clicked, this, [this] { emit edited(true); });
}

QJsonValue CheckEditor::value() const
{
    return m_box->isChecked();
}

void CheckEditor::setValue(const QJsonValue &value)
{
    m_box->setChecked(value.isUndefined() ? spec().defaultValue.toBool() : value.toBool());
}

ComboEditor::ComboEditor(const FieldSpec &spec, const QStringList &values,
                         const QStringList &labels, bool isFree, QWidget *parent)
    : InputEditor(spec, parent)
    , m_box(new QComboBox(this))
    , m_isFree(isFree)
{
    m_box->setEditable(isFree);
    m_box->setInsertPolicy(QComboBox::NoInsert);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setMinimumContentsLength(8);
    for (qsizetype i = 0; i < values.size(); ++i)
        m_box->addItem(labels.value(i, values[i]), values[i]);
    m_box->setCurrentIndex(-1);
    m_box->installEventFilter(this);
    setInput(m_box);
    connect(m_box, &QComboBox::activated, this, [this] { emit edited(true); });
    if (isFree) {
        connect(m_box->lineEdit(), &QLineEdit::textEdited, this, [this] { emit edited(false); });
        connect(m_box->lineEdit(), &QLineEdit::editingFinished, this,
                [this] { emit edited(true); });
    }
}

QJsonValue ComboEditor::value() const
{
    if (m_isFree) {
        const QString text = m_box->currentText().trimmed();
        return text.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(text);
    }
    return m_box->currentIndex() < 0 ? QJsonValue(QJsonValue::Undefined)
                                     : QJsonValue(m_box->currentData().toString());
}

void ComboEditor::setValue(const QJsonValue &value)
{
    const QJsonValue shown = value.isUndefined() ? spec().defaultValue : value;
    const int index = m_box->findData(shown.toString());
    const QSignalBlocker blocker(m_box);
    if (m_isFree && m_box->currentText() != shown.toString())
        m_box->setEditText(shown.toString());
    else if (!m_isFree)
        m_box->setCurrentIndex(index);
}

bool ComboEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Wheel) {
        event->ignore();
        return true;
    }
    return InputEditor::eventFilter(watched, event);
}

MeasurementsEditor::MeasurementsEditor(const FieldSpec &spec, const QStringList &names,
                                       QWidget *parent)
    : InputEditor(spec, parent)
    , m_list(new QListWidget(this))
{
    m_list->setMinimumHeight(60);
    m_list->setMaximumHeight(150);
    setInput(m_list);
    for (const QString &name : names)
        addName(name, false);
    connect(m_list, &QListWidget::itemChanged, this, [this] { emit edited(true); });
}

void MeasurementsEditor::addName(const QString &name, bool isChecked)
{
    auto *item = new QListWidgetItem(name, m_list);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
    item->setCheckState(isChecked ? Qt::Checked : Qt::Unchecked);
}

QJsonValue MeasurementsEditor::value() const
{
    QJsonArray names;
    for (int i = 0; i < m_list->count(); ++i) {
        if (m_list->item(i)->checkState() == Qt::Checked)
            names.append(m_list->item(i)->text());
    }
    return names.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(names);
}

void MeasurementsEditor::setValue(const QJsonValue &value)
{
    const QSignalBlocker blocker(m_list);
    QStringList wanted;
    for (const auto &name : value.toArray())
        wanted << name.toString();
    for (int i = 0; i < m_list->count(); ++i) {
        const bool isWanted = wanted.removeAll(m_list->item(i)->text()) > 0;
        m_list->item(i)->setCheckState(isWanted ? Qt::Checked : Qt::Unchecked);
    }
    for (const QString &name : std::as_const(wanted))
        addName(name, true);
}

} // namespace birch
