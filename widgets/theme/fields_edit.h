#pragma once

#include <QMap>
#include <QPlainTextEdit>

namespace birch {

/// Fields of the user, one a line as "name: text". A line without a text is not one yet.
class FieldsEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit FieldsEdit(QWidget *parent = nullptr);

    QMap<QString, QString> fields() const;
    /// What is being typed stays as it is where it says the same.
    void setFields(const QMap<QString, QString> &fields);

private:
    QMap<QString, QString> m_given; ///< as it was: a name may hold what ends it in a line
};

} // namespace birch
