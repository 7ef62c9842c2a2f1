#include "core/engine/tree_details.h"

namespace birch {

ScanDetails scanDetails(const TreeDetails &tree, const QString &name, const QString &operatorName)
{
    ScanDetails details;
    details.name = name;
    details.sampleUid = tree.sample;
    details.project = tree.project;
    details.operatorName = tree.operatorName.isEmpty() ? operatorName : tree.operatorName;
    details.title = tree.title;
    details.type = tree.type;
    details.tags = tree.tags;
    details.comment = tree.comment;
    details.fields = tree.fields;
    return details;
}

TreeDetails treeDetails(const ScanDetails &details)
{
    TreeDetails tree;
    tree.sample = details.sampleUid;
    tree.project = details.project;
    tree.operatorName = details.operatorName;
    tree.title = details.title;
    tree.type = details.type;
    tree.tags = details.tags;
    tree.comment = details.comment;
    tree.fields = details.fields;
    return tree;
}

} // namespace birch
