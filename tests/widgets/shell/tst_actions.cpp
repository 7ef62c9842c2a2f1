#include "tests/widgets/shell/window_fixture.h"
#include "widgets/shell/action_palette.h"
#include "widgets/shell/action_set.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {

/// WCAG 2.1: relative luminance and contrast ratio.
double luminance(const QColor &color)
{
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

bool takesInput(const QWidget *widget)
{
    return qobject_cast<const QAbstractButton *>(widget) ||
           qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QComboBox *>(widget) ||
           qobject_cast<const QAbstractSpinBox *>(widget) ||
           qobject_cast<const QPlainTextEdit *>(widget) ||
           (qobject_cast<const QAbstractItemView *>(widget) &&
            !qobject_cast<const QHeaderView *>(widget));
}

/// Made by Qt inside another widget that has the name.
bool isPartOfAnother(const QWidget *widget)
{
    const QWidget *parent = widget->parentWidget();
    return widget->objectName().startsWith(u"qt_"_s) || qobject_cast<const QComboBox *>(parent) ||
           qobject_cast<const QAbstractSpinBox *>(parent) ||
           qobject_cast<const QAbstractItemView *>(parent) ||
           (parent &&
            (parent->inherits("QTabBar") || parent->inherits("QDockWidget") ||
             parent->inherits("QComboBoxPrivateContainer") || parent->inherits("QLineEdit")));
}

} // namespace

class ActionsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void noKeyHasTwoMeanings();
    void everyActionIsExplainedAndFound();
    void textEditingKeepsItsKeys();
    void everyInputHasAName();
    void textIsReadable_data();
    void textIsReadable();
    void cleanupTestCase() { m_station.reset(); }

private:
    std::unique_ptr<StationFixture> m_station;
    MainWindow *m_window = nullptr;
};

void ActionsTest::initTestCase()
{
    m_station = std::make_unique<StationFixture>();
    m_window = &m_station->openWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void ActionsTest::noKeyHasTwoMeanings()
{
    QMap<QString, QList<const QAction *>> byKey;
    for (const QAction *action : m_window->findChildren<QAction *>()) {
        for (const QKeySequence &key : action->shortcuts())
            byKey[key.toString()] << action;
    }
    for (auto it = byKey.begin(); it != byKey.end(); ++it) {
        for (const QAction *a : it.value()) {
            for (const QAction *b : it.value()) {
                const ActionScope left = ActionSet::scopeOf(a);
                const ActionScope right = ActionSet::scopeOf(b);
                const bool meet = left == right || left == ActionScope::Everywhere ||
                                  right == ActionScope::Everywhere;
                QVERIFY2(a == b || !meet,
                         qPrintable(it.key() + u": "_s + a->text() + u" and "_s + b->text()));
            }
        }
    }
    for (const QShortcut *shortcut : m_window->findChildren<QShortcut *>()) {
        for (const QAction *action : byKey.value(shortcut->key().toString()))
            QFAIL(qPrintable(shortcut->key().toString() + u": a shortcut beside "_s +
                             action->text()));
    }
}

void ActionsTest::everyActionIsExplainedAndFound()
{
    for (QAction *action : m_window->actions().all()) {
        QVERIFY2(!action->text().isEmpty() && !action->toolTip().isEmpty() &&
                     action->toolTip() != action->text(),
                 qPrintable(action->objectName()));
        QVERIFY2(!action->icon().isNull(), qPrintable(action->objectName()));
    }
    QTest::keyClick(m_window, Qt::Key_K, Qt::ControlModifier);
    QTRY_VERIFY(m_window->findChild<ActionPalette *>());
    auto *palette = m_window->findChild<ActionPalette *>();
    auto *text = palette->findChild<QLineEdit *>();
    auto *list = palette->findChild<QListWidget *>();
    for (QAction *action : m_window->actions().all()) {
        text->setText(action->text());
        bool isFound = false;
        for (int row = 0; row < list->count(); ++row)
            isFound = isFound || list->item(row)->text().startsWith(action->text());
        QVERIFY2(isFound, qPrintable(action->text()));
    }
    // Typing a part and Enter runs it.
    text->clear();
    QTest::keyClicks(text, u"histo"_s);
    QTest::keyClick(text, Qt::Key_Return);
    QTRY_VERIFY(m_window->actions()[u"mode-history"_s]->isChecked());
    m_window->setMode(0);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void ActionsTest::textEditingKeepsItsKeys()
{
    auto *add = visible<QPushButton>(*m_window, u"empty-add-sweep"_s);
    QVERIFY(add);
    click(add);
    QTRY_VERIFY(visible<QLineEdit>(*m_window, u"label"_s));
    auto *label = visible<QLineEdit>(*m_window, u"label"_s);
    type(label, u"slow sweep"_s); // with a blank, which in the tree switches the node off
    QCOMPARE(label->text(), u"slow sweep"_s);
    QTest::keyClick(label, Qt::Key_Home);
    QTest::keyClick(label, Qt::Key_Delete);
    QCOMPARE(label->text(), u"low sweep"_s);
    QTest::keyClick(label, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(label, Qt::Key_X, Qt::ControlModifier);
    QCOMPARE(label->text(), QString());
    QTest::keyClick(label, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(label->text(), u"low sweep"_s);
    auto *tree = visible<QAbstractItemView>(*m_window, u"Scan tree"_s);
    QCOMPARE(tree->model()->rowCount(), 1);
    QCOMPARE(tree->model()->index(0, 0).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    // In the tree the same keys are the tree's.
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Space);
    QCOMPARE(tree->model()->index(0, 0).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QTest::keyClick(tree, Qt::Key_Delete);
    QCOMPARE(tree->model()->rowCount(), 0);
    QTest::keyClick(tree, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(tree->model()->rowCount(), 1);
}

void ActionsTest::everyInputHasAName()
{
    QStringList unnamed;
    for (int mode = 0; mode < 4; ++mode) {
        m_window->setMode(mode);
        for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
            if (!takesInput(widget) || isPartOfAnother(widget) ||
                !widget->accessibleName().isEmpty())
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            if (button && !button->text().isEmpty())
                continue; // its text is its name
            const QString line =
                QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                widget->objectName() + u" in "_s +
                QString::fromLatin1(widget->parentWidget()->metaObject()->className());
            if (!unnamed.contains(line))
                unnamed << line;
        }
    }
    m_window->setMode(0);
    QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
}

void ActionsTest::textIsReadable_data()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("light") << int(ThemeMode::Light);
    QTest::newRow("dark") << int(ThemeMode::Dark);
}

void ActionsTest::textIsReadable()
{
    QFETCH(int, mode);
    applyTheme(*qApp, ThemeMode(mode));
    const ThemeColors &c = currentColors();
    struct Pair {
        QString name;
        QColor text;
        QColor background;
    };
    QList<Pair> pairs{{u"accent"_s, c.accentText, c.accent},
                      {u"danger"_s, c.dangerText, c.danger},
                      {u"text on plot"_s, c.text, c.plot}};
    for (const auto &[name, background] :
         {std::pair{u"window"_s, c.window}, {u"surface"_s, c.surface}, {u"raised"_s, c.raised}}) {
        for (const auto &[word, text] : {std::pair{u"text"_s, c.text},
                                         {u"muted"_s, c.mutedText},
                                         {u"ok"_s, c.ok},
                                         {u"warning"_s, c.warning},
                                         {u"accent"_s, c.accent}})
            pairs << Pair{word + u" on "_s + name, text, background};
    }
    for (const auto state :
         {ScanState::Queued, ScanState::Running, ScanState::Paused, ScanState::Completed,
          ScanState::Aborted, ScanState::Failed, ScanState::Interrupted})
        pairs << Pair{lookOf(state).word, lookOf(state).color, c.surface};
    QStringList weak;
    for (const Pair &pair : std::as_const(pairs)) {
        const double ratio = contrast(pair.text, pair.background);
        if (ratio < 4.5)
            weak << u"%1: %2"_s.arg(pair.name).arg(ratio, 0, 'f', 2);
    }
    QVERIFY2(weak.isEmpty(), qPrintable(weak.join(u", "_s)));
    // What can not be used now may be weaker, but must be legible.
    const QPalette palette = QApplication::palette();
    const double disabled =
        contrast(palette.color(QPalette::Disabled, QPalette::Text), palette.color(QPalette::Base));
    QVERIFY2(disabled >= 2.0 && disabled < 4.5, qPrintable(QString::number(disabled)));
    applyTheme(*qApp, ThemeMode::Light);
}

QTEST_MAIN(ActionsTest)
#include "tst_actions.moc"
