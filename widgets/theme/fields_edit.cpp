#include "widgets/theme/fields_edit.h"

namespace birch {

using namespace Qt::StringLiterals;

FieldsEdit::FieldsEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setPlaceholderText(tr("one a line, e.g. Gas: argon"));
    setToolTip(tr("Fields of your own, one a line as \"name: text\". They are kept and exported "
                  "with the scan."));
    setMaximumHeight(70);
    setTabChangesFocus(true);
}

QMap<QString, QString> FieldsEdit::fields() const
{
    if (!document()->isModified())
        return m_given;
    QMap<QString, QString> fields;
    for (const QString &line : toPlainText().split(u'\n')) {
        const QString name = line.section(u':', 0, 0).trimmed();
        const QString text = line.section(u':', 1).trimmed();
        if (!name.isEmpty() && !text.isEmpty())
            fields.insert(name, text);
    }
    return fields;
}

void FieldsEdit::setFields(const QMap<QString, QString> &fields)
{
    if (fields == this->fields())
        return;
    m_given = fields;
    QStringList lines;
    for (auto field = fields.begin(); field != fields.end(); ++field)
        lines << field.key() + u": "_s + field.value();
    setPlainText(lines.join(u'\n'));
}

} // namespace birch
