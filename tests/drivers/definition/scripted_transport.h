#pragma once

#include "core/instrument/transport.h"

#include <QList>
#include <QStringList>

#include <functional>
#include <map>

namespace birch {

/// Answers from a table and writes down what was sent: for scripted unit tests only.
class ScriptedTransport final : public Transport
{
public:
    struct Shared {
        std::map<QByteArray, QList<Result<QByteArray>>> replies; ///< the last one stays
        std::map<QByteArray, Error> sendErrors;
        QList<QByteArray> sent;
        bool isOpen = false;
        bool echoes = false; ///< every command is answered by itself, and what is read() by replies
    };
    explicit ScriptedTransport(Shared &shared)
        : m_shared(shared)
    {
    }

    Status open(const Call &) override
    {
        m_shared.isOpen = true;
        return ok();
    }
    void close() override { m_shared.isOpen = false; }
    bool isOpen() const override { return m_shared.isOpen; }
    Status send(QByteArrayView message, const Call &call) override
    {
        m_shared.sent.append(message.toByteArray());
        if (call.stop.stop_requested())
            return Error{ErrorCode::Cancelled, QStringLiteral("stopped")};
        const auto error = m_shared.sendErrors.find(message.toByteArray());
        return error == m_shared.sendErrors.end() ? ok() : Status(error->second);
    }
    Result<QByteArray> query(QByteArrayView message, ReplyShape, const Call &call) override
    {
        m_shared.sent.append(message.toByteArray());
        if (call.stop.stop_requested())
            return Error{ErrorCode::Cancelled, QStringLiteral("stopped")};
        m_last = message.toByteArray();
        if (m_shared.echoes)
            return m_last;
        return answer();
    }
    Result<QByteArray> read(ReplyShape, const Call &) override { return answer(); }
    QString address() const override { return QStringLiteral("TCPIP0::scripted::1::SOCKET"); }

private:
    Result<QByteArray> answer()
    {
        const auto found = m_shared.replies.find(m_last);
        if (found == m_shared.replies.end())
            return Error{ErrorCode::Timeout, QStringLiteral("no answer")};
        if (found->second.size() > 1)
            return found->second.takeFirst();
        return found->second.first();
    }

    Shared &m_shared;
    QByteArray m_last;
};

} // namespace birch
