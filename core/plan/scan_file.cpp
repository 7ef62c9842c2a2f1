#include "core/plan/scan_file.h"

#include "core/base/file_writer.h"
#include "core/plan/document_text.h"

#include <QCoreApplication>

namespace birch {

ReadTree readTreeFile(const QString &path, const NodeRegistry &registry)
{
    const Result<QByteArray> text = readFile(path, kMaxDocumentBytes);
    if (text)
        return readTreeText(text.value(), registry, path);
    return {std::nullopt, {unreadable(path, text.error())}};
}

Status writeTreeFile(const ScanTree &tree, const QString &path)
{
    return writeFile(path, treeToText(tree));
}

} // namespace birch
