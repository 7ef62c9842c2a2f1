#pragma once

#include "core/store/database_url.h"

#include <QSqlError>

namespace birch {

/// The few places where SQLite and PostgreSQL differ. A value; thread-safe.
class Dialect
{
    Q_DECLARE_TR_FUNCTIONS(Dialect)
public:
    explicit Dialect(Engine engine)
        : m_engine(engine)
    {
    }

    Engine engine() const { return m_engine; }
    bool isPostgres() const { return m_engine == Engine::Postgres; }
    QString name() const; ///< "sqlite" | "postgresql"
    QString beginWrite() const;
    /// Appended to a SELECT: keeps the row until the transaction ends. SQLite has one writer
    /// anyway.
    QString forUpdate() const;
    /// \a expression matches a pattern made by containsPattern(), upper and lower case alike.
    QString like(const QString &expression) const;
    static QString containsPattern(const QString &text);
    /// Fills the type names of a migration: {id} {int} {real} {text} {bytes} {json} {bool}
    /// {true} {false} {uid} {strict}.
    QString fillTypes(QString sql) const;
    /// A driver's error as ours: code to branch on, a sentence with what to do next.
    Error error(const QSqlError &failure) const;

private:
    Error sqliteError(int code, const QString &text) const;
    Error postgresError(const QString &state, const QString &text) const;

    Engine m_engine;
};

} // namespace birch
