#pragma once

#include "core/plan/field_check.h"
#include "core/plan/scan_json.h"

#include <QCoreApplication>
#include <QSet>

#include <functional>

namespace birch {

/// Reads one document strictly; collects problems instead of stopping at the first.
class TreeReader
{
    Q_DECLARE_TR_FUNCTIONS(TreeReader)

public:
    /// \a lineOf gives the line of a JSON path such as "root.children[2]"; may be empty.
    TreeReader(const NodeRegistry &registry, QString file,
               std::function<int(const QString &)> lineOf = {});

    std::optional<ScanTree> readDocument(const QJsonObject &document, const QString &path = {});
    /// Null after a problem in this node; nodes inside are read anyway.
    std::unique_ptr<ScanNode> readNode(const QJsonValue &value, const QString &path, int depth);
    void readDetails(const QJsonValue &value, const QString &path, TreeDetails *details);
    /// "format" and "version". False: the document is not ours, or newer than this program.
    bool checkHead(const QJsonObject &document, const QString &path, const QString &format,
                   int version);
    void checkKeys(const QJsonObject &object, const QString &path, const QStringList &known);
    void problem(const QString &path, const QString &field, const QString &message,
                 const QString &remedy);

    const Problems &problems() const { return m_problems; }

private:
    void readId(const QJsonObject &object, const QString &path, NodeId *id);
    void readFailure(const QJsonObject &object, const QString &path, ScanNode *node);
    void readCommon(const QJsonObject &object, const QString &path, ScanNode *node);
    void readFields(const QJsonObject &object, const QString &path,
                    const NodeDeclaration &declaration, ScanNode *node);
    void readChildren(const QJsonObject &object, const QString &path,
                      const NodeDeclaration *declaration, int depth, ScanNode *node);

    const NodeRegistry &m_registry;
    QString m_file;
    std::function<int(const QString &)> m_lineOf;
    Problems m_problems;
    QSet<NodeId> m_ids;
    QString m_node; ///< the node being read, for problems
    int m_count = 0;
};

} // namespace birch
