#include "app/cli/commands.h"
#include "app/cli/verb_table.h"
#include "core/exchange/image_preview.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/lab/attachment_store.h"
#include "core/store/lab/blob_store.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

const EntitySpec &spec()
{
    return *entityByTable(u"attachments"_s);
}

Result<QJsonObject> answer(const Result<EntityRecord> &record)
{
    if (!record)
        return record.error();
    return QJsonObject{{u"attachment"_s, record.value().toJson(spec())}};
}

Result<QJsonObject> answer(const Result<QList<EntityRecord>> &records)
{
    if (!records)
        return records.error();
    QJsonArray list;
    for (const EntityRecord &record : records.value())
        list.append(record.toJson(spec()));
    return QJsonObject{{u"attachments"_s, list}, {u"total"_s, list.size()}};
}

NewAttachment fileFrom(const Invocation &invocation, const QString &path)
{
    return {.file = path,
            .name = invocation.value(u"name"_s),
            .description = invocation.value(u"description"_s),
            .tier = invocation.value(u"tier"_s),
            .staysInPlace = invocation.isSet(u"in-place"_s),
            .preview = imagePreview(path)};
}

Result<QJsonObject> add(StationData &data, const Invocation &invocation, const QStringList &words)
{
    NewAttachment file = fileFrom(invocation, words[1]);
    file.object = words[0];
    return answer(AttachmentStore(data.connection()).attach(data.session(), file));
}

Result<QJsonObject> replace(StationData &data, const Invocation &invocation,
                            const QStringList &words)
{
    return answer(AttachmentStore(data.connection())
                      .replace(data.session(), words[0], fileFrom(invocation, words[1])));
}

Result<QJsonObject> list(StationData &data, const Invocation &, const QStringList &words)
{
    const auto object = findObject(data.connection(), words.first());
    if (!object)
        return object.error();
    EntityFilter filter;
    filter.equal = {{u"object"_s, object.value().uid}, {u"is_current"_s, u"true"_s}};
    filter.perPage = 1000;
    const auto page = EntityRepository(data.connection(), spec()).list(data.session(), filter);
    if (!page)
        return page.error();
    return answer(Result<QList<EntityRecord>>(page.value().records));
}

Result<QJsonObject> history(StationData &data, const Invocation &, const QStringList &words)
{
    return answer(AttachmentStore(data.connection()).history(data.session(), words.first()));
}

Result<QJsonObject> save(StationData &data, const Invocation &, const QStringList &words)
{
    const Status done = AttachmentStore(data.connection()).save(data.session(), words[0], words[1]);
    if (!done)
        return done.error();
    return QJsonObject{{u"path"_s, words[1]}};
}

Result<QJsonObject> remove(StationData &data, const Invocation &, const QStringList &words)
{
    const auto count = AttachmentStore(data.connection()).remove(data.session(), words.first());
    if (!count)
        return count.error();
    return QJsonObject{{u"trashed"_s, count.value()}};
}

Result<QJsonObject> check(StationData &data, const Invocation &, const QStringList &)
{
    QStringList problems;
    const auto examined =
        BlobStore(data.connection()).check([&problems](const IntegrityFinding &finding) {
            problems << finding.text();
        });
    if (!examined)
        return examined.error();
    if (!problems.isEmpty())
        return Error{ErrorCode::Storage, problems.join(u'\n')};
    return QJsonObject{{u"problems"_s, QJsonArray()}, {u"examined"_s, examined.value()}};
}

void printPath(const Invocation &invocation, const QJsonObject &done)
{
    invocation.print(done[u"path"_s].toString());
}

} // namespace

Command attachCommand()
{
    const QStringList columns{u"name"_s, u"tier"_s, u"version"_s,
                              u"size"_s, u"uid"_s,  u"created_at"_s};
    return verbCommand(
        u"attach"_s, tr("Files and pictures on anything, in versions, each stored once."),
        {{u"add"_s, u"OBJECT FILE"_s, tr("e.g. attach add samples:S-1 photo.jpg"), add,
          recordPrinter(u"attachment"_s)},
         {u"list"_s, u"OBJECT"_s, tr("the newest versions"), list,
          listPrinter(u"attachments"_s, columns)},
         {u"replace"_s, u"ATTACHMENT FILE"_s, tr("a newer version; the old one stays as history"),
          replace, recordPrinter(u"attachment"_s)},
         {u"history"_s, u"ATTACHMENT"_s, tr("all versions, newest first"), history,
          listPrinter(u"attachments"_s, columns)},
         {u"get"_s, u"ATTACHMENT FILE"_s, tr("writes the bytes, verified, to a file"), save,
          printPath},
         {u"remove"_s, u"ATTACHMENT"_s, tr("all versions into the trash"), remove, nullptr},
         {u"check"_s,
          {},
          tr("reads everything and verifies it; exit 1 if something is wrong"),
          check,
          nullptr}},
        {{u"name"_s, tr("add, replace: how it is called."), u"NAME"_s},
         {u"description"_s, tr("add, replace: what it is."), u"TEXT"_s},
         {u"tier"_s, tr("add, replace: raw, processed or published."), u"TIER"_s},
         {u"in-place"_s, tr("add, replace: the file stays where it is; path, size and hash are "
                            "kept.")}});
}

} // namespace birch::cli
