#include "core/store/store_reader.h"

namespace birch {

StoreReader::StoreReader(const Database &database, QString userName, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_userName(std::move(userName))
    , m_worker(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("store reader"));
    m_worker->moveToThread(&m_thread);
    m_thread.start();
}

StoreReader::~StoreReader()
{
    // The connection belongs to the thread: it closes there, behind the request in flight.
    QMetaObject::invokeMethod(m_worker.get(), [this] {
        m_connection.reset();
        m_thread.quit();
    });
    m_thread.wait();
}

Status StoreReader::connect()
{
    if (m_connection && m_connection->isFresh()) {
        auto session = renewed(*m_connection, m_session);
        if (!session)
            return session.error();
        m_session = std::move(session).value();
        return ok();
    }
    m_connection.reset();
    auto connection = m_database.connect();
    if (!connection)
        return connection.error();
    const auto session = openSession(*connection.value(), m_userName);
    if (!session)
        return session.error();
    m_connection = std::move(connection).value();
    m_session = session.value();
    return ok();
}

} // namespace birch
