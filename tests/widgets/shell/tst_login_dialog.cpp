#include "widgets/shell/login_dialog.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

/// Who is there, asked before a database with passwords is opened.
class LoginDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_dialog = std::make_unique<LoginDialog>(u"/data/lab.db"_s, u"ada"_s);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
    }
    void cleanup() { m_dialog.reset(); }

    void enterLogsIn()
    {
        QLineEdit *password = field(u"Password"_s);
        QTRY_VERIFY(password->hasFocus());
        QTest::keyClicks(password, u"secret word"_s);
        QTest::keyClick(password, Qt::Key_Return);
        QCOMPARE(m_dialog->result(), int(QDialog::Accepted));
        QCOMPARE(m_dialog->login().user, u"ada"_s);
        QCOMPARE(m_dialog->login().password, u"secret word"_s);
    }

    void nothingToSendNothingSent()
    {
        QTest::keyClick(field(u"Password"_s), Qt::Key_Return);
        QVERIFY(m_dialog->isVisible());
    }

    void escapeLeaves()
    {
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QVERIFY(!m_dialog->isVisible());
        QCOMPARE(m_dialog->result(), int(QDialog::Rejected));
    }

    void refusalsAreShown()
    {
        QTest::keyClicks(field(u"Password"_s), u"wrong"_s);
        m_dialog->showRefusal(u"Wrong <b>name</b>"_s);
        QVERIFY(field(u"Password"_s)->text().isEmpty());
        bool isShown = false;
        for (const QLabel *label : m_dialog->findChildren<QLabel *>())
            isShown |= label->isVisible() && label->text() == u"Wrong <b>name</b>"_s &&
                       label->textFormat() == Qt::PlainText;
        QVERIFY(isShown);
    }

    void passwordsAreNotShown()
    {
        QCOMPARE(field(u"Password"_s)->echoMode(), QLineEdit::Password);
        QCOMPARE(field(u"User name"_s)->text(), u"ada"_s);
    }

private:
    QLineEdit *field(const QString &accessibleName) const
    {
        for (QLineEdit *edit : m_dialog->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == accessibleName)
                return edit;
        }
        qFatal("no such field");
    }

    std::unique_ptr<LoginDialog> m_dialog;
};

QTEST_MAIN(LoginDialogTest)
#include "tst_login_dialog.moc"
