#include "app/cli/commands.h"
#include "app/cli/verb_table.h"
#include "core/store/lab/record_copies.h"
#include "core/store/lab/tag_store.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QJsonObject counted(const QString &what, qint64 count)
{
    return {{what, count}};
}

QStringList words(const QString &text)
{
    QStringList all = text.split(u',', Qt::SkipEmptyParts);
    for (QString &word : all)
        word = word.trimmed();
    return all;
}

Result<QJsonObject> list(StationData &data, const Invocation &, const QStringList &given)
{
    const auto uses = TagStore(data.connection()).list(data.session(), given.value(0));
    if (!uses)
        return uses.error();
    QJsonArray tags;
    for (const TagUse &use : uses.value())
        tags.append(QJsonObject{{u"name"_s, use.tag.text(u"name"_s)},
                                {u"uid"_s, use.tag.uid},
                                {u"category"_s, use.tag.text(u"category"_s)},
                                {u"color"_s, use.tag.text(u"color"_s)},
                                {u"count"_s, use.count}});
    return QJsonObject{{u"tags"_s, tags}};
}

Result<QJsonObject> add(StationData &data, const Invocation &, const QStringList &given)
{
    const auto count =
        TagStore(data.connection()).add(data.session(), given.mid(1), words(given[0]));
    if (!count)
        return count.error();
    return counted(u"added"_s, count.value());
}

Result<QJsonObject> remove(StationData &data, const Invocation &, const QStringList &given)
{
    const auto count =
        TagStore(data.connection()).remove(data.session(), given.mid(1), words(given[0]));
    if (!count)
        return count.error();
    return counted(u"removed"_s, count.value());
}

Result<QJsonObject> merge(StationData &data, const Invocation &, const QStringList &given)
{
    const auto count = TagStore(data.connection()).merge(data.session(), given[0], given[1]);
    if (!count)
        return count.error();
    return counted(u"moved"_s, count.value());
}

Result<QJsonObject> show(StationData &data, const Invocation &, const QStringList &given)
{
    const auto names = TagStore(data.connection()).namesOf(data.session(), given.first());
    if (!names)
        return names.error();
    return QJsonObject{{u"tags"_s, QJsonArray::fromStringList(names.value())}};
}

template<bool isPinned>
Result<QJsonObject> pin(StationData &data, const Invocation &, const QStringList &given)
{
    const Status done = setPinned(data.connection(), data.session(), given.first(), isPinned);
    if (!done)
        return done.error();
    return QJsonObject{{u"object"_s, given.first()}, {u"pinned"_s, isPinned}};
}

Result<QJsonObject> pins(StationData &data, const Invocation &, const QStringList &)
{
    const auto all = pinsOf(data.connection(), data.session());
    if (!all)
        return all.error();
    return QJsonObject{{u"pins"_s, QJsonArray::fromStringList(all.value())}};
}

/// Every member on a line: numbers with their name, lists one item a line.
void printAll(const Invocation &invocation, const QJsonObject &answer)
{
    for (auto it = answer.begin(); it != answer.end(); ++it) {
        if (!it->isArray())
            invocation.print(u"%1  %2"_s.arg(it.key(), it->toVariant().toString()));
        for (const QJsonValue &item : it->toArray())
            invocation.print(item.toString());
    }
}

} // namespace

Command tagCommand()
{
    return verbCommand(
        u"tag"_s, tr("Tags on anything: put them on many at once, take them off, merge them."),
        {{u"list"_s, u"[CATEGORY]"_s, tr("all tags, the most used first"), list,
          listPrinter(u"tags"_s, {u"name"_s, u"count"_s, u"category"_s})},
         {u"add"_s, u"TAG,… OBJECT…"_s, tr("e.g. tag add cold,raw samples:S-1 scans:B1-260101-001"),
          add, printAll},
         {u"remove"_s, u"TAG,… OBJECT…"_s, tr("takes them off"), remove, printAll},
         {u"show"_s, u"OBJECT"_s, tr("the tags of one thing"), show, printAll},
         {u"merge"_s, u"TAG INTO"_s, tr("what has the first gets the second; the first is gone"),
          merge, printAll}});
}

Command pinCommand()
{
    return verbCommand(
        u"pin"_s, tr("What you keep at hand."),
        {{u"list"_s, {}, tr("your pins, newest first"), pins, printAll},
         {u"add"_s, u"OBJECT"_s, tr("e.g. pin add samples:S-1"), pin<true>, printAll},
         {u"remove"_s, u"OBJECT"_s, tr("unpins it"), pin<false>, printAll}});
}

} // namespace birch::cli
