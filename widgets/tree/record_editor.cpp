#include "widgets/tree/record_editor.h"

#include "widgets/theme/icon.h"
#include "widgets/tree/simple_editors.h"

#include <QFormLayout>
#include <QFrame>
#include <QJsonArray>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

FieldEditor *makeFieldEditor(const FieldSpec &spec, const FormNames &names, QWidget *parent)
{
    switch (spec.type) {
    case FieldType::Bool:
        return new CheckEditor(spec, parent);
    case FieldType::Choice:
        return new ComboEditor(spec, spec.choices, spec.choiceLabels, false, parent);
    case FieldType::Movement:
        return new ComboEditor(spec, names.movements, {}, true, parent);
    case FieldType::Measurements:
        return new MeasurementsEditor(spec, names.measurements, parent);
    case FieldType::Record:
        return new RecordEditor(spec.item, names, parent);
    case FieldType::RecordList:
        return new RecordListEditor(spec, names, parent);
    case FieldType::Text:
        if (spec.isStoredTree)
            return new ComboEditor(spec, names.trees, {}, true, parent);
        break;
    case FieldType::Integer:
    case FieldType::Duration:
    case FieldType::Quantity:
    case FieldType::QuantityList:
    case FieldType::Condition:
    case FieldType::Expression:
    case FieldType::Texts: // of the details, which have a form of their own
        break;
    }
    return new LineEditor(spec, parent);
}

RecordEditor::RecordEditor(const QList<FieldSpec> &fields, const FormNames &names, QWidget *parent)
    : FieldEditor(parent)
    , m_names(names)
    , m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const FieldSpec &spec : fields) {
        FieldEditor *editor = makeFieldEditor(spec, names, this);
        editor->setValue(spec.defaultValue);
        const bool isWide = spec.type == FieldType::RecordList || spec.type == FieldType::Record ||
                            spec.type == FieldType::Bool;
        if (isWide) {
            m_form->addRow(editor);
        } else {
            auto *label = new QLabel(spec.label, this);
            label->setBuddy(editor);
            label->setToolTip(spec.help);
            m_form->addRow(label, editor);
        }
        connect(editor, &FieldEditor::edited, this, [this](bool isFinal) {
            refresh();
            emit edited(isFinal);
        });
        m_rows.push_back({spec, editor});
    }
    refresh();
}

QJsonObject RecordEditor::object() const
{
    QJsonObject object;
    for (const Row &row : m_rows) {
        const QJsonValue value = row.editor->value();
        const bool isDefault = value == row.spec.defaultValue && !row.spec.isRequired;
        if (m_form->isRowVisible(row.editor) && !value.isUndefined() && !isDefault)
            object[row.spec.key] = value;
    }
    return object;
}

QJsonValue RecordEditor::value() const
{
    const QJsonObject filled = object();
    return filled.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(filled);
}

void RecordEditor::setValue(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    for (const Row &row : m_rows)
        row.editor->setValue(object.contains(row.spec.key) ? object.value(row.spec.key)
                                                           : row.spec.defaultValue);
    refresh();
}

QString RecordEditor::valueOf(const QString &key) const
{
    for (const Row &row : m_rows) {
        if (row.spec.key == key)
            return row.editor->value().toString();
    }
    return {};
}

void RecordEditor::refresh()
{
    for (const Row &row : m_rows) {
        const bool isVisible = row.spec.visibleWhen.isEmpty() ||
                               row.spec.visibleValues.contains(valueOf(row.spec.visibleWhen));
        m_form->setRowVisible(row.editor, isVisible);
        const QString movement = row.spec.unitOf.isEmpty() ? QString() : valueOf(row.spec.unitOf);
        QString unit = m_names.units.value(movement, m_unit);
        if (row.spec.type == FieldType::Record) {
            for (const Row &other : m_rows) {
                if (other.spec.type == FieldType::Movement)
                    unit = m_names.units.value(other.editor->value().toString());
            }
        }
        row.editor->setUnit(unit);
    }
}

void RecordEditor::setUnit(const QString &unit)
{
    if (m_unit == unit)
        return;
    m_unit = unit;
    refresh();
}

bool RecordEditor::showProblem(const QString &path, const QString &sentence)
{
    const QString key = path.section(u'.', 0, 0);
    for (const Row &row : m_rows) {
        if (row.spec.key == key && m_form->isRowVisible(row.editor))
            return row.editor->showProblem(path.section(u'.', 1), sentence);
    }
    // A problem of the record as a whole stands beside its first field.
    return path.isEmpty() && !m_rows.empty() && m_rows.front().editor->showProblem({}, sentence);
}

void RecordEditor::clearProblems()
{
    for (const Row &row : m_rows)
        row.editor->clearProblems();
}

RecordListEditor::RecordListEditor(const FieldSpec &spec, const FormNames &names, QWidget *parent)
    : FieldEditor(parent)
    , m_spec(spec)
    , m_names(names)
    , m_layout(new QVBoxLayout(this))
    , m_add(new QPushButton(themeIcon(u"add"_s), tr("Add to %1").arg(spec.label.toLower()), this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_add, 0, Qt::AlignLeft);
    m_add->setToolTip(spec.help);
    m_add->setObjectName(u"add-"_s + spec.key);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRecord();
        emit edited(true);
    });
}

RecordEditor *RecordListEditor::addRecord()
{
    auto *frame = new QFrame(this);
    frame->setFrameShape(QFrame::StyledPanel);
    auto *record = new RecordEditor(m_spec.item, m_names, frame);
    auto *remove = new QPushButton(themeIcon(u"remove"_s), tr("Remove"), frame);
    remove->setToolTip(tr("Remove this entry of %1").arg(m_spec.label.toLower()));
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(record);
    layout->addWidget(remove, 0, Qt::AlignRight);
    m_layout->insertWidget(int(m_records.size()), frame);
    m_records.emplace_back(frame, record);
    connect(record, &FieldEditor::edited, this, &FieldEditor::edited);
    connect(remove, &QPushButton::clicked, this, [this, frame] {
        removeRecord(frame);
        emit edited(true);
    });
    return record;
}

void RecordListEditor::removeRecord(QWidget *frame)
{
    std::erase_if(m_records, [frame](const auto &record) { return record.first == frame; });
    m_layout->removeWidget(frame);
    frame->hide();
    frame->deleteLater();
}

QJsonValue RecordListEditor::value() const
{
    QJsonArray list;
    for (const auto &[frame, record] : m_records)
        list.append(record->object());
    return list.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(list);
}

void RecordListEditor::setValue(const QJsonValue &value)
{
    const QJsonArray list = value.toArray();
    while (qsizetype(m_records.size()) > list.size())
        removeRecord(m_records.back().first);
    while (qsizetype(m_records.size()) < list.size())
        addRecord();
    for (qsizetype i = 0; i < list.size(); ++i)
        m_records[size_t(i)].second->setValue(list[i]);
}

bool RecordListEditor::showProblem(const QString &path, const QString &sentence)
{
    bool isIndex = false;
    const int index = path.section(u'.', 0, 0).toInt(&isIndex);
    if (isIndex && index >= 0 && size_t(index) < m_records.size())
        return m_records[size_t(index)].second->showProblem(path.section(u'.', 1), sentence);
    return false;
}

void RecordListEditor::clearProblems()
{
    for (const auto &[frame, record] : m_records)
        record->clearProblems();
}

} // namespace birch
