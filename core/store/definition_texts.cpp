#include "core/store/definition_texts.h"

#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
class TextWriter
{
public:
    TextWriter(Connection &connection, const QList<DefinitionText> &texts, qint64 lab)
        : m_connection(connection)
        , m_lab(lab)
    {
        for (const DefinitionText &text : texts)
            m_texts.insert_or_assign(text.version, &text);
    }

    /// What is extended comes first, and the rest by version: stations that store the same at the
    /// same time do so in the same order, and never wait for each other in a circle.
    Status write()
    {
        std::map<std::pair<qsizetype, QByteArray>, const DefinitionText *> ordered;
        for (const auto &[version, text] : m_texts)
            ordered.emplace(std::pair(ancestors(*text), version), text);
        for (const auto &[place, text] : ordered) {
            const auto row = rowOf(*text);
            if (!row)
                return row.error();
            m_rows.insert_or_assign(text->version, row.value());
        }
        return ok();
    }

    std::optional<qint64> row(const QByteArray &version) const
    {
        const auto found = m_rows.find(version);
        return found == m_rows.end() ? std::nullopt : std::optional(found->second);
    }

private:
    qsizetype ancestors(const DefinitionText &text) const
    {
        qsizetype count = 0;
        auto base = m_texts.find(text.base);
        for (; base != m_texts.end() && count < qsizetype(m_texts.size()); ++count)
            base = m_texts.find(base->second->base);
        return count;
    }

    Result<qint64> rowOf(const DefinitionText &text)
    {
        const auto base = row(text.base);
        const auto made = m_connection.firstRow(
            u"INSERT INTO definition_texts (lab_id, version, definition, name, content, base_id, "
            "created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (lab_id, version) DO NOTHING "
            "RETURNING id"_s,
            {m_lab, QString::fromLatin1(text.version), text.id, text.name, text.text,
             base ? QVariant(*base) : QVariant(QMetaType::fromType<qint64>()), nowUs()});
        if (!made)
            return made.error();
        if (made.value())
            return made.value()->first().toLongLong();
        const auto there = m_connection.firstRow(
            u"SELECT id FROM definition_texts WHERE lab_id = ? AND version = ?"_s,
            {m_lab, QString::fromLatin1(text.version)});
        if (!there)
            return there.error();
        if (!there.value()) // it was there for the insertion
            return Error{ErrorCode::Denied,
                         QCoreApplication::translate(
                             "DefinitionTexts",
                             "The definition %1, version %2, is stored already, and this user may "
                             "not see it: let an administrator look at the user's rights")
                             .arg(text.id, QString::fromLatin1(text.version.left(12)))};
        return there.value()->first().toLongLong();
    }

    Connection &m_connection;
    qint64 m_lab;
    std::map<QByteArray, const DefinitionText *> m_texts;
    std::map<QByteArray, qint64> m_rows;
};
} // namespace

Status storeDefinitions(Connection &connection, const NewScan &scan, qint64 scanRow, qint64 labRow)
{
    TextWriter writer(connection, scan.definitions, labRow);
    if (Status written = writer.write(); !written)
        return written;
    for (auto it = scan.instruments.begin(); it != scan.instruments.end(); ++it) {
        const auto text = writer.row(it.value()[u"version"_s].toString().toLatin1());
        if (!text)
            continue; // an instrument of code, or of a program that kept no texts
        if (Status done = connection.execute(
                u"INSERT INTO scan_definitions (scan_id, nickname, definition_text_id) "
                "VALUES (?, ?, ?)"_s,
                {scanRow, it.key(), *text});
            !done)
            return done;
    }
    return ok();
}

Result<QList<ScanDefinition>> scanDefinitions(Connection &connection, qint64 scanRow)
{
    QList<ScanDefinition> definitions;
    const Status done = connection.select(
        // A chain that is damaged into a circle ends all the same.
        u"WITH RECURSIVE chain (nickname, text_id, generation) AS ("
        "SELECT nickname, definition_text_id, 0 FROM scan_definitions WHERE scan_id = ? "
        "UNION ALL SELECT c.nickname, t.base_id, c.generation + 1 FROM chain c "
        "JOIN definition_texts t ON t.id = c.text_id "
        "WHERE t.base_id IS NOT NULL AND c.generation < 20) "
        "SELECT c.nickname, t.version, t.definition, t.name, t.content, t.created_at FROM chain c "
        "JOIN definition_texts t ON t.id = c.text_id ORDER BY c.nickname, c.generation"_s,
        {scanRow}, [&definitions](const SqlRow &row) {
            if (definitions.isEmpty() || definitions.last().nickname != row.text(0))
                definitions.append({row.text(0), {}});
            ScanDefinition::Text text;
            text.version = row.text(1).toLatin1();
            text.id = row.text(2);
            text.name = row.text(3);
            text.text = row.bytes(4);
            text.storedUs = row.integer(5);
            QList<ScanDefinition::Text> &texts = definitions.last().texts;
            if (!texts.isEmpty())
                texts.last().base = text.version;
            texts.append(std::move(text));
        });
    if (!done)
        return done.error();
    return definitions;
}

QJsonObject ScanDefinition::toJson() const
{
    QJsonArray bases;
    for (qsizetype i = 1; i < texts.size(); ++i)
        bases.append(texts[i].id);
    const Text &own = texts.first();
    return {{u"nickname"_s, nickname}, {u"definition"_s, own.id},
            {u"name"_s, own.name},     {u"version"_s, QString::fromLatin1(own.version)},
            {u"extends"_s, bases},     {u"first_stored"_s, isoTime(own.storedUs)}};
}

} // namespace birch
