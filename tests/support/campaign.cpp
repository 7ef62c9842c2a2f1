#include "tests/support/campaign.h"

#include <QDir>
#include <QRandomGenerator>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace birch::test {

Campaign::Campaign(QString name, const char *countVariable, int usualCount)
    : m_name(std::move(name))
    , m_folder(qEnvironmentVariable("BIRCH_CAMPAIGN_FOLDER"))
    , m_count(usualCount)
{
    if (const int asked = qEnvironmentVariableIntValue(countVariable, &m_isLong); m_isLong)
        m_count = asked;
    bool isGiven = false;
    m_seed = qEnvironmentVariable("BIRCH_CAMPAIGN_SEED").toUInt(&isGiven);
    if (!isGiven)
        m_seed = QRandomGenerator::system()->generate();
    if (!m_folder.isEmpty()) {
        QDir().mkpath(m_folder);
        QSettings kept(file(), QSettings::IniFormat);
        if (isGiven || kept.value(u"count"_s).toInt() != m_count) {
            kept.clear();
            kept.setValue(u"count"_s, m_count);
            kept.setValue(u"seed"_s, m_seed);
        }
        m_seed = kept.value(u"seed"_s).toUInt();
    }
    qInfo("%s: %d trials, BIRCH_CAMPAIGN_SEED=%u repeats them", qPrintable(m_name), m_count,
          m_seed);
}

QString Campaign::file() const
{
    return QDir(m_folder).filePath(m_name + u".ini"_s);
}

int Campaign::perRow(int rows) const
{
    return std::max(1, (m_count + rows - 1) / rows);
}

int Campaign::done(const QString &row) const
{
    return m_folder.isEmpty()
               ? 0
               : QSettings(file(), QSettings::IniFormat).value(u"done/"_s + row).toInt();
}

void Campaign::setDone(const QString &row, int trials)
{
    if (!m_folder.isEmpty())
        QSettings(file(), QSettings::IniFormat).setValue(u"done/"_s + row, trials);
}

void Campaign::forgetIfDone(int trials)
{
    if (m_folder.isEmpty())
        return;
    QSettings kept(file(), QSettings::IniFormat);
    kept.beginGroup(u"done"_s);
    int sum = 0;
    for (const QString &row : kept.childKeys())
        sum += kept.value(row).toInt();
    kept.endGroup();
    if (sum >= trials)
        kept.clear();
}

std::mt19937 Campaign::random(const QString &row, int trial) const
{
    const QByteArray name = row.toUtf8();
    std::seed_seq seeds{m_seed, quint32(trial), quint32(qHash(name, 0))};
    return std::mt19937(seeds);
}

} // namespace birch::test
