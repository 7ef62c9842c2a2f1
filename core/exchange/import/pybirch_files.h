#pragma once

#include "core/exchange/import/entity_import.h"
#include "core/exchange/import/import_target.h"

namespace birch {

/// True for PyBirch's three tables of files: attachments, entity_images, equipment_images.
bool isPybirchFileTable(const QString &table);

/// PyBirch's attachments and images. The database knows their names alone; a row whose file is
/// found becomes an attachment, the others are skipped and can be imported later.
class PybirchFiles
{
    Q_DECLARE_TR_FUNCTIONS(PybirchFiles)
public:
    /// \a folder: where the files lie, at whatever depth; "": web/static/uploads beside the
    /// database, where PyBirch keeps them.
    PybirchFiles(const ImportTarget &target, const SqliteSource &source,
                 const SourceContext &context, ImportReport &report, const QString &folder);

    /// One transaction per table. After everything that files can hang on.
    Status import();

private:
    Status importTable(const SourceMap &map);
    Status importFile(const SourceMap &map, const SourceRow &row, EntityImport &import);
    QString find(const QString &storedName) const;

    const ImportTarget &m_target;
    const SqliteSource &m_source;
    const SourceContext &m_context;
    ImportReport &m_report;
    QString m_folder;
    QHash<QString, QString> m_paths; ///< name of a file -> where it is
};

} // namespace birch
