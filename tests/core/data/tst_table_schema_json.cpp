#include "core/data/table_schema_json.h"

#include <QJsonDocument>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class TableSchemaJsonTest : public QObject
{
    Q_OBJECT

private slots:
    void calibrationsComeBack()
    {
        ColumnSpec column;
        column.name = u"smu.current"_s;
        column.unit = u"A"_s;
        QVERIFY(!columnSpecToJson(column).contains(u"calibration"_s));
        column.calibration = ColumnCalibration{1.000325, -2.5e-12, u"2026-01-15"_s, u"K 7"_s};
        const QByteArray text = QJsonDocument(columnSpecToJson(column)).toJson();
        const auto back = columnSpecFromJson(QJsonDocument::fromJson(text).object());
        QVERIFY(back);
        QCOMPARE(back.value().calibration->factor, 1.000325);
        QVERIFY(back.value() == column);
    }
};

QTEST_GUILESS_MAIN(TableSchemaJsonTest)
#include "tst_table_schema_json.moc"
