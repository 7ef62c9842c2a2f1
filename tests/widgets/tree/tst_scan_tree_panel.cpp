#include "core/plan/standard_nodes.h"
#include "tests/support/demo_specs.h"
#include "widgets/models/scan_tree_model.h"
#include "widgets/models/tree_document.h"
#include "widgets/tree/node_form.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTest>
#include <QTreeView>
#include <QWheelEvent>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

/// Panel and form beside each other, as in the window.
struct Editor {
    explicit Editor(const NodeRegistry &registry)
        : document(registry, test::demoSpecs())
        , panel(document, {})
        , form(document)
    {
        QObject::connect(&panel, &ScanTreePanel::selectionChanged, &form, &NodeForm::showNode);
        panel.resize(400, 500);
        form.resize(300, 600);
        panel.show();
        form.show();
    }
    template<typename Widget>
    Widget *input(const QString &name)
    {
        for (Widget *widget : form.findChildren<Widget *>(name)) {
            if (widget->isVisible())
                return widget;
        }
        return nullptr;
    }
    void type(const QString &field, const QString &text)
    {
        QTRY_VERIFY2(input<QLineEdit>(field), qPrintable(field));
        auto *line = input<QLineEdit>(field);
        line->selectAll();
        QTest::keyClicks(line, text);
    }

    TreeDocument document;
    ScanTreePanel panel;
    NodeForm form;
};

} // namespace

class ScanTreePanelTest : public QObject
{
    Q_OBJECT
private slots:
    void emptyTreeTeaches();
    void sweepIsBuiltByTyping();
    void problemStandsBesideItsField();
    void copyPasteMakesNewNodes();
    void wheelChangesNoValue();
    void undoReachesTheForm();
    void clipboardNonsenseIsRefused();
    void failureRuleIsTyped();
    void onlyFieldsThatFitAreShown();

private:
    NodeRegistry m_registry = standardNodes();
};

void ScanTreePanelTest::emptyTreeTeaches()
{
    Editor editor(m_registry);
    auto *add = editor.panel.findChild<QPushButton *>(u"empty-add-sweep"_s);
    QVERIFY(add->isVisible());
    QTest::mouseClick(add, Qt::LeftButton);
    QCOMPARE(editor.document.tree().root()->childCount(), 1);
    QVERIFY(editor.panel.view()->isVisible());
    QCOMPARE(editor.form.node(), editor.document.tree().root()->child(0)->id);
}

void ScanTreePanelTest::sweepIsBuiltByTyping()
{
    Editor editor(m_registry);
    editor.panel.addKind(u"sweep"_s, false);
    auto *addAxis = editor.form.findChild<QPushButton *>(u"add-axes"_s);
    QVERIFY(addAxis);
    QTest::mouseClick(addAxis, Qt::LeftButton);
    QTRY_VERIFY(editor.input<QComboBox>(u"movement"_s)); // laid out by the event loop
    auto *movement = editor.input<QComboBox>(u"movement"_s);
    movement->lineEdit()->selectAll();
    QTest::keyClicks(movement->lineEdit(), u"smu.bias"_s);
    editor.type(u"start"_s, u"-10 mV"_s);
    editor.type(u"stop"_s, u"10 mV"_s);
    editor.type(u"points"_s, u"21"_s);
    editor.panel.addKind(u"measure"_s, true);
    QTRY_VERIFY(editor.input<QListWidget>(u"measurements"_s));
    auto *list = editor.input<QListWidget>(u"measurements"_s);
    list->item(0)->setCheckState(Qt::Checked);
    editor.document.compileNow();
    QVERIFY2(editor.document.compiled().problems.isEmpty(),
             qPrintable(editor.document.compiled().problems.value(0).message));
    QCOMPARE(editor.document.compiled().plan->points, 21);
}

/// A new wait is one for a duration, and says so; what belongs to the other kind is out of sight.
void ScanTreePanelTest::onlyFieldsThatFitAreShown()
{
    Editor editor(m_registry);
    editor.panel.addKind(u"wait"_s, false);
    QTRY_VERIFY(editor.input<QComboBox>(u"mode"_s));
    auto *mode = editor.input<QComboBox>(u"mode"_s);
    QCOMPARE(mode->currentData().toString(), u"duration"_s);
    QVERIFY(editor.input<QLineEdit>(u"duration"_s));
    QVERIFY(!editor.input<QLineEdit>(u"condition"_s));
    QVERIFY(!editor.input<QLineEdit>(u"dwell"_s));
    mode->setFocus();
    QTest::keyClick(mode, Qt::Key_Down);
    QTRY_VERIFY(editor.input<QLineEdit>(u"condition"_s));
    QCOMPARE(editor.input<QLineEdit>(u"dwell"_s)->placeholderText(), u"0 s"_s);
    QVERIFY(!editor.input<QLineEdit>(u"duration"_s));
    editor.type(u"condition"_s, u"smu.current > 1 mA"_s);
    editor.document.undoStack().undo();
    editor.document.undoStack().undo();
    QTRY_VERIFY(editor.input<QLineEdit>(u"duration"_s));
    QVERIFY(!editor.input<QLineEdit>(u"condition"_s));
}

void ScanTreePanelTest::problemStandsBesideItsField()
{
    Editor editor(m_registry);
    editor.panel.addKind(u"sweep"_s, false);
    QTest::mouseClick(editor.form.findChild<QPushButton *>(u"add-axes"_s), Qt::LeftButton);
    QTRY_VERIFY(editor.input<QComboBox>(u"movement"_s));
    auto *movement = editor.input<QComboBox>(u"movement"_s);
    movement->lineEdit()->selectAll();
    QTest::keyClicks(movement->lineEdit(), u"smu.bais"_s);
    editor.type(u"start"_s, u"0"_s);
    editor.type(u"stop"_s, u"1"_s);
    editor.type(u"points"_s, u"3"_s);
    editor.document.compileNow();
    const auto labels = editor.form.findChildren<QLabel *>();
    const bool isShown = std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->isVisible() && label->text().startsWith(u"⚠"_s) &&
               label->text().contains(u"bais"_s);
    });
    QVERIFY(isShown);
}

void ScanTreePanelTest::copyPasteMakesNewNodes()
{
    Editor editor(m_registry);
    editor.panel.addKind(u"sequence"_s, false);
    editor.panel.addKind(u"wait"_s, true);
    editor.panel.select(editor.document.tree().root()->child(0)->id);
    editor.panel.copyNode();
    editor.panel.pasteNode();
    const ScanNode *root = editor.document.tree().root();
    QCOMPARE(root->childCount(), 2);
    QCOMPARE(root->child(1)->childCount(), 1);
    QVERIFY(root->child(0)->id != root->child(1)->id);
    QVERIFY(root->child(0)->child(0)->id != root->child(1)->child(0)->id);
    editor.panel.cutNode();
    QCOMPARE(root->childCount(), 1);
}

void ScanTreePanelTest::wheelChangesNoValue()
{
    Editor editor(m_registry);
    editor.panel.addKind(u"sweep"_s, false);
    QTest::mouseClick(editor.form.findChild<QPushButton *>(u"add-axes"_s), Qt::LeftButton);
    const QByteArray before = editor.document.text();
    for (QComboBox *box : editor.form.findChildren<QComboBox *>()) {
        if (box->objectName().isEmpty())
            continue;
        QWheelEvent wheel(QPointF(5, 5), box->mapToGlobal(QPointF(5, 5)), {}, {0, -120},
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(box, &wheel);
    }
    QCOMPARE(editor.document.text(), before);
}

void ScanTreePanelTest::undoReachesTheForm()
{
    Editor editor(m_registry);
    editor.panel.addKind(u"wait"_s, false);
    editor.type(u"duration"_s, u"5 s"_s);
    editor.document.undoStack().undo();
    QTRY_COMPARE(editor.input<QLineEdit>(u"duration"_s)->text(), QString());
    editor.document.undoStack().redo();
    QCOMPARE(editor.input<QLineEdit>(u"duration"_s)->text(), u"5 s"_s);
}

void ScanTreePanelTest::clipboardNonsenseIsRefused()
{
    Editor editor(m_registry);
    QString problem;
    connect(&editor.panel, &ScanTreePanel::failed, this,
            [&problem](const QString &text) { problem = text; });
    for (const QString &text :
         {u"hello"_s, u"{}"_s, u"{\"kind\": \"bomb\"}"_s, QString(100'000, u'[')}) {
        QApplication::clipboard()->setText(text);
        problem.clear();
        editor.panel.pasteNode();
        QVERIFY(!problem.isEmpty());
        QCOMPARE(editor.document.tree().root()->childCount(), 0);
    }
}

void ScanTreePanelTest::failureRuleIsTyped()
{
    Editor editor(m_registry);
    auto wait = std::make_unique<ScanNode>(u"wait"_s);
    const NodeId id = wait->id;
    QVERIFY(editor.document.apply(
        TreeEdit(TreeEdit::Insert{editor.document.tree().root()->id, 0, std::move(wait)}),
        u"add"_s));
    editor.form.showNode(id);
    const auto rule = [&] { return editor.document.tree().find(id)->failure; };
    const auto choose = [&](const QString &policy) {
        auto *box = editor.input<QComboBox>(u"on_failure"_s);
        box->setCurrentIndex(box->findData(policy));
        emit box->activated(box->currentIndex());
    };
    QTRY_VERIFY(editor.input<QComboBox>(u"on_failure"_s));
    QVERIFY(!editor.input<QLineEdit>(u"retries"_s)); // nothing to say without a retry
    choose(u"pause"_s);
    QCOMPARE(rule(), std::optional(FailureRule{FailurePolicy::Pause}));
    choose(u"retry"_s);
    editor.type(u"retries"_s, u"3"_s);
    editor.type(u"back_off"_s, u"1500 ms"_s);
    editor.type(u"back_off_limit"_s, u"1 min"_s);
    QTest::keyClick(editor.input<QLineEdit>(u"back_off_limit"_s), Qt::Key_Return);
    FailureRule expected{FailurePolicy::Retry, 3, std::chrono::milliseconds(1500)};
    expected.longest = std::chrono::minutes(1);
    QCOMPARE(rule(), std::optional(expected));
    const QString folder = qEnvironmentVariable("BIRCH_SCREENSHOT_DIR");
    if (!folder.isEmpty())
        QVERIFY(editor.form.grab().save(folder + u"/failure-form.png"_s));
    editor.type(u"back_off"_s, u"soon"_s);
    QTest::keyClick(editor.input<QLineEdit>(u"back_off"_s), Qt::Key_Return);
    QCOMPARE(rule(), std::optional(expected)); // what is wrong is told, not taken
    QVERIFY(editor.input<QLabel>(u"failure-problem"_s));
    editor.document.undoStack().undo();
    QVERIFY(rule() != std::optional(expected));
}

QTEST_MAIN(ScanTreePanelTest)
#include "tst_scan_tree_panel.moc"
