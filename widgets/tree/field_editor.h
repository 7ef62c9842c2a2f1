#pragma once

#include "core/plan/field_spec.h"

#include <QMap>
#include <QWidget>

namespace birch {

/// Names an editor offers: what the bench has.
struct FormNames {
    QStringList movements;        ///< "smu.bias"
    QMap<QString, QString> units; ///< of each movement
    QStringList measurements;     ///< "smu.iv"
    QStringList trees;            ///< that are stored
};

/// Edits one declared field; the value is JSON as the file holds it, texts as they were typed.
class FieldEditor : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QJsonValue value() const = 0;
    virtual void setValue(const QJsonValue &value) = 0; ///< emits nothing
    /// Shows what is wrong below the field that \a path names ("" : this one, "0.movement": a part
    /// of it). False when there is no such part.
    virtual bool showProblem(const QString &path, const QString &sentence) = 0;
    virtual void clearProblems() = 0;
    /// The unit shown as a hint behind a quantity.
    virtual void setUnit(const QString &) {}

signals:
    /// While typing; \a isFinal when the operator left the field or chose something.
    void edited(bool isFinal);
};

/// The editor for \a spec. Never null.
FieldEditor *makeFieldEditor(const FieldSpec &spec, const FormNames &names, QWidget *parent);

} // namespace birch
