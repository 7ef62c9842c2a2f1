#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QIODevice>
#include <QStringList>

#include <memory>
#include <optional>

namespace birch {

/// A CSV file with a header row, line by line, at whatever length: RFC 4180 with comma, semicolon
/// or tab, UTF-8 with or without byte order mark, quoted line breaks, any line end, empty lines
/// skipped. Belongs to one thread.
class CsvReader
{
    Q_DECLARE_TR_FUNCTIONS(CsvReader)
public:
    /// Reads the header. \a delimiter: none chooses what stands in the header most often.
    /// Errors: NotFound, Io - as QFile says; BadInput - no text, no header, a name that stands
    /// twice; with the line.
    static Result<CsvReader> open(const QString &path,
                                  std::optional<char> delimiter = std::nullopt);
    static Result<CsvReader> read(const QByteArray &bytes,
                                  std::optional<char> delimiter = std::nullopt);

    const QStringList &header() const { return m_header; }
    char delimiter() const { return m_delimiter; }
    /// The line in the file where the row last read begins, from 1.
    qint64 line() const { return m_rowLine; }
    /// The cells of the next row, one per column; nothing at the end. Whether a cell was quoted
    /// tells an empty text from none: wasQuoted().
    /// Errors: BadInput - more or fewer cells than columns, an open quote, what is no UTF-8.
    Result<std::optional<QStringList>> next();
    bool wasQuoted(qsizetype column) const { return m_wasQuoted[size_t(column)]; }

private:
    CsvReader(std::unique_ptr<QIODevice> device, QString name);
    static Result<CsvReader> begin(std::unique_ptr<QIODevice> device, const QString &name,
                                   std::optional<char> delimiter);
    Status readHeader(std::optional<char> delimiter);
    Status checkHeader();
    /// False at the end of the file.
    Result<bool> readRow(QStringList *cells);
    Result<QString> quotedCell();
    Result<QString> plainCell();
    Result<QString> text(const QByteArray &cell);
    int peek(); ///< -1 at the end
    void skip() { ++m_at; }
    /// Skips one line end of any kind; false where there is none.
    bool skipLineEnd();
    Error wrong(const QString &what) const;

    std::unique_ptr<QIODevice> m_device;
    QString m_name; ///< for sentences; may be empty
    QByteArray m_buffer;
    qsizetype m_at = 0;
    char m_delimiter = ',';
    qint64 m_line = 1;
    qint64 m_rowLine = 1;
    QStringList m_header;
    std::vector<bool> m_wasQuoted;
};

} // namespace birch
