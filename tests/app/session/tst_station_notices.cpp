#include "app/session/station_notices.h"

#include "core/store/change_feed.h"
#include "core/store/entity/entities.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_reader.h"

#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class StationNoticesTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        StationOptions options;
        options.database = m_folder->filePath(u"birch.db"_s);
        options.flags = {{u"state.path"_s, m_folder->path()},
                         {u"spool.path"_s, m_folder->filePath(u"spool"_s)}};
        Problems problems;
        const Settings settings = StationData::readSettings(options, &problems);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.value(0).message));
        auto data = StationData::open(options, settings);
        QVERIFY2(data, qPrintable(data ? QString() : data.error().message));
        m_data = std::move(data).value();
    }
    void cleanup() { m_data.reset(); }

    /// A window stays open for weeks; who is to be told of a scan changes meanwhile.
    void rulesMadeWhileTheWindowRunsCount()
    {
        const QString ada = add(u"subscribers"_s, {{u"name"_s, u"Ada"_s},
                                                   {u"channel_type"_s, u"webhook"_s},
                                                   {u"address"_s, u"http://127.0.0.1:9/"_s}});
        StationNotices notices(*m_data, u"TEST"_s);
        StoreReader reader(m_data->database(), m_data->user());
        ChangeFeed changes(m_data->database());
        notices.follow(changes, reader);
        QVERIFY(notices.peopleFor(NoticeEvent::ScanFailed).isEmpty());
        const QString rule = add(u"notification_rules"_s,
                                 {{u"subscriber"_s, ada}, {u"event_type"_s, u"scan.failed"_s}});
        QTRY_COMPARE(notices.peopleFor(NoticeEvent::ScanFailed).size(), 1);
        QVERIFY(notices.peopleFor(NoticeEvent::ScanCompleted).isEmpty());
        QVERIFY(EntityRepository(m_data->connection(), specOf(u"notification_rules"_s))
                    .setTrashed(m_data->session(), rule, true));
        QTRY_VERIFY(notices.peopleFor(NoticeEvent::ScanFailed).isEmpty());
    }

private:
    static const EntitySpec &specOf(const QString &table) { return *entityByTable(table); }
    QString add(const QString &table, const QVariantMap &values) const
    {
        const auto made = EntityRepository(m_data->connection(), specOf(table))
                              .insert(m_data->session(), values, {});
        if (!made)
            qFatal("%s", qPrintable(made.error().message));
        return made.value().uid;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<StationData> m_data;
};

QTEST_GUILESS_MAIN(StationNoticesTest)
#include "tst_station_notices.moc"
