#include "app/session/journal_writer.h"

#include "core/base/file_io.h"
#include "core/base/file_writer.h"
#include "core/base/log.h"
#include "core/store/write_transaction.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMost = 10'000;
constexpr qsizetype kAtOnce = 200; // of one transaction: others write, too
constexpr std::chrono::seconds kRetry{5};
constexpr qint64 kLongestFile = 16 << 20;
constexpr int kLockWait = 1000; // ms

/// Would be refused for ever.
bool isHopeless(ErrorCode code)
{
    return code == ErrorCode::Denied || code == ErrorCode::BadInput ||
           code == ErrorCode::NotFound || code == ErrorCode::OutOfRange;
}
} // namespace

JournalWriter::JournalWriter(Place place)
    : m_place(std::move(place))
    , m_retry(new QTimer(this))
{
    m_retry->setSingleShot(true);
    m_retry->callOnTimeout(this, &JournalWriter::write);
}

JournalWriter::~JournalWriter() = default;

void JournalWriter::begin()
{
    const QString folder = QFileInfo(m_place.file).absolutePath();
    if (!m_place.database || !QFileInfo::exists(m_place.file) || !QDir().mkpath(folder))
        return;
    auto lock = std::make_unique<QLockFile>(m_place.file + u".lock"_s);
    if (!lock->tryLock(0))
        return; // another program brings them in
    if (const auto text = readFile(m_place.file, kLongestFile))
        m_waiting = journalFromText(text.value()) + m_waiting;
    m_lock = std::move(lock);
    write();
}

void JournalWriter::add(const JournalEntry &entry)
{
    if (!m_place.database)
        return;
    m_waiting.append(entry);
    if (m_waiting.size() > kMost)
        m_waiting.removeFirst();
    if (!m_retry->isActive())
        m_retry->start(0); // several in one transaction
}

void JournalWriter::write()
{
    while (!m_waiting.isEmpty()) {
        const Status done = writeSome();
        if (done)
            continue;
        m_connection.reset();
        setProblem(tr("The history of the instruments waits for the database: %1")
                       .arg(done.error().message));
        m_retry->start(kRetry);
        return;
    }
    setProblem({});
    if (m_lock && (!QFileInfo::exists(m_place.file) || QFile::remove(m_place.file)))
        m_lock.reset();
    emit written();
}

Status JournalWriter::connectDatabase()
{
    if (m_connection && m_connection->isAlive())
        return ok();
    auto connection = m_place.database->connect();
    if (!connection)
        return connection.error();
    auto session = openSession(*connection.value(), m_place.user);
    if (!session)
        return session.error();
    m_connection = std::move(connection).value();
    m_session = std::move(session).value();
    m_session.station = m_place.station;
    return ok();
}

Status JournalWriter::writeSome()
{
    if (Status connected = connectDatabase(); !connected)
        return connected;
    const qsizetype count = std::min(kAtOnce, m_waiting.size());
    auto transaction = WriteTransaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    for (qsizetype i = 0; i < count; ++i) {
        auto entry = WriteTransaction::begin(*m_connection);
        if (!entry)
            return entry.error();
        Status written = writeEntry(m_waiting[i]);
        if (written)
            written = entry.value().commit();
        if (written)
            continue;
        if (!isHopeless(written.error().code))
            return written;
        qCWarning(lcApp).noquote()
            << written.error()
                   .within(
                       tr("The history of %1 is not kept").arg(m_waiting[i].instrument.nickname))
                   .message;
    }
    if (Status done = transaction.value().commit(); !done)
        return done;
    m_waiting.remove(0, count);
    return ok();
}

Status JournalWriter::writeEntry(const JournalEntry &entry)
{
    InstrumentRegistry registry(*m_connection, m_session);
    if (!entry.settings.isEmpty())
        return registry.keepSettings(entry.instrument, entry.settings, entry.change.atUs);
    const bool isConnected = entry.change.event == u"ready" || entry.change.event == u"back";
    const auto row = registry.enter(entry.instrument, isConnected ? entry.change.atUs : 0);
    return row ? addInstrumentHistory(*m_connection, m_session, row.value(), entry.change)
               : Status(row.error());
}

void JournalWriter::setProblem(const QString &problem)
{
    if (m_problem == problem)
        return;
    m_problem = problem;
    if (!problem.isEmpty())
        qCWarning(lcApp).noquote() << problem;
    emit problemChanged(problem);
}

void JournalWriter::end()
{
    if (m_place.database && m_problem.isEmpty())
        write();
    m_retry->stop();
    if (m_place.database && !m_waiting.isEmpty())
        keep();
    m_connection.reset();
}

/// With what others could not write either.
void JournalWriter::keep()
{
    const bool isOurs = m_lock != nullptr; // all that is in the file waits here as well
    if (!QDir().mkpath(QFileInfo(m_place.file).absolutePath()))
        return;
    if (!m_lock)
        m_lock = std::make_unique<QLockFile>(m_place.file + u".lock"_s);
    if (!isOurs && !m_lock->tryLock(kLockWait))
        return;
    if (const auto text = readFile(m_place.file, kLongestFile); text && !isOurs)
        m_waiting = journalFromText(text.value()) + m_waiting;
    m_waiting.remove(0, std::max<qsizetype>(0, m_waiting.size() - kMost));
    if (const Status kept = writeFile(m_place.file, journalText(m_waiting)); !kept)
        qCWarning(lcApp).noquote()
            << tr("The history of the instruments is lost: %1").arg(kept.error().message);
    m_lock.reset();
}

} // namespace birch
