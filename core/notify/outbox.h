#pragma once

#include "core/notify/notice.h"

namespace birch {

/// One message for one person that has not been taken yet.
struct OutboxEntry {
    QUuid id;
    Notice notice;
    NoticeTarget target;
    int tries = 0;
    qint64 dueUs = 0; ///< UTC; not before
};

/// Messages on their way, one file each in a folder of the station, so that they outlive whatever
/// program wrote them. Several programs may put; one sends (NoticeSender). Files are for their
/// owner alone: addresses may hold tokens. Blocks for the disk.
class Outbox
{
public:
    explicit Outbox(QString folder)
        : m_folder(std::move(folder))
    {
    }

    QString folder() const { return m_folder; }
    /// Makes the folder when it is missing. Errors as FileWriter.
    Status put(const OutboxEntry &entry) const;
    /// Longest waiting first. What can not be read is put aside as *.unreadable.
    QList<OutboxEntry> entries() const;
    void remove(const QUuid &id) const;

private:
    QString path(const QUuid &id) const;

    QString m_folder;
};

QByteArray outboxText(const OutboxEntry &entry);
/// Errors: BadInput.
Result<OutboxEntry> outboxEntry(const QByteArray &text);

} // namespace birch
