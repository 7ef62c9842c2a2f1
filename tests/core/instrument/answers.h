#pragma once

#include "core/instrument/reply_port.h"

#include <QList>
#include <QObject>
#include <QThread>

#include <vector>

namespace birch::test {

/// Keeps every answer, so that a second one is noticed. Its context dies with it.
template<typename T>
class Answers
{
public:
    Reply<T> reply()
    {
        return [this](Result<T> result) {
            threads.append(QThread::currentThread());
            results.push_back(std::move(result));
        };
    }
    QObject *context() { return &m_context; }
    bool isOk() const { return results.size() == 1 && results.front(); }
    ErrorCode code() const
    {
        return results.size() == 1 && !results.front() ? results.front().error().code
                                                       : ErrorCode::Internal;
    }
    QString message() const
    {
        return results.front() ? QString() : results.front().error().message;
    }

    std::vector<Result<T>> results;
    QList<QThread *> threads;

private:
    QObject m_context;
};

} // namespace birch::test
