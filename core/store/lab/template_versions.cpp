#include "core/store/lab/template_versions.h"

#include "core/store/store_json.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Trees include each other by name and version.
Status countVersion(const EntityWrite &write, QVariantMap *values)
{
    if (!write.before || !values->contains(u"tree"_s) ||
        values->value(u"tree"_s).toJsonValue() ==
            write.before->values.value(u"tree"_s).toJsonValue())
        return ok();
    values->insert(u"version"_s, write.before->values.value(u"version"_s).toLongLong() + 1);
    return ok();
}

Status keepVersion(const EntityWrite &write, const EntityRecord &after)
{
    if (!write.isChanged(after, u"tree"_s) && !write.isChanged(after, u"version"_s))
        return ok();
    return write.connection.execute(
        u"INSERT INTO scan_template_versions (template_id, version, tree, created_at, created_by) "
        "SELECT id, version, tree, updated_at, updated_by FROM scan_templates WHERE id = ? "
        "ON CONFLICT (template_id, version) DO NOTHING"_s,
        {after.id});
}
} // namespace

Result<QList<TemplateVersion>> templateVersions(Connection &connection, qint64 row)
{
    QList<TemplateVersion> versions;
    const Status done = connection.select(
        u"SELECT template_id, version, tree, created_at, created_by FROM scan_template_versions "
        "%1 ORDER BY template_id, version"_s.arg(row == 0 ? QString() : u"WHERE template_id = ?"_s),
        row == 0 ? QVariantList() : QVariantList{row}, [&versions](const SqlRow &found) {
            versions.append({found.integer(0), found.integer(1), jsonObject(found.text(2)),
                             found.integer(3), found.text(4)});
        });
    if (!done)
        return done.error();
    return versions;
}

EntityHooks scanTemplateHooks()
{
    return {u"scan_templates"_s, countVersion, keepVersion};
}

} // namespace birch
