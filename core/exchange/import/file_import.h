#pragma once

#include "core/exchange/import/pybirch_import.h"

namespace birch {

/// What a person may say about a file to import.
struct FileImportOptions {
    ImportOptions common;
    QString entity;    ///< of CSV rows; "scan": measurement data; "": by the file's name
    QString lab;       ///< of rows that name none; "": the default lab
    QString sample;    ///< of measurement data
    QString project;   ///< of measurement data
    QString station;   ///< of measurement data
    QString delimiter; ///< "comma", "semicolon", "tab"; "": found in the header
};

/// What a file is, by its contents.
enum class ImportKind : quint8 { Pybirch, Csv, Pickle, Folder };
/// Errors: NotFound; BadInput - nothing that can be imported.
Result<ImportKind> importKind(const QString &path);

/// Whatever \a path is. Errors: of importKind() and of the import of that kind.
Result<ImportReport> importAnyFile(Connection &connection, const Session &session,
                                   const QString &path, const FileImportOptions &options);

} // namespace birch
