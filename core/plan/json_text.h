#pragma once

#include "core/base/problem.h"

#include <QByteArray>
#include <QJsonObject>

#include <functional>

namespace birch {

/// A JSON text taken apart, or what is wrong with it.
struct JsonText {
    QJsonObject object;
    std::function<int(const QString &)> lineOf; ///< line of a path such as ".root.children[2]"
    Problems problems;
};

/// One object in valid JSON, no key twice, not larger than kMaxDocumentBytes.
JsonText parseJsonText(const QByteArray &text, const QString &file);

} // namespace birch
