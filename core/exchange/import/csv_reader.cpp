#include "core/exchange/import/csv_reader.h"

#include <QBuffer>
#include <QFile>
#include <QStringDecoder>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kBlockBytes = 256 * 1024;
constexpr qsizetype kMaxCellBytes = 16 * 1024 * 1024;
constexpr qsizetype kMaxColumns = 4096;

/// What stands outside quotes in the first line most often.
char likelyDelimiter(QByteArrayView line)
{
    constexpr QByteArrayView kDelimiters = ",;\t";
    std::array<qsizetype, 3> counts{};
    bool isQuoted = false;
    for (char c : line) {
        if (c == '"')
            isQuoted = !isQuoted;
        else if (!isQuoted && (c == '\n' || c == '\r'))
            break;
        else if (const qsizetype which = isQuoted ? -1 : kDelimiters.indexOf(c); which >= 0)
            ++counts[size_t(which)];
    }
    const auto most = std::max_element(counts.begin(), counts.end()); // the first of equals
    return kDelimiters[most - counts.begin()];
}
} // namespace

CsvReader::CsvReader(std::unique_ptr<QIODevice> device, QString name)
    : m_device(std::move(device))
    , m_name(std::move(name))
{
}

Result<CsvReader> CsvReader::open(const QString &path, std::optional<char> delimiter)
{
    auto file = std::make_unique<QFile>(path);
    if (!file->exists())
        return Error{ErrorCode::NotFound, tr("%1 does not exist: check the path").arg(path)};
    if (!file->open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, tr("%1 can not be read (%2): check the path and your rights")
                                        .arg(path, file->errorString())};
    return begin(std::move(file), path, delimiter);
}

Result<CsvReader> CsvReader::read(const QByteArray &bytes, std::optional<char> delimiter)
{
    auto buffer = std::make_unique<QBuffer>();
    buffer->setData(bytes);
    buffer->open(QIODevice::ReadOnly);
    return begin(std::move(buffer), {}, delimiter);
}

Result<CsvReader> CsvReader::begin(std::unique_ptr<QIODevice> device, const QString &name,
                                   std::optional<char> delimiter)
{
    CsvReader reader(std::move(device), name);
    if (Status read = reader.readHeader(delimiter); !read)
        return read.error();
    return reader;
}

Error CsvReader::wrong(const QString &what) const
{
    return {ErrorCode::BadInput, m_name.isEmpty()
                                     ? tr("line %1: %2").arg(m_line).arg(what)
                                     : tr("%1, line %2: %3").arg(m_name).arg(m_line).arg(what)};
}

int CsvReader::peek()
{
    if (m_at == m_buffer.size()) {
        m_buffer = m_device->read(kBlockBytes);
        m_at = 0;
        if (m_buffer.isEmpty())
            return -1;
    }
    return quint8(m_buffer[m_at]);
}

bool CsvReader::skipLineEnd()
{
    const int c = peek();
    if (c != '\r' && c != '\n')
        return false;
    skip();
    if (c == '\r' && peek() == '\n')
        skip();
    ++m_line;
    return true;
}

Status CsvReader::readHeader(std::optional<char> delimiter)
{
    if (peek() < 0)
        return wrong(tr("it is empty: a CSV file begins with the names of its columns"));
    if (m_buffer.startsWith("\xff\xfe") || m_buffer.startsWith("\xfe\xff"))
        return wrong(tr("it is in UTF-16: save it as UTF-8"));
    if (m_buffer.startsWith("\xef\xbb\xbf"))
        m_at = 3;
    while (skipLineEnd()) {
    }
    m_delimiter = delimiter.value_or(likelyDelimiter(QByteArrayView(m_buffer).sliced(m_at)));
    const auto read = readRow(&m_header);
    if (!read)
        return read.error();
    if (!read.value())
        return wrong(tr("it is empty: a CSV file begins with the names of its columns"));
    return checkHeader();
}

Status CsvReader::checkHeader()
{
    QStringList seen;
    for (QString &name : m_header) {
        name = name.trimmed();
        if (name.isEmpty())
            return wrong(
                tr("column %1 has no name: name it in the first line").arg(seen.size() + 1));
        if (seen.contains(name))
            return wrong(tr("two columns are named \"%1\": rename one of them").arg(name));
        seen << name;
    }
    return ok();
}

Result<std::optional<QStringList>> CsvReader::next()
{
    QStringList cells;
    const auto read = readRow(&cells);
    if (!read)
        return read.error();
    if (!read.value())
        return std::optional<QStringList>();
    if (cells.size() != m_header.size()) {
        const qint64 end = std::exchange(m_line, m_rowLine);
        const Error error = wrong(tr("it has %1 cells, the header has %2: put cells that contain "
                                     "\"%3\" into quotes")
                                      .arg(cells.size())
                                      .arg(m_header.size())
                                      .arg(QLatin1Char(m_delimiter)));
        m_line = end;
        return error;
    }
    return std::optional(std::move(cells));
}

Result<bool> CsvReader::readRow(QStringList *cells)
{
    while (skipLineEnd()) {
    }
    if (peek() < 0)
        return false;
    m_rowLine = m_line;
    m_wasQuoted.clear();
    for (;;) {
        const bool isQuoted = peek() == '"';
        auto cell = isQuoted ? quotedCell() : plainCell();
        if (!cell)
            return cell.error();
        if (cells->size() == kMaxColumns)
            return wrong(tr("it has more than %1 cells").arg(kMaxColumns));
        cells->append(std::move(cell).value());
        m_wasQuoted.push_back(isQuoted);
        if (peek() != m_delimiter)
            break;
        skip();
    }
    if (peek() >= 0 && !skipLineEnd())
        return wrong(tr("there is text behind a closing quote: write a quote inside quotes twice"));
    return true;
}

Result<QString> CsvReader::quotedCell()
{
    const qint64 opened = m_line;
    skip();
    QByteArray cell;
    for (;;) {
        const int c = peek();
        if (c < 0 || cell.size() > kMaxCellBytes) {
            m_line = opened;
            return wrong(tr("a quote is opened and not closed: close it, or write a quote inside "
                            "quotes twice"));
        }
        skip();
        if (c == '"' && peek() != '"')
            return text(cell);
        if (c == '"')
            skip();
        else if (c == '\n' || (c == '\r' && peek() != '\n'))
            ++m_line;
        cell += char(c);
    }
}

Result<QString> CsvReader::plainCell()
{
    QByteArray cell;
    for (int c = peek(); c >= 0 && c != m_delimiter && c != '\n' && c != '\r'; c = peek()) {
        if (cell.size() > kMaxCellBytes)
            return wrong(tr("a cell is larger than %1 MiB: is this a CSV file?")
                             .arg(kMaxCellBytes / 1024 / 1024));
        cell += char(c);
        skip();
    }
    return text(cell);
}

Result<QString> CsvReader::text(const QByteArray &cell)
{
    if (cell.contains('\0'))
        return wrong(tr("it holds a zero byte: this is no CSV file"));
    // A byte order mark inside the file is a character like any other.
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    QString decoded = decoder.decode(cell);
    if (decoder.hasError())
        return wrong(tr("it is not in UTF-8: save the file as UTF-8"));
    return decoded;
}

} // namespace birch
