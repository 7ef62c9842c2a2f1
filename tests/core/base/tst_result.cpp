#include "core/base/result.h"

#include <QTest>

#include <memory>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
Result<int> half(int value)
{
    if (value % 2 != 0)
        return Error{ErrorCode::BadInput, u"%1 is odd; write an even number"_s.arg(value)};
    return value / 2;
}
} // namespace

class ResultTest : public QObject
{
    Q_OBJECT

private slots:
    void valueOrError()
    {
        const auto good = half(4);
        QVERIFY(good);
        QCOMPARE(good.value(), 2);
        const auto bad = half(3);
        QVERIFY(!bad);
        QCOMPARE(bad.error().code, ErrorCode::BadInput);
    }

    void contextGoesInFront()
    {
        const Error error = half(3).error().within(u"Bias"_s).within(u"Sweep 1"_s);
        QCOMPARE(error.message, u"Sweep 1: Bias: 3 is odd; write an even number"_s);
        QCOMPARE(error.code, ErrorCode::BadInput);
    }

    void movesOutWhatCanNotBeCopied()
    {
        Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
        const std::unique_ptr<int> taken = std::move(result).value();
        QCOMPARE(*taken, 7);
    }

    void statusIsOkByName()
    {
        const Status good = ok();
        QVERIFY(good);
        const Status bad = Error{ErrorCode::Full, u"x"_s};
        QVERIFY(!bad);
        QCOMPARE(Error{}.code, ErrorCode::Internal); // an error nobody filled in is our bug
    }
};

QTEST_GUILESS_MAIN(ResultTest)
#include "tst_result.moc"
