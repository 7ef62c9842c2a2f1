#pragma once

#include "widgets/tree/field_editor.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;

namespace birch {

/// One input with its problem below; what all editors of a single value share.
class InputEditor : public FieldEditor
{
    Q_OBJECT
public:
    InputEditor(const FieldSpec &spec, QWidget *parent);

    bool showProblem(const QString &path, const QString &sentence) override;
    void clearProblems() override;

protected:
    void setInput(QWidget *input);
    const FieldSpec &spec() const { return m_spec; }

private:
    FieldSpec m_spec;
    QLabel *m_problem;
};

/// Text, whole numbers, durations, quantities and lists of them, expressions: one line, kept as
/// typed.
class LineEditor final : public InputEditor
{
    Q_OBJECT
public:
    LineEditor(const FieldSpec &spec, QWidget *parent);

    QJsonValue value() const override;
    void setValue(const QJsonValue &value) override;
    void setUnit(const QString &unit) override;

private:
    QLineEdit *m_line;
};

class CheckEditor final : public InputEditor
{
    Q_OBJECT
public:
    CheckEditor(const FieldSpec &spec, QWidget *parent);

    QJsonValue value() const override;
    void setValue(const QJsonValue &value) override;

private:
    QCheckBox *m_box;
};

/// A choice, or a movement of the bench (which may also be typed).
class ComboEditor final : public InputEditor
{
    Q_OBJECT
public:
    ComboEditor(const FieldSpec &spec, const QStringList &values, const QStringList &labels,
                bool isFree, QWidget *parent);

    QJsonValue value() const override;
    void setValue(const QJsonValue &value) override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override; // the wheel changes no value

private:
    QComboBox *m_box;
    bool m_isFree;
};

/// Several measurements of the bench, a tick each; unknown ones from a file stay in the list.
class MeasurementsEditor final : public InputEditor
{
    Q_OBJECT
public:
    MeasurementsEditor(const FieldSpec &spec, const QStringList &names, QWidget *parent);

    QJsonValue value() const override;
    void setValue(const QJsonValue &value) override;

private:
    void addName(const QString &name, bool isChecked);
    QListWidget *m_list;
};

} // namespace birch
