#pragma once

#include "widgets/tree/field_editor.h"

#include <QJsonObject>

#include <vector>

class QFormLayout;
class QPushButton;
class QVBoxLayout;

namespace birch {

/// The fields of a record in a form, shown or hidden as their declaration says.
class RecordEditor final : public FieldEditor
{
    Q_OBJECT
public:
    RecordEditor(const QList<FieldSpec> &fields, const FormNames &names, QWidget *parent);

    QJsonValue value() const override; ///< undefined while nothing is filled
    QJsonObject object() const;
    void setValue(const QJsonValue &value) override;
    bool showProblem(const QString &path, const QString &sentence) override;
    void clearProblems() override;
    void setUnit(const QString &unit) override;

private:
    struct Row {
        FieldSpec spec;
        FieldEditor *editor;
    };
    void refresh();
    QString valueOf(const QString &key) const;

    FormNames m_names;
    std::vector<Row> m_rows;
    QFormLayout *m_form;
    QString m_unit; ///< from the record around this one
};

/// A list of records, each in a frame with a button to remove it.
class RecordListEditor final : public FieldEditor
{
    Q_OBJECT
public:
    RecordListEditor(const FieldSpec &spec, const FormNames &names, QWidget *parent);

    QJsonValue value() const override;
    void setValue(const QJsonValue &value) override;
    bool showProblem(const QString &path, const QString &sentence) override;
    void clearProblems() override;

private:
    RecordEditor *addRecord();
    void removeRecord(QWidget *frame);

    FieldSpec m_spec;
    FormNames m_names;
    QVBoxLayout *m_layout;
    QPushButton *m_add;
    std::vector<std::pair<QWidget *, RecordEditor *>> m_records;
};

} // namespace birch
