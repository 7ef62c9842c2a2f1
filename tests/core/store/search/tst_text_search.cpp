#include "core/store/entity/entity_repository.h"
#include "core/store/queue_repository.h"
#include "core/store/scan_repository.h"
#include "core/store/search/object_search.h"
#include "core/store/search/search_rebuild.h"
#include "core/store/search/search_words.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

/// What a search finds: one table of results for both engines, and the texts it looks through.
class TextSearchTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        for (const bool isPostgres : {false, true}) {
            Store &engine = m_engines[isPostgres];
            engine.database = m_fixture.newDatabase(isPostgres);
            engine.connection = engine.database->connect().value();
            engine.session = openSession(*engine.connection, u"ada"_s).value();
            fill(engine);
        }
    }
    void cleanupTestCase() { m_engines.clear(); }

    void finds_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("search");
        QTest::addColumn<QStringList>("found");
        for (const bool isPostgres : {false, true}) {
            const auto row = [&](const char *name, const QString &search, const QString &found) {
                QTest::addRow("%s: %s", isPostgres ? "PostgreSQL" : "SQLite", name)
                    << isPostgres << search << found.split(u' ', Qt::SkipEmptyParts);
            };
            row("whole word", u"ohm"_s, u"ohm"_s);
            row("inside a word", u"ondu"_s, u"quotes"_s);
            row("upper case", u"DIODE"_s, u"dash ohm"_s);
            row("all of several words", u"diode 50"_s, u"ohm"_s);
            row("one of them missing", u"diode missing"_s, u""_s);
            row("omega", u"Ω"_s, u"ohm"_s);
            row("ohm sign", QString(QChar(0x2126)), u"ohm"_s);
            row("omega in capitals, folded", u"ω"_s, u"ohm"_s);
            row("u umlaut", u"für"_s, u"umlaut"_s);
            row("u and a combining mark", u"fu"_s + QChar(0x308) + u"r"_s, u"umlaut"_s);
            row("u alone is another letter", u"fur"_s, u""_s);
            row("sharp s as ss", u"STRASSE"_s, u"umlaut"_s);
            row("full width letters", u"ｄｉｏｄｅ"_s, u"dash ohm"_s);
            row("percent is a letter", u"50%"_s, u"percent"_s);
            row("percent alone begins no word", u"%"_s, u""_s);
            row("percent in the middle", u"0%x"_s, u"percent"_s);
            row("underscore is a letter", u"a_b"_s, u"percent"_s);
            row("underscore is no wildcard", u"a_c"_s, u""_s);
            row("escape character", u"a!b"_s, u"percent"_s);
            row("apostrophe", u"ada's"_s, u"quotes"_s);
            row("apostrophe alone", u"'"_s, u""_s);
            row("double quotes", u"\"semi"_s, u"quotes"_s);
            row("a double quote alone", u"\""_s, u"quotes"_s);
            row("star", u"5*x"_s, u"dash"_s);
            row("star alone begins a word", u"*"_s, u"dash"_s);
            row("a dash is a letter", u"-ray"_s, u"dash"_s);
            row("dash alone", u"-"_s, u"dash"_s);
            row("caret, colon, braces", u"{x}:^y"_s, u"dash"_s);
            row("AND is a word", u"AND"_s, u"quotes"_s);
            row("OR begins a word", u"OR"_s, u"quotes"_s);
            row("NOT is a word", u"NOT"_s, u"quotes"_s);
            row("NEAR is text", u"NEAR(a)"_s, u"quotes"_s);
            row("one emoji", u"🧪"_s, u"emoji"_s);
            row("two emoji", u"🧪🔬"_s, u"emoji"_s);
            row("three emoji", u"🔬🧪🧪"_s, u"emoji"_s);
            row("Chinese, one", u"样"_s, u"emoji"_s);
            row("Chinese, two", u"样品"_s, u"emoji"_s);
            row("Chinese inside a word", u"品测试"_s, u"emoji"_s);
            row("Chinese, two, inside a word", u"测试"_s, u""_s);
            row("one letter begins a word", u"d"_s, u"dash ohm umlaut"_s);
            row("two letters begin a word", u"di"_s, u"dash ohm umlaut"_s);
            row("two letters inside one", u"io"_s, u""_s);
            row("digits", u"50"_s, u"ohm percent"_s);
            row("empty", u""_s, u"dash emoji long ohm percent quotes umlaut"_s);
            row("blanks", u"  \t "_s, u"dash emoji long ohm percent quotes umlaut"_s);
            row("500 characters", longWord(), u"long"_s);
            row("500 others", longWord().replace(250, 1, u"!"_s), u""_s);
            row("250 words", u"d "_s.repeated(250), u"dash ohm umlaut"_s);
            row("a backslash", u"c:\\data"_s, u"percent"_s);
        }
    }
    void finds()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, search);
        QFETCH(QStringList, found);
        QCOMPARE(idsFound(m_engines[isPostgres], search), found);
    }

    void wordsOfASearch()
    {
        const SearchRequest request =
            parseSearch(u"Gap -draft \"Two  Words\" -\"not these\" kind:samples - Gap"_s);
        QCOMPARE(request.words.all, QStringList({u"gap"_s, u"two words"_s, u"-"_s}));
        QCOMPARE(request.words.none, QStringList({u"draft"_s, u"not these"_s}));
        QCOMPARE(request.kinds, QStringList({u"samples"_s}));
        QCOMPARE(triplesOf(u"ab"_s), QStringList({u" ab"_s}));
        QCOMPARE(triplesOf(u"🧪"_s), QStringList({u"  🧪"_s}));
        QCOMPARE(triplesOf(u"abcd"_s), QStringList({u"abc"_s, u"bcd"_s}));
    }

    void textsFollow_data() { test::StoreFixture::addEngines(); }
    void textsFollow()
    {
        QFETCH(bool, isPostgres);
        Store &engine = m_engines[isPostgres];
        const auto store = SqlRunStore::open(*engine.database, u"ada"_s, u"bench"_s);
        BIRCH_VERIFY(store);
        NewScan scan = test::newScan();
        EntityRepository samples(*engine.connection, sampleSpec());
        const auto sample = samples.insert(engine.session, {{u"sample_id"_s, u"X-1"_s}});
        BIRCH_VERIFY(sample);
        scan.details.sampleUid = sample.value().uid;
        BIRCH_VERIFY(store.value()->createScan(scan));
        const auto queue = store.value()->createQueue(u"Night Ω run"_s, u"serial"_s);
        BIRCH_VERIFY(queue);
        const QString before = textOf(engine, u"scans"_s, uidText(scan.uid));
        for (const QString &word :
             {u"iv map"_s, u"first try"_s, u"ada"_s, u"ünïcode"_s, u"x-1"_s, u"diodes"_s,
              u"bench-270115-001"_s, u"50% of 'all'"_s, u"mask m 12"_s, u"two lines"_s})
            QVERIFY2(before.contains(word), qPrintable(word + u" not in "_s + before));
        QCOMPARE(textOf(engine, u"queues"_s, uidText(queue.value())), u"night ω run bench"_s);

        BIRCH_VERIFY(samples.update(engine.session, sample.value().uid,
                                    {{u"sample_id"_s, u"X-2"_s}}, sample.value().revision));
        QVERIFY(textOf(engine, u"scans"_s, uidText(scan.uid)).contains(u"x-2"_s));
        ScanRepository scans(*engine.connection);
        ScanRecord record = scans.find(engine.session, uidText(scan.uid)).value();
        record.details.comment = u"Sparks"_s;
        record.details.fields = {{u"Gas"_s, u"Krypton"_s}};
        BIRCH_VERIFY(scans.editDetails(engine.session, scan.uid, record.details, record.revision));
        QVERIFY(textOf(engine, u"scans"_s, uidText(scan.uid)).contains(u"sparks"_s));
        const QString edited = textOf(engine, u"scans"_s, uidText(scan.uid));
        QVERIFY2(edited.contains(u"gas krypton"_s) && !edited.contains(u"mask"_s),
                 qPrintable(edited));

        QueueRepository queues(*engine.connection);
        BIRCH_VERIFY(queues.setFields(engine.session, queue.value(), {{u"Gas"_s, u"Xenon"_s}}));
        QCOMPARE(textOf(engine, u"queues"_s, uidText(queue.value())),
                 u"night ω run bench gas xenon"_s);
        QCOMPARE(hits(engine, u"xenon"_s), QStringList{u"queues Night Ω run"_s});
        QCOMPARE(hits(engine, u"krypton"_s).size(), 1);
    }

    /// A scan begins with what its queue says at that moment, under what was said about itself.
    void queuesGiveTheirFields_data() { test::StoreFixture::addEngines(); }
    void queuesGiveTheirFields()
    {
        QFETCH(bool, isPostgres);
        Store &engine = m_engines[isPostgres];
        const auto store = SqlRunStore::open(*engine.database, u"ada"_s, u"bench"_s);
        BIRCH_VERIFY(store);
        QueueRepository queues(*engine.connection);
        const auto queue = queues.createNamed(
            engine.session, u"bench"_s, u"fields"_s, {},
            {{u"Gas"_s, u"neon"_s}, {u"Mask"_s, u"Q"_s}, {u"Tip"_s, u"Q"_s}, {u"Run"_s, u"Q"_s}});
        BIRCH_VERIFY(queue);
        QCOMPARE(queues.find(engine.session, u"fields"_s).value().fields.size(), 4);
        NewScan scan = test::newScan();
        scan.queueUid = queue.value();
        // Gas as the tree says; Mask said otherwise; Tip of the tree taken away; Run only the
        // queue's.
        scan.tree.insert(u"details"_s, QJsonObject{{u"fields"_s, QJsonObject{{u"Gas"_s, u"air"_s},
                                                                             {u"Mask"_s, u"T"_s},
                                                                             {u"Tip"_s, u"T"_s}}}});
        scan.details.fields = {{u"Gas"_s, u"air"_s}, {u"Mask"_s, u"own"_s}, {u"Oil"_s, u"own"_s}};
        BIRCH_VERIFY(store.value()->createScan(scan));
        const auto stored =
            ScanRepository(*engine.connection).find(engine.session, uidText(scan.uid));
        BIRCH_VERIFY(stored);
        QCOMPARE(stored.value().details.fields, (QMap<QString, QString>{{u"Gas"_s, u"neon"_s},
                                                                        {u"Mask"_s, u"own"_s},
                                                                        {u"Oil"_s, u"own"_s},
                                                                        {u"Run"_s, u"Q"_s}}));
        QCOMPARE(hits(engine, u"\"gas neon\" kind:scans"_s).size(), 1);
    }

    /// birchctl search: over entities, scans and queues.
    void looksThroughEverything_data() { test::StoreFixture::addEngines(); }
    void looksThroughEverything()
    {
        QFETCH(bool, isPostgres);
        Store &engine = m_engines[isPostgres];
        const auto store = SqlRunStore::open(*engine.database, u"ada"_s, u"bench"_s);
        BIRCH_VERIFY(store);
        NewScan scan = test::newScan();
        scan.details.comment = u"Zebra crossing"_s;
        const auto opened = store.value()->createScan(scan);
        BIRCH_VERIFY(opened);
        BIRCH_VERIFY(store.value()->createQueue(u"zebra night"_s, u"serial"_s));
        EntityRepository samples(*engine.connection, sampleSpec());
        const QVariantMap values{{u"sample_id"_s, u"Zebra"_s}, {u"name"_s, u"Striped"_s}};
        BIRCH_VERIFY(samples.insert(engine.session, values));
        const auto trashed = samples.insert(engine.session, {{u"sample_id"_s, u"zebra-gone"_s}});
        BIRCH_VERIFY(trashed);
        BIRCH_VERIFY(samples.setTrashed(engine.session, trashed.value().uid, true));

        const QString scanHit = u"scans "_s + opened.value().scanId;
        QCOMPARE(hits(engine, u"zebra"_s),
                 QStringList({u"samples Zebra"_s, u"queues zebra night"_s, scanHit}));
        QCOMPARE(hits(engine, u"zebra -night"_s), QStringList({u"samples Zebra"_s, scanHit}));
        QCOMPARE(hits(engine, u"\"zebra crossing\""_s), QStringList{scanHit});
        QCOMPARE(hits(engine, u"\"crossing zebra\""_s), QStringList());
        QCOMPARE(hits(engine, u"zebra kind:samples"_s), QStringList{u"samples Zebra"_s});
        QCOMPARE(hits(engine, u"zebra kind:queue kind:scans"_s),
                 QStringList({u"queues zebra night"_s, scanHit}));
        QCOMPARE(hits(engine, u"zebra"_s, true).size(), 4);
        // What is called exactly so comes first, though newer things have the word too.
        EntityRepository precursors(*engine.connection, *entityByTable(u"precursors"_s));
        BIRCH_VERIFY(precursors.insert(engine.session, {{u"name"_s, u"for Zebra"_s}}));
        QCOMPARE(hits(engine, u"Zebra"_s).first(), u"samples Zebra"_s);
        QCOMPARE(hits(engine, opened.value().uid.toString(QUuid::WithoutBraces)),
                 QStringList{scanHit});

        ObjectSearchFilter filter;
        filter.request = parseSearch(u"zebra kind:unicorns"_s);
        ObjectSearch search(*engine.connection);
        QCOMPARE(search.search(engine.session, filter).error().code, ErrorCode::BadInput);
        filter.request = parseSearch(u"-zebra"_s);
        QCOMPARE(search.search(engine.session, filter).error().code, ErrorCode::BadInput);
        filter.request = parseSearch(u"striped"_s);
        const auto found = search.search(engine.session, filter);
        BIRCH_VERIFY(found);
        const ObjectHit hit = found.value().hits.first();
        QCOMPARE(hit.name, u"Striped"_s);
        QCOMPARE(hit.lab, u"Lab"_s);
        QCOMPARE(hit.snippet, u"zebra striped"_s);
    }

    /// As after an upgrade, or a copy that wrote tables directly.
    void rebuilds_data() { test::StoreFixture::addEngines(); }
    void rebuilds()
    {
        QFETCH(bool, isPostgres);
        Store &engine = m_engines[isPostgres];
        const QStringList before = allTexts(engine);
        BIRCH_VERIFY(engine.connection->execute(
            u"UPDATE objects SET search_text = '', title = '' WHERE kind <> 'labs'"_s));
        BIRCH_VERIFY(engine.connection->execute(u"UPDATE object_counts SET kept = 7"_s));
        QCOMPARE(idsFound(engine, u"ohm"_s), QStringList());
        BIRCH_VERIFY(rebuildSearch(*engine.connection));
        QCOMPARE(allTexts(engine), before);
        QCOMPARE(idsFound(engine, u"ohm"_s), QStringList({u"ohm"_s}));
        QCOMPARE(allTexts(engine), before);
        const auto wrong = engine.connection->firstRow(
            u"SELECT count(*) FROM (SELECT kind, sum(kept) AS n FROM object_counts GROUP BY kind) "
            u"c "
            "WHERE c.n <> (SELECT count(*) FROM objects o WHERE o.kind = c.kind "
            "AND o.trashed_at IS NULL)"_s);
        BIRCH_VERIFY(wrong);
        QCOMPARE(wrong.value().value().first().toInt(), 0);
    }

    void serverWithoutLettersIsRefused()
    {
        const auto server =
            Connection::open(m_fixture.newUrl(true).withName(u"postgres"_s)).value();
        BIRCH_VERIFY(server->script(
            u"CREATE DATABASE plain TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' "
            "LC_CTYPE 'C'"_s));
        Schema schema(m_fixture.newUrl(true).withName(u"plain"_s));
        const auto refused = schema.init(u"ada"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QVERIFY2(refused.error().message.contains(u"LC_CTYPE"_s),
                 qPrintable(refused.error().message));
    }

private:
    struct Store {
        std::unique_ptr<Database> database;
        std::unique_ptr<Connection> connection;
        Session session;
    };

    static QString longWord()
    {
        QString word;
        for (int i = 0; word.size() < 500; ++i)
            word += QString::number(i * 7919, 36);
        return word.first(500);
    }
    static void fill(Store &engine)
    {
        const std::pair<QString, QString> rows[] = {
            {u"ohm"_s, QString(QChar(0x2126)) + u" diode 50 k"_s},
            {u"umlaut"_s, u"FÜR die Straße"_s},
            {u"percent"_s, u"50%x a_b a!b c:\\data"_s},
            {u"quotes"_s, u"Ada's \"semiconductor\" OR AND NOT NEAR(a) \"x"_s},
            {u"dash"_s, u"X-Ray - 5*x * Diode {x}:^y"_s},
            {u"emoji"_s, u"🧪🔬🧪🧪 样品测试"_s},
            {u"long"_s, u"x"_s + longWord() + u"x"_s},
        };
        EntityRepository repository(*engine.connection, *entityByTable(u"precursors"_s));
        for (const auto &[id, text] : rows) {
            QVariantMap values{{u"name"_s, id}};
            values.insert(u"description"_s, text);
            BIRCH_VERIFY(repository.insert(engine.session, values));
        }
    }
    static QStringList idsFound(Store &engine, const QString &search)
    {
        EntityFilter filter;
        filter.search = search;
        filter.sort = u"name"_s;
        const auto page = EntityRepository(*engine.connection, *entityByTable(u"precursors"_s))
                              .list(engine.session, filter);
        if (!page)
            return {page.error().message};
        QStringList ids;
        for (const EntityRecord &record : page.value().records)
            ids << record.text(u"name"_s);
        return page.value().total == ids.size() ? ids : QStringList{u"the total is wrong"_s};
    }
    static QStringList hits(Store &engine, const QString &text, bool withTrash = false)
    {
        ObjectSearchFilter filter;
        filter.request = parseSearch(text);
        filter.isTrashIncluded = withTrash;
        const auto found = ObjectSearch(*engine.connection).search(engine.session, filter);
        if (!found)
            return {found.error().message};
        QStringList lines;
        for (const ObjectHit &hit : found.value().hits)
            lines << hit.kind + u' ' + hit.id;
        return lines;
    }
    static QString textOf(Store &engine, const QString &kind, const QString &uid)
    {
        return engine.connection
            ->firstRow(u"SELECT search_text FROM objects WHERE kind = ? AND uid = ?"_s, {kind, uid})
            .value()
            .value()
            .first()
            .toString();
    }
    static QStringList allTexts(Store &engine)
    {
        QStringList texts;
        const Status done = engine.connection->select(
            u"SELECT kind, title, search_text FROM objects ORDER BY id"_s, {},
            [&texts](const SqlRow &row) {
                texts << row.text(0) + u'|' + row.text(1) + u'|' + row.text(2);
            });
        return done ? texts : QStringList{done.error().message};
    }

    test::StoreFixture m_fixture;
    std::map<bool, Store> m_engines;
};

QTEST_GUILESS_MAIN(TextSearchTest)
#include "tst_text_search.moc"
