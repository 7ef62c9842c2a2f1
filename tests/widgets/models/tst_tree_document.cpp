#include "core/plan/scan_json.h"
#include "core/plan/standard_nodes.h"
#include "tests/support/demo_specs.h"
#include "widgets/models/scan_tree_model.h"
#include "widgets/models/tree_document.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class TreeDocumentTest : public QObject
{
    Q_OBJECT
private slots:
    void typingIsOneUndoStep();
    void dragMovesUnderAnotherParent();
    void dropIntoItselfIsRefused();
    void randomEditsUndoToTheSameBytes();
    void savesAndOpens();
    void problemsReachTheNodes();
    void restoredTreeIsModified();

private:
    static NodeId add(TreeDocument &document, const QString &kind, const NodeId &parent, int row)
    {
        auto node = std::make_unique<ScanNode>(kind);
        const NodeId id = node->id;
        (void)document.apply(TreeEdit(TreeEdit::Insert{parent, row, std::move(node)}), u"add"_s);
        return id;
    }
    NodeRegistry m_registry = standardNodes();
};

void TreeDocumentTest::typingIsOneUndoStep()
{
    TreeDocument document(m_registry, test::demoSpecs());
    const NodeId wait = add(document, u"wait"_s, document.tree().root()->id, 0);
    const int before = document.undoStack().count();
    for (const QString &text : {u"1"_s, u"1 "_s, u"1 s"_s})
        QVERIFY(document.apply(TreeEdit(TreeEdit::SetField{wait, u"duration"_s, text}), u"type"_s,
                               u"k"_s));
    QCOMPARE(document.undoStack().count(), before + 1);
    document.endMerge();
    QVERIFY(document.apply(TreeEdit(TreeEdit::SetField{wait, u"duration"_s, u"2 s"_s}), u"type"_s,
                           u"k"_s));
    QCOMPARE(document.undoStack().count(), before + 2);
    document.undoStack().undo();
    QCOMPARE(document.tree().find(wait)->fields.value(u"duration"_s).toString(), u"1 s"_s);
    document.undoStack().undo();
    QVERIFY(document.tree().find(wait)->fields.value(u"duration"_s).isUndefined());
    document.undoStack().redo();
    QCOMPARE(document.tree().find(wait)->fields.value(u"duration"_s).toString(), u"1 s"_s);
}

void TreeDocumentTest::dragMovesUnderAnotherParent()
{
    TreeDocument document(m_registry, test::demoSpecs());
    QAbstractItemModelTester tester(&document.model(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    const NodeId root = document.tree().root()->id;
    const NodeId sweep = add(document, u"sweep"_s, root, 0);
    const NodeId measure = add(document, u"measure"_s, root, 1);
    ScanTreeModel &model = document.model();
    const std::unique_ptr<QMimeData> drag(model.mimeData({model.indexOf(measure)}));
    QVERIFY(model.canDropMimeData(drag.get(), Qt::MoveAction, -1, 0, model.indexOf(sweep)));
    model.dropMimeData(drag.get(), Qt::MoveAction, -1, 0, model.indexOf(sweep));
    QCOMPARE(document.tree().find(measure)->parent()->id, sweep);
    document.undoStack().undo();
    QCOMPARE(document.tree().find(measure)->parent()->id, root);
    QCOMPARE(document.tree().find(measure)->row(), 1);

    const NodeId last = add(document, u"wait"_s, root, 2);
    const std::unique_ptr<QMimeData> first(model.mimeData({model.indexOf(sweep)}));
    model.dropMimeData(first.get(), Qt::MoveAction, 3, 0, {}); // behind the last one
    QCOMPARE(document.tree().find(sweep)->row(), 2);
    QCOMPARE(document.tree().find(last)->row(), 1);
}

void TreeDocumentTest::dropIntoItselfIsRefused()
{
    TreeDocument document(m_registry, test::demoSpecs());
    const NodeId outer = add(document, u"sweep"_s, document.tree().root()->id, 0);
    const NodeId inner = add(document, u"sweep"_s, outer, 0);
    const NodeId measure = add(document, u"measure"_s, outer, 1);
    ScanTreeModel &model = document.model();
    const std::unique_ptr<QMimeData> drag(model.mimeData({model.indexOf(outer)}));
    QVERIFY(!model.canDropMimeData(drag.get(), Qt::MoveAction, -1, 0, model.indexOf(inner)));
    const std::unique_ptr<QMimeData> leaf(model.mimeData({model.indexOf(inner)}));
    QVERIFY(!model.canDropMimeData(leaf.get(), Qt::MoveAction, -1, 0, model.indexOf(measure)));
    const QByteArray before = document.text();
    model.dropMimeData(drag.get(), Qt::MoveAction, -1, 0, model.indexOf(inner));
    QCOMPARE(document.text(), before);
}

void TreeDocumentTest::randomEditsUndoToTheSameBytes()
{
    TreeDocument document(m_registry, test::demoSpecs());
    QAbstractItemModelTester tester(&document.model(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    QRandomGenerator random(20261120);
    const NodeId root = document.tree().root()->id;
    QList<NodeId> ids{root};
    const QStringList kinds{u"sweep"_s, u"sequence"_s, u"measure"_s, u"wait"_s, u"repeat"_s};
    const QByteArray before = document.text();
    for (int i = 0; i < 300; ++i) {
        const NodeId target = ids[random.bounded(ids.size())];
        ScanNode *node = document.tree().find(target);
        if (!node)
            continue;
        switch (random.bounded(4)) {
        case 0:
        case 1:
            ids << add(document, kinds[random.bounded(kinds.size())], target, node->childCount());
            break;
        case 2:
            (void)document.apply(TreeEdit(TreeEdit::SetEnabled{target, !node->isEnabled}),
                                 u"toggle"_s);
            break;
        default:
            if (target != root && random.bounded(3) == 0)
                (void)document.apply(TreeEdit(TreeEdit::Remove{target}), u"remove"_s);
            else if (target != root)
                (void)document.apply(TreeEdit(TreeEdit::Move{target, root, 0}), u"move"_s);
        }
    }
    const QByteArray after = document.text();
    QVERIFY(after != before);
    while (document.undoStack().canUndo())
        document.undoStack().undo();
    QCOMPARE(document.text(), before);
    while (document.undoStack().canRedo())
        document.undoStack().redo();
    QCOMPARE(document.text(), after);
}

void TreeDocumentTest::savesAndOpens()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"a.scan.json"_s);
    TreeDocument document(m_registry, test::demoSpecs());
    add(document, u"wait"_s, document.tree().root()->id, 0);
    QVERIFY(document.isModified());
    QVERIFY(document.save(path));
    QVERIFY(!document.isModified());
    QCOMPARE(document.title(), u"a"_s);
    TreeDocument other(m_registry, test::demoSpecs());
    QVERIFY(other.open(path).isEmpty());
    QCOMPARE(other.text(), document.text());
    const Problems missing = other.open(dir.filePath(u"no.scan.json"_s));
    QCOMPARE(missing.size(), 1);
    QVERIFY(!missing.first().remedy.isEmpty());
    QCOMPARE(other.text(), document.text());
    QVERIFY(!document.save(u"/proc/nowhere/a.scan.json"_s));
}

void TreeDocumentTest::problemsReachTheNodes()
{
    TreeDocument document(m_registry, test::demoSpecs());
    const NodeId sweep = add(document, u"sweep"_s, document.tree().root()->id, 0);
    document.compileNow();
    const QModelIndex index = document.model().indexOf(sweep);
    QVERIFY(!index.data(ScanTreeModel::ProblemsRole).toStringList().isEmpty());
    QVERIFY(!document.compiled().plan);
}

void TreeDocumentTest::restoredTreeIsModified()
{
    TreeDocument document(m_registry, test::demoSpecs());
    add(document, u"wait"_s, document.tree().root()->id, 0);
    const QByteArray text = document.text();
    TreeDocument other(m_registry, test::demoSpecs());
    QVERIFY(other.restore(text, u"/tmp/a.scan.json"_s).isEmpty());
    QVERIFY(other.isModified());
    QCOMPARE(other.path(), u"/tmp/a.scan.json"_s);
    QCOMPARE(other.text(), text);
    QVERIFY(!other.restore("{broken", {}).isEmpty());
    QCOMPARE(other.text(), text);
}

QTEST_MAIN(TreeDocumentTest)
#include "tst_tree_document.moc"
