#include "core/plan/include_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("IncludeKind", text);
}
} // namespace

NodeDeclaration IncludeKind::declaration() const
{
    FieldSpec tree;
    tree.key = u"tree"_s;
    tree.label = tr("File");
    tree.help = tr("A *.scan.json file, in the folder of this scan's file or below");
    tree.isFile = true;
    tree.alternativeTo = u"name"_s;

    FieldSpec name;
    name.key = u"name"_s;
    name.label = tr("Stored tree");
    name.help = tr("The name of a scan template in the database, instead of a file");
    name.isStoredTree = true;
    name.alternativeTo = u"tree"_s;

    FieldSpec version;
    version.key = u"version"_s;
    version.label = tr("Version");
    version.help = tr("Only this version of it will do; empty: as it is when the scan is queued");

    NodeDeclaration declaration;
    declaration.id = QString::fromLatin1(kIncludeKind);
    declaration.label = tr("Include");
    declaration.help = tr("Runs another saved tree in its place");
    declaration.icon = u"include"_s;
    declaration.yieldsData = true;
    declaration.fields = {tree, name, version};
    return declaration;
}

QString IncludeKind::summary(const QJsonObject &fields) const
{
    const QString name = fieldText(fields.value(u"name"_s));
    const QString tree = name.isEmpty() ? fieldText(fields.value(u"tree"_s)) : name;
    const QString version = fieldText(fields.value(u"version"_s));
    return version.isEmpty() || tree.isEmpty() ? tree : tr("%1, version %2").arg(tree, version);
}

/// Only a node whose tree could not be put in its place comes here; why is told already.
std::unique_ptr<PlanNode> IncludeKind::compile(const ScanNode &, CompileContext &) const
{
    return nullptr;
}

} // namespace birch
