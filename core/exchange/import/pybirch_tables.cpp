#include "core/exchange/import/pybirch_tables.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("PybirchTables", text);
}
} // namespace

const QList<SourceMap> &pybirchTables()
{
    static const QList<SourceMap> kTables = pybirchPeople() + pybirchEquipment() +
                                            pybirchSamples() + pybirchIssues() +
                                            pybirchTemplates() + pybirchShared();
    return kTables;
}

const SourceMap *pybirchMap(const QString &table)
{
    for (const SourceMap &map : pybirchTables()) {
        if (map.table() == table)
            return &map;
    }
    return nullptr;
}

const QMap<QString, QString> &pybirchLeftOut()
{
    static const QMap<QString, QString> kLeftOut{
        {u"page_views"_s, tr("visits to PyBirch's web pages: Birch keeps none")},
        {u"qr_code_scans"_s, tr("visits to PyBirch's web pages by QR code: Birch keeps none")},
        {u"audit_log"_s, tr("Birch's own log of changes begins with this import")},
        {u"calendar_integrations"_s,
         tr("log-ins of calendars are not taken over: connect the calendar again")},
        {u"alembic_version"_s, tr("the version of PyBirch's own schema")},
    };
    return kLeftOut;
}

QString pybirchTableOf(const QString &kind)
{
    static const QMap<QString, QString> kOdd{{u"equipment"_s, u"equipment"_s},
                                             {u"analysis"_s, u"analyses"_s},
                                             {u"definition"_s, u"instrument_definitions"_s},
                                             {u"member"_s, u"lab_members"_s},
                                             {u"precursor_inventory"_s, u"precursor_inventory"_s},
                                             {u"measurement"_s, u"measurement_objects"_s}};
    const QString lower = kind.trimmed().toLower();
    if (kOdd.contains(lower))
        return kOdd[lower];
    for (const QString &name : {lower, QString(lower + u"s"_s), QString(lower + u"es"_s)}) {
        if (!entityOfPybirchTable(name).isEmpty())
            return name;
    }
    return {};
}

QString entityOfPybirchTable(const QString &table)
{
    if (table == u"scans" || table == u"queues" || table == u"measurement_objects")
        return table;
    const SourceMap *map = pybirchMap(table);
    return map ? map->entity() : QString();
}

} // namespace birch
