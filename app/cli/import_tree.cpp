#include "app/cli/import_tree.h"

#include "app/cli/station_setup.h"
#include "core/base/file_writer.h"
#include "core/exchange/import/pybirch_tree.h"
#include "core/plan/document_text.h"
#include "core/plan/scan_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// "XStage=stage.x" by its first half. Errors: BadInput.
Result<QHash<QString, QString>> namesOf(const Invocation &invocation)
{
    QHash<QString, QString> names;
    for (const QString &typed : invocation.values(u"map"_s)) {
        const qsizetype sign = typed.indexOf(u'=');
        if (sign <= 0 || sign + 1 == typed.size())
            return Error{
                ErrorCode::BadInput,
                tr("\"%1\" says not what is called what: write --map XStage=stage.x").arg(typed)};
        names.insert(typed.left(sign).trimmed(), typed.mid(sign + 1).trimmed());
    }
    return names;
}

QJsonArray toJson(const Problems &problems)
{
    QJsonArray list;
    for (const Problem &problem : problems)
        list.append(problemJson(problem));
    return list;
}

int report(const Invocation &invocation, const PybirchTree &read, const QString &output)
{
    if (invocation.isJson) {
        invocation.printJson(
            {{u"import"_s, QJsonObject{{u"output"_s, output},
                                       {u"nodes"_s, read.tree.nodeCount()},
                                       {u"changed"_s, toJson(read.changed)},
                                       {u"not_understood"_s, toJson(read.notUnderstood)}}}});
    } else {
        for (const Problem &problem : read.notUnderstood)
            invocation.print(tr("Not understood: %1").arg(problemText(problem)));
        for (const Problem &problem : read.changed)
            invocation.print(tr("Changed: %1").arg(problemText(problem)));
        invocation.print(output.isEmpty()
                             ? tr("%1 nodes; nothing was written").arg(read.tree.nodeCount())
                             : tr("%1 nodes in %2").arg(read.tree.nodeCount()).arg(output));
    }
    return read.notUnderstood.isEmpty() ? kDone : kRanAndFailed;
}

} // namespace

bool isTreeFile(const QString &path)
{
    return path.endsWith(u".json"_s, Qt::CaseInsensitive) && QFileInfo(path).isFile();
}

int importTree(const Invocation &invocation)
{
    const QString path = invocation.arguments().first();
    const auto names = namesOf(invocation);
    if (!names)
        return invocation.fail(names.error());
    const Result<QByteArray> text = readFile(path, kMaxDocumentBytes);
    if (!text)
        return invocation.fail(text.error());
    auto read = readPybirchTree(text.value(), path, names.value());
    if (!read)
        return invocation.fail(read.error());
    const QFileInfo info(path);
    PybirchTree tree = std::move(read).value();
    tree.tree.name = info.completeBaseName();
    if (invocation.isSet(u"dry-run"_s))
        return report(invocation, tree, {});
    QString output = invocation.value(u"output"_s);
    if (output.isEmpty())
        output = info.dir().filePath(info.completeBaseName() + u".scan.json"_s);
    if (QFileInfo::exists(output))
        return invocation.fail(
            Error{ErrorCode::Conflict,
                  tr("%1 is there already: name another file with --output, or move it away")
                      .arg(output)},
            kBadInput);
    if (const Status written = writeTreeFile(tree.tree, output); !written)
        return invocation.fail(written.error());
    return report(invocation, tree, output);
}

} // namespace birch::cli
