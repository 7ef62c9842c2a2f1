#include "core/plan/json_text.h"

#include "core/plan/scan_json.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("JsonText", text);
}

int lineAt(const QByteArray &text, qsizetype offset)
{
    return 1 + int(QByteArrayView(text).first(qMin(offset, text.size())).count('\n'));
}
} // namespace

JsonText parseJsonText(const QByteArray &text, const QString &file)
{
    JsonText json;
    if (text.size() > kMaxDocumentBytes) {
        json.problems.append({file, {}, {}, 0,
                              tr("The document is larger than %1 MiB")
                                  .arg(kMaxDocumentBytes / 1024 / 1024),
                              tr("Choose a scan or queue file: they are a few kilobytes")});
        return json;
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject()) {
        const QString reason = error.error == QJsonParseError::NoError ? tr("no object")
                                                                       : error.errorString();
        json.problems.append({file, {}, {}, lineAt(text, error.offset),
                              tr("This is not valid JSON: %1").arg(reason),
                              tr("Correct the line, or take a file that Birch has saved")});
        return json;
    }
    json.object = document.object();
    return json;
}

} // namespace birch
