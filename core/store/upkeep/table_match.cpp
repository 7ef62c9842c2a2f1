#include "core/store/upkeep/table_match.h"

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Copy", text);
}
} // namespace

Result<CatalogueTable> matchingTable(const TableCatalogue &target, const CatalogueTable &source)
{
    const CatalogueTable *found = target.find(source.name);
    CatalogueTable table = found ? *found : CatalogueTable{};
    table.columns.clear();
    for (const CatalogueColumn &column : source.columns) {
        const qsizetype at = found ? found->indexOf(column.name) : -1;
        if (at < 0)
            return Error{ErrorCode::Conflict,
                         tr("The target has no column %1.%2: run birchctl db check on both")
                             .arg(source.name, column.name)};
        table.columns.append(found->columns[at]);
    }
    return table;
}

QList<CellType> commonTypes(const CatalogueTable &one, const CatalogueTable &other)
{
    QList<CellType> types = one.columnTypes();
    for (qsizetype i = 0; i < types.size(); ++i) {
        if (other.columns[i].type == CellType::Json)
            types[i] = CellType::Json;
    }
    return types;
}

} // namespace birch
