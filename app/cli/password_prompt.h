#pragma once

#include "core/base/result.h"
#include "core/store/database_url.h"

#include <QCoreApplication>

#include <optional>

namespace birch::cli {

/// What is typed at the terminal, which does not show it. Nothing without one, or when it is
/// closed.
std::optional<QString> askHidden(const QString &question);

/// Asks for the password of a PostgreSQL server, where a person sits at a terminal. What was typed
/// is kept in memory alone, for the same server for as long as this lives.
class PasswordPrompt
{
    Q_DECLARE_TR_FUNCTIONS(birchctl)
public:
    /// Without a terminal, or where libpq finds the password by itself, \a url stays as it is and
    /// opening it says what is missing. Blocks for the server, then for the person.
    /// Errors: Denied - not the right one, three times.
    Status complete(DatabaseUrl *url);

private:
    QString m_server; ///< text of the URL that the password is for
    QString m_typed;
};

} // namespace birch::cli
