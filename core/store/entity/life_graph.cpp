#include "core/store/entity/life_graph.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Scans and queues have repositories written by hand, so their references are written here. What
/// was measured is not thrown away with its sample: the sample stays as long as its scans.
QList<LifeEdge> runEdges()
{
    const auto contained = [](const QString &table, const QString &column, const QString &target,
                              bool isRequired) {
        return LifeEdge{table, column, target, false, true, isRequired};
    };
    return {contained(u"queues"_s, u"lab_id"_s, u"labs"_s, true),
            contained(u"queues"_s, u"project_id"_s, u"projects"_s, false),
            LifeEdge{u"queues"_s, u"station_id"_s, u"stations"_s},
            contained(u"scans"_s, u"lab_id"_s, u"labs"_s, true),
            contained(u"scans"_s, u"project_id"_s, u"projects"_s, false),
            contained(u"scans"_s, u"queue_id"_s, u"queues"_s, false),
            LifeEdge{u"scans"_s, u"station_id"_s, u"stations"_s, false, false, true},
            LifeEdge{u"scans"_s, u"sample_id"_s, u"samples"_s, false, false, true}};
}

QList<LifeEdge> edgesOf(const EntitySpec &spec)
{
    QList<LifeEdge> edges;
    for (const EntityField &field : spec.fields) {
        if (!field.refers() || !field.derivedFrom.isEmpty())
            continue;
        edges << LifeEdge{spec.table,        field.column(),   field.references, field.isOwned,
                          field.isContained, field.isRequired, field.isLoose};
    }
    return edges;
}
} // namespace

const QList<LifeEdge> &lifeEdges()
{
    static const QList<LifeEdge> all = [] {
        QList<LifeEdge> edges = runEdges();
        for (const EntitySpec &spec : entitySpecs())
            edges += edgesOf(spec);
        return edges;
    }();
    return all;
}

const QStringList &lifeTables()
{
    static const QStringList all = [] {
        QStringList tables;
        for (const EntitySpec &spec : entitySpecs()) {
            tables << spec.table;
            if (spec.table == u"samples"_s) // the last of those that scans refer to
                tables << u"queues"_s << u"scans"_s;
        }
        return tables;
    }();
    return all;
}

} // namespace birch
