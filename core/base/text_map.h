#pragma once

#include <QJsonObject>
#include <QMap>

namespace birch {

/// Texts by name as one object; what is no text in it comes back as "".
inline QJsonObject textMapToJson(const QMap<QString, QString> &texts)
{
    QJsonObject json;
    for (auto text = texts.begin(); text != texts.end(); ++text)
        json.insert(text.key(), text.value());
    return json;
}

inline QMap<QString, QString> textMapFromJson(const QJsonObject &json)
{
    QMap<QString, QString> texts;
    for (auto text = json.begin(); text != json.end(); ++text)
        texts.insert(text.key(), text.value().toString());
    return texts;
}

} // namespace birch
