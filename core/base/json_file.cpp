#include "core/base/json_file.h"

#include "core/base/file_io.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birch::JsonFile", text);
}
} // namespace

std::optional<JsonFile> parseJson(const QByteArray &text, const QString &path, Problems *problems)
{
    Problem problem;
    problem.file = path;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError) {
        problem.line = JsonLines::lineAt(text, error.offset);
        problem.message = tr("This is no JSON: %1").arg(error.errorString());
        problem.remedy = tr("Correct line %1, or restore the file from a copy").arg(problem.line);
        problems->append(problem);
        return {};
    }
    if (!document.isObject()) {
        problem.line = 1;
        problem.message = tr("The file holds no object");
        problem.remedy = tr("Check that it is the right file: it must begin with {");
        problems->append(problem);
        return {};
    }
    JsonFile file{path, document.object(), JsonLines(text)};
    for (const QString &twice : file.lines.duplicates()) {
        problem.field = twice;
        problem.line = file.lines.lineOf(twice);
        problem.message = tr("\"%1\" stands twice in one object").arg(twice);
        problem.remedy = tr("Remove one of the two");
        problems->append(problem);
    }
    if (!file.lines.duplicates().isEmpty())
        return {};
    return file;
}

std::optional<JsonFile> readJsonFile(const QString &path, Problems *problems)
{
    const auto text = readFile(path);
    if (!text) {
        Problem problem;
        problem.file = path;
        problem.message = text.error().message;
        problem.remedy = tr("Name a file that exists and that you may read");
        problems->append(problem);
        return {};
    }
    return parseJson(text.value(), path, problems);
}

QByteArray canonicalJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact); // QJsonObject is kept sorted
}

} // namespace birch
