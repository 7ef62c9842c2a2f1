#pragma once

#include "core/store/database.h"

#include <QList>
#include <QObject>

#include <memory>

namespace birch {

enum class ChangeAction : quint8 { Added, Changed, Removed };

/// Something in the database is not as it was. A value.
struct Change {
    QString kind; ///< table: "samples", "scans"
    QUuid uid;    ///< null: many of this kind
    ChangeAction action = ChangeAction::Changed;

    bool operator==(const Change &) const = default;
};

/// Tells of what others (and this program) change in the database, within 200 ms.
///
/// PostgreSQL: LISTEN on a connection and a thread of its own; what was missed while the server was
/// away is told as anythingMayHaveChanged(). SQLite: looks at the file's data_version ten times a
/// second, and can only tell that something changed. Signals come on the thread of this object,
/// through its event loop; what comes faster than it turns is folded.
class ChangeFeed : public QObject
{
    Q_OBJECT
public:
    /// \a database outlives it.
    explicit ChangeFeed(const Database &database, QObject *parent = nullptr);
    ~ChangeFeed() override;

signals:
    /// Each object once.
    void changed(const QList<birch::Change> &changes);
    /// Read again whatever is shown. Also once when listening begins: what was read before may be
    /// out of date already.
    void anythingMayHaveChanged();

protected:
    void customEvent(QEvent *event) override;

private:
    class Listener;
    std::unique_ptr<Listener> m_listener;
};

/// One change for each object out of \a changes, in the order of the first: what was added and then
/// changed was added.
QList<Change> foldedChanges(const QList<Change> &changes);

} // namespace birch

Q_DECLARE_METATYPE(birch::Change)
