#include "core/exchange/import/source_values.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kHashDigits = 16;

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+';
}
} // namespace

bool isMeaningful(const QVariant &value)
{
    if (!value.isValid() || value.isNull())
        return false;
    if (value.typeId() == QMetaType::QByteArray)
        return !value.toByteArray().isEmpty();
    if (value.typeId() != QMetaType::QString)
        return true;
    const QString text = value.toString().trimmed();
    return !text.isEmpty() && text != u"None"_s && text != u"null"_s;
}

QByteArray withoutPythonNumbers(const QByteArray &json)
{
    QByteArray result;
    result.reserve(json.size() + 16);
    bool isText = false;
    for (qsizetype i = 0; i < json.size();) {
        const char c = json[i];
        if (isText && c == '\\' && i + 1 < json.size()) {
            result += json.mid(i, 2);
            i += 2;
            continue;
        }
        if (c == '"')
            isText = !isText;
        qsizetype end = i;
        while (!isText && end < json.size() && isWordByte(json[end]))
            ++end;
        const QByteArray word = json.mid(i, end - i);
        if (word == "NaN" || word == "Infinity" || word == "-Infinity") {
            result += '"' + word + '"';
            i = end;
        } else if (!word.isEmpty()) {
            result += word;
            i = end;
        } else {
            result += c;
            ++i;
        }
    }
    return result;
}

QJsonValue sourceJson(const QVariant &value)
{
    if (!isMeaningful(value))
        return QJsonValue(QJsonValue::Undefined);
    if (value.typeId() != QMetaType::QString && value.typeId() != QMetaType::QByteArray)
        return QJsonValue::fromVariant(value);
    // Qt reads objects and lists only: a list of one holds anything.
    const QByteArray text = '[' + value.toString().toUtf8() + ']';
    QJsonDocument document = QJsonDocument::fromJson(text);
    if (document.isNull())
        document = QJsonDocument::fromJson(withoutPythonNumbers(text));
    if (document.isNull() || document.array().size() != 1)
        return QJsonValue(QJsonValue::Undefined);
    return document.array().first();
}

QJsonValue keptValue(const QVariant &value)
{
    if (value.typeId() == QMetaType::QByteArray)
        return u"base64:"_s + QString::fromLatin1(value.toByteArray().toBase64());
    const QString text = value.toString().trimmed();
    if (value.typeId() == QMetaType::QString && (text.startsWith(u'{') || text.startsWith(u'['))) {
        if (const QJsonValue json = sourceJson(value); !json.isUndefined())
            return json;
    }
    return QJsonValue::fromVariant(value);
}

QString rowHash(const SourceRow &row, const SourceTable &table)
{
    QStringList columns = table.columns;
    std::sort(columns.begin(), columns.end());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString &column : columns) {
        const QVariant value = row.value(column);
        // 0 is what a column holds that a later generation has added.
        if (!isMeaningful(value) || value == QVariant(0) || value == QVariant(qlonglong(0)))
            continue;
        hash.addData(column.toUtf8() + '\0' +
                     (value.typeId() == QMetaType::QByteArray ? value.toByteArray()
                                                              : value.toString().toUtf8()) +
                     '\0');
    }
    return QString::fromLatin1(hash.result().toHex().first(kHashDigits));
}

} // namespace birch
