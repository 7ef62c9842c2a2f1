#include "core/base/id.h"
#include "core/plan/scan_json.h"
#include "core/plan/tree_edit.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/core/plan/random_tree.h"

#include <QTest>

using namespace birch;
using namespace birch::test;

namespace {

QList<NodeId> idsOf(const ScanNode &node)
{
    QList<NodeId> ids{node.id};
    for (int row = 0; row < node.childCount(); ++row)
        ids += idsOf(*node.child(row));
    return ids;
}

/// Any change, possible or not.
TreeEdit randomEdit(const ScanTree &tree, std::mt19937 &random)
{
    const auto pick = [&random](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    QList<NodeId> ids = idsOf(*tree.root());
    ids.append(newUid()); // one that is not there
    const NodeId node = ids[pick(0, int(ids.size()) - 1)];
    const NodeId other = ids[pick(0, int(ids.size()) - 1)];
    switch (pick(0, 9)) {
    case 0:
    case 1: {
        std::unique_ptr<ScanNode> inserted = measureOf({u"smu.iv"_s});
        if (const ScanNode *source = tree.find(other))
            inserted = pick(0, 9) == 0 ? source->clone() : source->copy();
        return TreeEdit(TreeEdit::Insert{node, pick(0, 3), std::move(inserted)});
    }
    case 2:
        return TreeEdit(TreeEdit::Remove{node});
    case 3:
    case 4:
        return TreeEdit(TreeEdit::Move{node, other, pick(0, 3)});
    case 5:
        return TreeEdit(TreeEdit::SetField{
            node, u"times"_s, pick(0, 1) ? QJsonValue(pick(1, 9)) : QJsonValue::Undefined});
    case 6:
        return TreeEdit(TreeEdit::SetLabel{node, QString::number(pick(0, 99))});
    case 7:
        return TreeEdit(TreeEdit::SetEnabled{node, pick(0, 1) == 0});
    case 8:
        return pick(0, 1) ? TreeEdit(TreeEdit::SetFailure{
                                node, FailureRule{FailurePolicy::Retry, pick(1, 5)}})
                          : TreeEdit(TreeEdit::SetTimeout{node, u"%1 s"_s.arg(pick(1, 9))});
    default:
        return TreeEdit(TreeEdit::SetDetails{QString::number(pick(0, 9)),
                                             {u"sample"_s, {}, {}, {}, {}, {}, {}, {}}});
    }
}

} // namespace

class TestTreeEdit : public QObject
{
    Q_OBJECT

private slots:
    void undoesAndRedoesAnyWalk();
    void leavesTheTreeAloneAfterAnError();
    void movesRemovedNodesIntoTheEdit();
    void refusesWhatCanNotBe_data();
    void refusesWhatCanNotBe();
    void refusesToNestTooDeep();
};

void TestTreeEdit::undoesAndRedoesAnyWalk()
{
    int applied = 0;
    for (unsigned seed = 1; seed <= 25; ++seed) {
        std::mt19937 random(seed);
        ScanTree tree = randomTree(random, 100);
        std::vector<QByteArray> texts{treeToText(tree)};
        std::vector<TreeEdit> undo;
        for (int i = 0; i < 60 && tree.nodeCount() < 150; ++i) {
            TreeEdit edit = randomEdit(tree, random);
            const bool isPossible = bool(edit.check(tree));
            auto inverse = edit.apply(tree);
            QCOMPARE(bool(inverse), isPossible);
            if (!inverse) {
                QCOMPARE(treeToText(tree), texts.back());
                continue;
            }
            ++applied;
            undo.push_back(std::move(inverse).value());
            texts.push_back(treeToText(tree));
        }
        std::vector<TreeEdit> redo;
        for (size_t i = undo.size(); i-- > 0;) {
            auto again = undo[i].apply(tree);
            QVERIFY(again);
            redo.push_back(std::move(again).value());
            QCOMPARE(treeToText(tree), texts[i]);
        }
        for (size_t i = 1; i < texts.size(); ++i) {
            QVERIFY(redo.back().apply(tree));
            redo.pop_back();
            QCOMPARE(treeToText(tree), texts[i]);
        }
    }
    QVERIFY2(applied > 500, qPrintable(QString::number(applied)));
}

void TestTreeEdit::leavesTheTreeAloneAfterAnError()
{
    ScanTree tree;
    TreeEdit edit(TreeEdit::Insert{newUid(), 0, measureOf({u"smu.iv"_s})});
    const auto result = edit.apply(tree);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::NotFound);
    QVERIFY2(std::get<TreeEdit::Insert>(edit.change()).node, "the node is lost with the error");
}

void TestTreeEdit::movesRemovedNodesIntoTheEdit()
{
    ScanTree tree;
    const ScanNode *node = tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    const NodeId id = node->id;
    auto inverse = TreeEdit(TreeEdit::Remove{id}).apply(tree);
    QVERIFY(inverse);
    QCOMPARE(tree.nodeCount(), 1);
    const auto *insert = std::get_if<TreeEdit::Insert>(&inverse.value().change());
    QVERIFY(insert);
    QCOMPARE(insert->node.get(), node); // the very node, not a copy
    QVERIFY(std::move(inverse).value().apply(tree));
    QCOMPARE(tree.root()->child(0), node);
}

void TestTreeEdit::refusesWhatCanNotBe_data()
{
    QTest::addColumn<int>("edit");
    QTest::addColumn<int>("code");
    QTest::newRow("remove the root") << 0 << int(ErrorCode::BadInput);
    QTest::newRow("move into itself") << 1 << int(ErrorCode::BadInput);
    QTest::newRow("no such row") << 2 << int(ErrorCode::OutOfRange);
    QTest::newRow("the same node twice") << 3 << int(ErrorCode::BadInput);
    QTest::newRow("nothing to insert") << 4 << int(ErrorCode::BadInput);
    QTest::newRow("negative row") << 5 << int(ErrorCode::OutOfRange);
    QTest::newRow("row behind the end after taking out") << 6 << int(ErrorCode::OutOfRange);
}

void TestTreeEdit::refusesWhatCanNotBe()
{
    QFETCH(int, edit);
    QFETCH(int, code);
    ScanTree tree;
    ScanNode *outer = tree.root()->appendChild(makeNode(u"sequence"_s));
    ScanNode *inner = outer->appendChild(makeNode(u"sequence"_s));
    std::vector<TreeEdit> edits;
    edits.emplace_back(TreeEdit::Remove{tree.root()->id});
    edits.emplace_back(TreeEdit::Move{outer->id, inner->id, 0});
    edits.emplace_back(TreeEdit::Insert{outer->id, 2, makeNode(u"wait"_s)});
    edits.emplace_back(TreeEdit::Insert{outer->id, 0, inner->clone()});
    edits.emplace_back(TreeEdit::Insert{outer->id, 0, nullptr});
    edits.emplace_back(TreeEdit::Insert{outer->id, -1, makeNode(u"wait"_s)});
    edits.emplace_back(TreeEdit::Move{outer->id, tree.root()->id, 1});
    const QByteArray before = treeToText(tree);
    const auto result = edits[size_t(edit)].apply(tree);
    QVERIFY(!result);
    QCOMPARE(int(result.error().code), code);
    QCOMPARE(treeToText(tree), before);
}

void TestTreeEdit::refusesToNestTooDeep()
{
    ScanTree tree;
    ScanNode *deepest = tree.root();
    for (int depth = 1; depth <= kMaxDepth; ++depth) {
        TreeEdit edit(TreeEdit::Insert{deepest->id, 0, makeNode(u"sequence"_s)});
        QVERIFY(edit.apply(tree));
        deepest = deepest->child(0);
    }
    TreeEdit edit(TreeEdit::Insert{deepest->id, 0, makeNode(u"sequence"_s)});
    QVERIFY(!edit.apply(tree));
    QVERIFY(readTreeText(treeToText(tree), standardNodes()).tree);
}

QTEST_APPLESS_MAIN(TestTreeEdit)
#include "tst_tree_edit.moc"
