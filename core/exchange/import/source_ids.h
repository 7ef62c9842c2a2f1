#pragma once

#include <QHash>
#include <QString>
#include <QUuid>

#include <optional>

namespace birch {

/// Where the rows of a source are now: (table, id) -> uid of ours.
class SourceIds
{
public:
    void add(const QString &table, qint64 id, const QString &uid) { m_uids[table][id] = uid; }
    /// Empty for a row that is not there, or was not taken over.
    QString find(const QString &table, qint64 id) const
    {
        const auto found = m_uids.constFind(table);
        return found == m_uids.constEnd() ? QString() : found->value(id);
    }

    /// Things that the source knows by name alone: "user" by address, "station" by computer.
    void addName(const QString &kind, const QString &name, const QString &uid)
    {
        m_names[kind][name.trimmed().toLower()] = uid;
    }
    QString byName(const QString &kind, const QString &name) const
    {
        return m_names.value(kind).value(name.trimmed().toLower());
    }

private:
    QHash<QString, QHash<qint64, QString>> m_uids;
    QHash<QString, QHash<QString, QString>> m_names;
};

/// The same row gives the same uid in every import, whatever the file is called: \a what names it.
inline QString importedUid(const QString &what)
{
    static constexpr QUuid kNamespace(0x6d1c7a52, 0x0f0b, 0x5d5e, 0x9a, 0x41, 0x5b, 0x1e, 0x30,
                                      0x8c, 0x77, 0xd2);
    return QUuid::createUuidV5(kNamespace, what).toString(QUuid::WithoutBraces);
}

} // namespace birch
