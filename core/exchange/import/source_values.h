#pragma once

#include "core/exchange/import/sqlite_source.h"

#include <QJsonObject>
#include <QJsonValue>

namespace birch {

// What a row of PyBirch's holds, with its habits: "None" for None, "null" in JSON columns, "".

/// False for NULL and for the texts that mean nothing.
bool isMeaningful(const QVariant &value);

/// JSON of a JSON column; Undefined for what is none. NaN and Infinity, which Python writes, are
/// texts afterwards ("NaN", "Infinity", "-Infinity").
QJsonValue sourceJson(const QVariant &value);
/// JSON with Python's NaN and Infinity: their bytes replaced by texts; others are left alone.
QByteArray withoutPythonNumbers(const QByteArray &json);

/// \a value for extra_data: JSON where the text is an object or a list, bytes in base64.
QJsonValue keptValue(const QVariant &value);

/// Tells whether a row has changed since: over what is meaningful in it.
QString rowHash(const SourceRow &row, const SourceTable &table);

} // namespace birch
