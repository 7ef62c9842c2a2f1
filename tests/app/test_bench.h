#pragma once

#include "tests/app/test_station.h"

namespace birch::test {

/// A simulated bench that outlives every birchctl of the test: two source meters (smu, spare), a
/// stage and a spectrometer. Ends with the test, however that ends, because its standard input
/// closes then.
class TestBench
{
public:
    enum class Wire { Socket, Serial }; ///< of smu and stage; Serial: pseudo-terminals

    /// Check problem() first.
    explicit TestBench(const TestStation &station, Wire wire = Wire::Socket);
    ~TestBench();
    TestBench(const TestBench &) = delete;
    TestBench &operator=(const TestBench &) = delete;

    QString problem() const { return m_problem; }
    /// The bench as birchctl shall see it: real addresses, no word of a simulation.
    QString file() const { return m_file; }
    /// Sets the fault script of an instrument; "" ends all faults.
    bool setFaults(const QString &nickname, const QString &script) const;
    /// Asks an instrument past birchctl; one on a serial line only while nobody else does.
    QByteArray ask(const QString &nickname, const QByteArray &query) const;

private:
    QProcess m_process;
    QString m_problem;
    QString m_file;
    QString m_control;
    QMap<QString, QString> m_addresses;
};

/// Rows: stage steps x bias points into "iv", one into "spectra" per stage step.
QByteArray killTree(int stageSteps, int biasPoints);
/// Bias to 1 V, then \a points reads with \a pause between.
QByteArray slowTree(int points, const QString &pause);

} // namespace birch::test
