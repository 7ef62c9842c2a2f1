#pragma once

#include "core/base/result.h"
#include "widgets/instruments/bench_port.h"

#include <QDialog>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace birch {

/// What the bench says of one instrument, to be edited: name, address, definition, limits and safe
/// values, calibration. An empty field leaves it to the definition, which is shown in grey. Not
/// modal; nothing is written before everything is right.
class EntryDialog : public QDialog
{
    Q_OBJECT
public:
    /// \a bench outlives it.
    EntryDialog(BenchPort &bench, const QString &nickname, QWidget *parent = nullptr);

private:
    struct MovementFields {
        QLineEdit *low;
        QLineEdit *high;
        QLineEdit *safe;
        QLineEdit *pause;
    };
    struct CalibrationFields {
        QString column;
        QLineEdit *date;
        QLineEdit *due;
        QLineEdit *certificate;
        QLineEdit *factor; ///< null: of the whole instrument
        QLineEdit *offset;
    };

    QWidget *makeNames();
    QWidget *makeMovements();
    QWidget *makeCalibrations();
    QWidget *makeButtons();
    QLineEdit *field(QGridLayout *grid, int row, int column, const QString &name,
                     const QString &text, const QString &hint);
    void save();
    void askToRemove();
    Result<InstrumentForm> entered() const;
    Status readMovement(const MovementFields &fields, MovementForm *movement) const;
    Result<std::optional<Calibration>> readCalibration(const CalibrationFields &fields) const;
    void finish(const Problems &problems);

    BenchPort &m_bench;
    const InstrumentForm m_form;
    QLineEdit *m_nickname;
    QLineEdit *m_address;
    QComboBox *m_definition;
    QList<MovementFields> m_movements;
    QList<CalibrationFields> m_calibrations;
    QLabel *m_note;
};

} // namespace birch
