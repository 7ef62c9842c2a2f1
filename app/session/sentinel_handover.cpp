#include "app/session/sentinel_handover.h"

#include "core/base/id.h"
#include "core/base/json_reader.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kLongestBeatNs = 3'600'000'000'000;
constexpr qint64 kMostMissed = 1'000'000;

QJsonObject textsJson(const QMap<QString, QString> &texts)
{
    QJsonObject json;
    for (auto at = texts.begin(); at != texts.end(); ++at)
        json.insert(at.key(), at.value());
    return json;
}

QMap<QString, QString> textsFrom(JsonReader reader)
{
    QMap<QString, QString> texts;
    for (const QString &key : reader.keys())
        texts.insert(key, reader.text(key.toUtf8().constData()));
    return texts;
}

Status check(const Problems &problems)
{
    if (problems.isEmpty())
        return ok();
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate("SentinelHandover", "\"%1\": %2. Install the programs "
                                                                 "of one version of Birch")
                     .arg(problems.first().field, problems.first().message)};
}

} // namespace

QJsonObject plainMessage(const char16_t *kind)
{
    return {{u"kind"_s, QString::fromUtf16(kind)}};
}

QJsonObject handoverMessage(const SentinelHandover &handover)
{
    QJsonObject message{{u"kind"_s, QString::fromUtf16(kHandover)},
                        {u"pid"_s, handover.workstation.pid},
                        {u"start"_s, handover.workstation.start},
                        {u"spool"_s, handover.spoolDir},
                        {u"beat_ns"_s, qint64(handover.beat.count())},
                        {u"missed"_s, handover.missed},
                        {u"bench_file"_s, handover.benchFile},
                        {u"bench"_s, QString::fromUtf8(handover.benchText)},
                        {u"addresses"_s, textsJson(handover.addresses)},
                        {u"definitions"_s, textsJson(handover.definitions)}};
    QJsonArray people;
    for (const NoticeTarget &person : handover.people)
        people.append(noticeTargetJson(person));
    message.insert(u"station"_s, handover.station);
    message.insert(u"people"_s, people);
    if (!handover.database.isNull())
        message.insert(u"database"_s, uidText(handover.database));
    return message;
}

QJsonObject guardMessage(const GuardedRun &run)
{
    return {{u"kind"_s, QString::fromUtf16(kGuard)},
            {u"instruments"_s, QJsonArray::fromStringList(run.instruments)},
            {u"scan"_s, uidText(run.scan)},
            {u"scan_id"_s, run.scanId}};
}

Result<SentinelHandover> handoverFrom(const QJsonObject &message)
{
    Problems problems;
    SentinelHandover handover;
    {
        JsonReader reader(message, {u"handover"_s, nullptr, &problems});
        reader.allow("kind");
        handover.workstation.pid = reader.integer("pid", 1, std::numeric_limits<pid_t>::max());
        handover.workstation.start = reader.integer("start", 0);
        handover.database = reader.uid("database", QUuid());
        handover.spoolDir = reader.text("spool");
        handover.beat = Nanoseconds(reader.integer("beat_ns", 1, kLongestBeatNs));
        handover.missed = int(reader.integer("missed", 0, kMostMissed));
        handover.benchFile = reader.text("bench_file");
        handover.benchText = reader.text("bench").toUtf8();
        handover.addresses = textsFrom(reader.object("addresses"));
        handover.definitions = textsFrom(reader.object("definitions"));
        handover.station = reader.text("station");
        for (const QJsonValue &person : reader.value("people").toArray()) {
            auto target = noticeTargetFromJson(person.toObject());
            if (target)
                handover.people << std::move(target).value();
        }
    }
    if (Status good = check(problems); !good)
        return good.error();
    return handover;
}

Result<GuardedRun> guardFrom(const QJsonObject &message)
{
    Problems problems;
    GuardedRun run;
    {
        JsonReader reader(message, {u"guard"_s, nullptr, &problems});
        reader.allow("kind");
        run.instruments = reader.texts("instruments");
        run.scan = reader.uid("scan");
        run.scanId = reader.text("scan_id");
    }
    if (Status good = check(problems); !good)
        return good.error();
    return run;
}

} // namespace birch
