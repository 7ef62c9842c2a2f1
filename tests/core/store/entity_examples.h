#pragma once

#include "core/store/entity/entity_repository.h"
#include "tests/core/store/store_fixture.h"

#include <QJsonArray>
#include <QJsonObject>

namespace birch::test {

/// Makes rows of any entity that its declaration allows, with everything they need.
class EntityExamples
{
public:
    EntityExamples(Connection &connection, Session session)
        : m_connection(connection)
        , m_session(std::move(session))
    {
    }

    /// Values for every field that can be given; \a isMinimal: for the required ones only. Things
    /// referred to are added first. Texts hold a number that no other example has.
    Result<QVariantMap> values(const EntitySpec &spec, bool isMinimal = false)
    {
        QVariantMap given;
        for (const EntityField &field : spec.fields) {
            if (!field.derivedFrom.isEmpty() || field.name == QStringLiteral("lab"))
                continue;
            if (isMinimal && !field.isRequired)
                continue;
            if (field.isSecret) // a user with a password: from then on everyone must log in
                continue;
            if (!field.isRequired && field.refers())
                continue; // circles among optional references
            const auto value = example(spec, field);
            if (!value)
                return value.error();
            if (value.value().isValid())
                given.insert(field.name, value.value());
        }
        return given;
    }

    Result<EntityRecord> add(const EntitySpec &spec, bool isMinimal = false)
    {
        const auto given = values(spec, isMinimal);
        if (!given)
            return given.error();
        return EntityRepository(m_connection, spec)
            .insert(m_session, given.value(), {}, {.origin = Origin::Store});
    }

private:
    Result<QVariant> example(const EntitySpec &spec, const EntityField &field)
    {
        const int number = ++m_count;
        // Texts of a form of their own, and times in their order.
        const QMap<QString, QVariant> formed{
            {QStringLiteral("doi"), QStringLiteral("10.1234/%1").arg(number)},
            {QStringLiteral("time_zone"), QStringLiteral("Europe/Berlin")},
            {QStringLiteral("entity_type"), QStringLiteral("samples")},
            {QStringLiteral("availability"), QVariant(QJsonValue(QJsonObject()))},
            {QStringLiteral("query"), QVariant(QJsonValue(QJsonObject()))},
            {QStringLiteral("recurrence_rule"),
             QStringLiteral("FREQ=DAILY;COUNT=%1").arg(number % 9 + 1)},
            {QStringLiteral("start_at"), QStringLiteral("2026-02-03T03:05:00Z")},
            {QStringLiteral("placed_at"), QStringLiteral("2026-02-03T03:05:00Z")}};
        if (formed.contains(field.name))
            return formed.value(field.name);
        if (spec.table == QStringLiteral("wastes") && field.name == QStringLiteral("fill_status"))
            return QVariant(QStringLiteral("partial"));
        switch (field.type) {
        case EntityFieldType::Text:
        case EntityFieldType::LongText:
            return QVariant(QStringLiteral("%1 %2").arg(field.name).arg(number));
        case EntityFieldType::Integer:
            return QVariant(qint64(number % 50 + 1));
        case EntityFieldType::Real:
            return QVariant(number % 50 + 0.25);
        case EntityFieldType::Boolean:
            return QVariant(number % 2 == 0);
        case EntityFieldType::Date:
            return QVariant(QStringLiteral("2026-02-03"));
        case EntityFieldType::Time:
            return QVariant(
                QStringLiteral("2026-02-03T04:05:%1Z").arg(number % 60, 2, 10, QLatin1Char('0')));
        case EntityFieldType::Choice:
            return QVariant(field.choices.last());
        case EntityFieldType::Unit:
            return QVariant(QStringLiteral("mg"));
        case EntityFieldType::Json:
            return QVariant(QJsonValue(QJsonObject{{QStringLiteral("a"), number}}));
        case EntityFieldType::Reference:
            return reference(field.references);
        case EntityFieldType::Object:
            return reference(field.kinds.isEmpty() ? QStringLiteral("samples")
                                                   : field.kinds.first());
        }
        return QVariant();
    }

    Result<QVariant> reference(const QString &table)
    {
        if (const EntitySpec *spec = entityByTable(table)) {
            const auto made = add(*spec, true);
            if (!made)
                return made.error().within(table);
            return QVariant(made.value().uid);
        }
        const auto row =
            m_connection.firstRow(QStringLiteral("SELECT uid FROM %1 LIMIT 1").arg(table));
        if (!row)
            return row.error();
        if (!row.value())
            return Error{ErrorCode::NotFound,
                         QStringLiteral("the test must add a row of ") + table};
        return QVariant(row.value()->first());
    }

    Connection &m_connection;
    Session m_session;
    int m_count = 0;
};

} // namespace birch::test
