#include "drivers/definition/calibration_section.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::BenchFile)
};

constexpr int kLongestInterval = 36'500; // d

QDate readDate(YamlReader &reader, const QString &key)
{
    const auto text = reader.text(key);
    if (!text)
        return {};
    const QDate date = QDate::fromString(*text, Qt::ISODate);
    if (!date.isValid())
        reader.problem(key, Text::tr("\"%1\" is no date").arg(*text),
                       Text::tr("Write it as %1: 2026-05-31").arg(key));
    return date;
}

/// `due`, or `interval` in days after the date.
void readDue(YamlReader &reader, Calibration *calibration)
{
    const QDate due = readDate(reader, u"due"_s);
    const auto days = reader.integer(u"interval_days"_s, 1, kLongestInterval);
    if (due.isValid())
        calibration->due = due;
    if (due.isValid() && days)
        reader.problem(u"interval_days"_s, Text::tr("due and interval_days are both given"),
                       Text::tr("Take one of them out"));
    else if (days && calibration->date.isValid())
        calibration->due = calibration->date.addDays(*days);
    else if (days)
        reader.problem(u"interval_days"_s,
                       Text::tr("An interval counts from the date, and none "
                                "is given"),
                       Text::tr("Add for example date: 2026-05-31"));
    if (calibration->due.isValid() && calibration->date.isValid() &&
        calibration->due < calibration->date)
        reader.problem(u"due"_s, Text::tr("The calibration is due before its date"),
                       Text::tr("Correct one of the two"));
}

void readFacts(YamlReader &reader, Calibration *calibration)
{
    if (const QDate date = readDate(reader, u"date"_s); date.isValid()) {
        calibration->date = date;
        calibration->due = {}; // the instrument's own counted from another one
    }
    readDue(reader, calibration);
    calibration->by = reader.text(u"by"_s).value_or(calibration->by);
    calibration->certificate = reader.text(u"certificate"_s).value_or(calibration->certificate);
}

/// "current", where one measurement alone has it, or "iv.current".
ColumnSpec *findColumn(YamlReader &reader, const QString &name, InstrumentSpec *spec)
{
    ColumnSpec *found = nullptr;
    for (MeasurementSpec &measurement : spec->measurements) {
        for (ColumnSpec &column : measurement.columns) {
            if (name != column.name && name != measurement.name + u'.' + column.name)
                continue;
            if (found) {
                reader.problem({}, Text::tr("Several measurements have a column \"%1\"").arg(name),
                               Text::tr("Put the measurement in front, as in %1.%2")
                                   .arg(measurement.name, column.name));
                return nullptr;
            }
            found = &column;
        }
    }
    if (!found)
        reader.problem({}, Text::tr("%1 reads no column \"%2\"").arg(spec->model, name),
                       Text::tr("Name a column of its definition"));
    return found;
}

void readColumn(YamlReader &reader, const QString &name, Calibration calibration,
                InstrumentSpec *spec)
{
    ColumnSpec *column = findColumn(reader, name, spec);
    calibration.column = name;
    readFacts(reader, &calibration);
    calibration.factor = reader.number(u"factor"_s).value_or(1);
    calibration.offset = reader.number(u"offset"_s).value_or(0);
    if (calibration.factor == 0)
        reader.problem(u"factor"_s, Text::tr("A factor of 0 makes every value the same"),
                       Text::tr("Write the number by which a reading has to be multiplied"));
    const bool changesValues = calibration.factor != 1 || calibration.offset != 0;
    if (column && changesValues && column->type != ColumnType::Float64)
        reader.problem(
            {}, Text::tr("\"%1\" holds no measured numbers that a factor could change").arg(name),
            Text::tr("Take factor and offset out"));
    if (column && column->calibration)
        reader.problem({}, Text::tr("The column \"%1\" is calibrated twice").arg(name),
                       Text::tr("Keep one of the two"));
    if (column)
        column->calibration =
            ColumnCalibration{calibration.factor, calibration.offset,
                              calibration.date.toString(Qt::ISODate), calibration.certificate};
    spec->calibrations.append(calibration);
    reader.finish();
}
} // namespace

void readCalibration(YamlReader &instrument, InstrumentSpec *spec)
{
    auto reader = instrument.map(u"calibration"_s);
    if (!reader)
        return;
    Calibration own;
    readFacts(*reader, &own);
    const bool saysAnything = own != Calibration();
    if (saysAnything)
        spec->calibrations.append(own);
    for (auto &[name, column] : reader->entries(u"columns"_s, YamlReader::Names::Dotted))
        readColumn(column, name, own, spec);
    reader->finish();
}

} // namespace birch
