#include "widgets/shell/upgrade_dialog.h"

#include "core/store/database.h"
#include "tests/core/store/store_fixture.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

using namespace birch;
using namespace Qt::StringLiterals;

/// A database of an older Birch is brought up to date after consent only.
class UpgradeDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_url = m_fixture.newUrl(false);
        BIRCH_VERIFY(Schema(m_url).init(u"ada"_s));
        BIRCH_VERIFY(Schema(m_url).downgrade(1));
        m_dialog = std::make_unique<UpgradeDialog>(Schema(m_url).status().value());
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
    }
    void cleanup() { m_dialog.reset(); }

    void upgradesAfterConsent()
    {
        QVERIFY(text().contains(m_url.text()) && text().contains(u"schema 1"_s));
        QTest::mouseClick(button(QDialogButtonBox::AcceptRole), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_dialog->result(), int(QDialog::Accepted), 20'000);
        BIRCH_VERIFY(Database::open(m_url, u"ada"_s));
    }

    void quittingLeavesItAlone()
    {
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QTRY_VERIFY(!m_dialog->isVisible());
        QCOMPARE(m_dialog->result(), int(QDialog::Rejected));
        QCOMPARE(Schema(m_url).status().value().current, 1);
    }

    void saysWhoIsInTheWayAndTriesAgain()
    {
        auto lock = FileLock::acquire(m_url.path(), LockMode::Shared, std::chrono::seconds(1));
        BIRCH_VERIFY(lock);
        QSignalSpy told(m_dialog.get(), &UpgradeDialog::upgraded);
        QTest::keyClick(m_dialog.get(), Qt::Key_Return);
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape); // refused while it works
        QVERIFY(m_dialog->isVisible());
        QVERIFY(told.wait(20'000));
        const QString pid = QString::number(QCoreApplication::applicationPid());
        QTRY_VERIFY2(text().contains(pid), qPrintable(text()));
        QVERIFY(m_dialog->isVisible());
        lock = Error{ErrorCode::Internal, {}}; // the other one leaves
        QTest::mouseClick(button(QDialogButtonBox::AcceptRole), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_dialog->result(), int(QDialog::Accepted), 20'000);
    }

private:
    QString text() const { return m_dialog->findChild<QLabel *>()->text(); }
    QAbstractButton *button(QDialogButtonBox::ButtonRole role) const
    {
        auto *box = m_dialog->findChild<QDialogButtonBox *>();
        for (QAbstractButton *candidate : box->buttons()) {
            if (box->buttonRole(candidate) == role)
                return candidate;
        }
        return nullptr;
    }

    test::StoreFixture m_fixture;
    DatabaseUrl m_url;
    std::unique_ptr<UpgradeDialog> m_dialog;
};

QTEST_MAIN(UpgradeDialogTest)
#include "tst_upgrade_dialog.moc"
