#include "core/exchange/import/pybirch_import.h"

#include "core/exchange/import/pybirch_job.h"
#include "core/store/write_transaction.h"

namespace birch {

Result<ImportReport> importPybirch(Connection &connection, const Session &session,
                                   const QString &path, const ImportOptions &options)
{
    auto source = SqliteSource::open(path);
    if (!source)
        return source.error();
    std::optional<WriteTransaction> trial; // rolled back when it goes out of scope
    if (options.isDryRun) {
        auto begun = WriteTransaction::begin(connection);
        if (!begun)
            return begun.error();
        trial.emplace(std::move(begun).value());
    }
    PybirchJob job(connection, session, options, std::move(source).value());
    if (Status done = job.run(); !done)
        return done.error();
    return std::move(job.report());
}

} // namespace birch
