#include "core/engine/lease_check.h"

#include <QCoreApplication>
#include <QMap>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("LeaseCheck", text);
}

/// How \a item uses \a instrument: what it sets there, else what it reads.
QString useOf(const QueueItem &item, const QString &instrument)
{
    for (const PlanMovement &movement : item.plan->movements) {
        if (movement.instrument == instrument)
            return tr("%1 (sets %2)").arg(item.name, movement.column);
    }
    for (const PlanObject &object : item.plan->objects) {
        for (const PlanRead &read : object.reads) {
            if (read.instrument == instrument)
                return tr("%1 (reads %2 into %3)").arg(item.name, read.spec.name, object.name);
        }
    }
    return item.name;
}
} // namespace

QList<LeaseConflict> leaseConflicts(const QList<QueueItem> &items)
{
    QMap<QString, QList<const QueueItem *>> users;
    for (const QueueItem &item : items) {
        for (const QString &instrument : item.plan->instruments)
            users[instrument] << &item;
    }
    QList<LeaseConflict> conflicts;
    for (auto it = users.begin(); it != users.end(); ++it) {
        if (it->size() < 2)
            continue;
        LeaseConflict conflict{it.key(), {}, {}};
        QStringList uses;
        for (const QueueItem *item : std::as_const(*it)) {
            conflict.items << item->id;
            uses << useOf(*item, it.key());
        }
        conflict.text =
            tr("One after the other, because they need %1: %2.").arg(it.key(), uses.join(u", "_s));
        conflicts << conflict;
    }
    return conflicts;
}

} // namespace birch
