#pragma once

#include "drivers/simulator/simulator_bench.h"

#include <QThread>

#include <future>

namespace birch {

/// A simulator on a thread of its own, as the separate process would be: drivers block theirs.
class SimulatorThread
{
public:
    SimulatorThread(const BenchFile &bench, const SimulatorOptions &options)
    {
        m_anchor.moveToThread(&m_thread);
        m_thread.start();
        std::promise<QString> failure;
        QMetaObject::invokeMethod(&m_anchor, [&] {
            auto started = SimulatorBench::start(bench, options);
            if (!started)
                return failure.set_value(started.error().message);
            m_bench = std::move(started).value();
            failure.set_value({});
        });
        m_failure = failure.get_future().get();
        if (m_bench) {
            m_addresses = m_bench->addresses();
            m_control = m_bench->controlAddress();
        }
    }
    ~SimulatorThread()
    {
        QMetaObject::invokeMethod(&m_anchor, [this] {
            m_bench.reset(); // on its own thread
            m_thread.quit();
        });
        m_thread.wait();
    }

    QString failure() const { return m_failure; }
    QString address(const QString &nickname) const { return m_addresses.value(nickname); }
    QString control() const { return m_control; }
    void setFaults(const QString &nickname, const QString &script)
    {
        std::promise<bool> done;
        QMetaObject::invokeMethod(
            &m_anchor, [&] { done.set_value(bool(m_bench->setFaults(nickname, script))); });
        if (!done.get_future().get())
            qFatal("fault script refused");
    }

private:
    QThread m_thread;
    QObject m_anchor;
    std::unique_ptr<SimulatorBench> m_bench;
    QMap<QString, QString> m_addresses;
    QString m_control;
    QString m_failure;
};

} // namespace birch
