#include "core/notify/outbox.h"

#include "core/base/file_writer.h"
#include "core/base/id.h"
#include "core/notify/notify_log.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kEnding = ".notice.json"_L1;
constexpr qint64 kLongestFile = 1 << 20;

Error unreadable()
{
    return {ErrorCode::BadInput,
            QCoreApplication::translate("Notify", "This is no message of Birch's outbox")};
}
} // namespace

QByteArray outboxText(const OutboxEntry &entry)
{
    return QJsonDocument(QJsonObject{{u"id"_s, uidText(entry.id)},
                                     {u"notice"_s, noticeJson(entry.notice)},
                                     {u"target"_s, noticeTargetJson(entry.target)},
                                     {u"tries"_s, entry.tries},
                                     {u"due_us"_s, QString::number(entry.dueUs)}})
        .toJson();
}

Result<OutboxEntry> outboxEntry(const QByteArray &text)
{
    const QJsonObject json = QJsonDocument::fromJson(text).object();
    const auto notice = noticeFromJson(json.value(u"notice"_s).toObject());
    const auto target = noticeTargetFromJson(json.value(u"target"_s).toObject());
    OutboxEntry entry;
    entry.id = QUuid::fromString(json.value(u"id"_s).toString());
    if (!notice || !target || entry.id.isNull())
        return unreadable();
    entry.notice = notice.value();
    entry.target = target.value();
    entry.tries = std::max(0, json.value(u"tries"_s).toInt());
    entry.dueUs = json.value(u"due_us"_s).toString().toLongLong();
    return entry;
}

QString Outbox::path(const QUuid &id) const
{
    return m_folder + u'/' + uidText(id) + kEnding;
}

Status Outbox::put(const OutboxEntry &entry) const
{
    if (!QDir().mkpath(m_folder))
        return Error{ErrorCode::Io, QCoreApplication::translate(
                                        "Notify", "%1 can not be made: choose another state.path")
                                        .arg(m_folder)};
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return writeFile(path(entry.id), outboxText(entry));
}

QList<OutboxEntry> Outbox::entries() const
{
    QList<OutboxEntry> all;
    const QDir folder(m_folder);
    for (const QString &name : folder.entryList({u'*' + kEnding}, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue; // another program has just sent it
        auto entry = file.size() > kLongestFile ? Result<OutboxEntry>(unreadable())
                                                : outboxEntry(file.readAll());
        if (entry && path(entry.value().id) == file.fileName()) {
            all << std::move(entry).value();
            continue;
        }
        qCWarning(notifyLog).noquote() << file.fileName() << "can not be read: it is put aside";
        file.rename(file.fileName() + u".unreadable"_s);
    }
    std::sort(all.begin(), all.end(), [](const OutboxEntry &a, const OutboxEntry &b) {
        return std::pair(a.dueUs, a.id) < std::pair(b.dueUs, b.id);
    });
    return all;
}

void Outbox::remove(const QUuid &id) const
{
    QFile::remove(path(id));
}

} // namespace birch
