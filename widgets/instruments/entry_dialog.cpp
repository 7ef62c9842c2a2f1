#include "widgets/instruments/entry_dialog.h"

#include "core/base/unit.h"
#include "widgets/models/number_text.h"
#include "widgets/models/problem_text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// As it would be typed, so that what is not touched stays as it is.
QString textOf(const std::optional<double> &value)
{
    return value ? QString::number(*value, 'g', QLocale::FloatingPointShortest) : QString();
}

QString hintOf(const std::optional<double> &value, const QString &unit)
{
    return value ? displayQuantity(*value, unit) : EntryDialog::tr("none");
}

Result<std::optional<double>> numberIn(const QLineEdit *field, const QString &unit)
{
    if (field->text().trimmed().isEmpty())
        return std::optional<double>();
    const auto value = quantityFromText(field->text(), Unit(unit));
    if (!value)
        return Error{ErrorCode::BadInput,
                     field->accessibleName() + u": "_s + value.error().message};
    return std::optional(value.value());
}

Result<QDate> dateIn(const QLineEdit *field)
{
    const QString text = field->text().trimmed();
    const QDate date = QDate::fromString(text, Qt::ISODate);
    if (!text.isEmpty() && !date.isValid())
        return Error{ErrorCode::BadInput,
                     EntryDialog::tr("%1: \"%2\" is no date. Write it as 2026-05-31.")
                         .arg(field->accessibleName(), text)};
    return date;
}

} // namespace

EntryDialog::EntryDialog(BenchPort &bench, const QString &nickname, QWidget *parent)
    : QDialog(parent)
    , m_bench(bench)
    , m_form(bench.form(nickname))
    , m_nickname(new QLineEdit(nickname, this))
    , m_address(new QLineEdit(m_form.address, this))
    , m_definition(new QComboBox(this))
    , m_note(new QLabel(this))
{
    setWindowTitle(tr("%1 on the bench").arg(nickname));
    auto *content = new QWidget(this);
    auto *sections = new QVBoxLayout(content);
    sections->addWidget(makeNames());
    if (!m_form.movements.isEmpty())
        sections->addWidget(makeMovements());
    sections->addWidget(makeCalibrations());
    sections->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    m_note->setWordWrap(true);
    m_note->setAccessibleName(tr("What came of the change"));
    m_note->setText(tr("Saved in %1. An empty field leaves it to the definition, whose values "
                       "are shown in grey.")
                        .arg(bench.file()));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_note);
    layout->addWidget(makeButtons());
    resize(820, std::min(320 + 44 * int(m_movements.size() + m_calibrations.size()), 760));
}

QWidget *EntryDialog::makeNames()
{
    auto *names = new QWidget(this);
    auto *form = new QFormLayout(names);
    form->setContentsMargins(0, 0, 0, 0);
    m_nickname->setAccessibleName(tr("Nickname"));
    m_nickname->setToolTip(tr("Scans that use the old name have to be changed, too"));
    m_address->setAccessibleName(tr("Address"));
    m_address->setToolTip(tr("VISA resource string, e.g. TCPIP::192.168.0.7::5025::SOCKET"));
    m_definition->addItems(m_bench.definitions());
    if (m_definition->findText(m_form.definition) < 0)
        m_definition->addItem(m_form.definition);
    m_definition->setCurrentText(m_form.definition);
    m_definition->setAccessibleName(tr("Definition"));
    m_definition->setToolTip(tr("How Birch talks to it"));
    m_definition->setFocusPolicy(Qt::StrongFocus);
    form->addRow(tr("Nickname"), m_nickname);
    form->addRow(tr("Address"), m_address);
    form->addRow(tr("Definition"), m_definition);
    return names;
}

QLineEdit *EntryDialog::field(QGridLayout *grid, int row, int column, const QString &name,
                              const QString &text, const QString &hint)
{
    auto *edit = new QLineEdit(text, this);
    edit->setAccessibleName(name);
    edit->setToolTip(name);
    edit->setPlaceholderText(hint);
    grid->addWidget(edit, row, column);
    return edit;
}

QWidget *EntryDialog::makeMovements()
{
    auto *box = new QGroupBox(tr("Limits and safe values"), this);
    auto *grid = new QGridLayout(box);
    const QStringList heads{QString(), tr("at least"), tr("at most"), tr("safe"), tr("in a pause")};
    for (int column = 1; column < heads.size(); ++column)
        grid->addWidget(new QLabel(heads[column], box), 0, column);
    for (const MovementForm &movement : m_form.movements) {
        const MovementSpec &spec = movement.defined;
        const int row = grid->rowCount();
        const QString label = spec.label.isEmpty() ? spec.name : spec.label;
        grid->addWidget(new QLabel(spec.unit.isEmpty() ? label : label + u" / "_s + spec.unit, box),
                        row, 0);
        const auto limit = [&](double Limits::*end) {
            return movement.limits ? textOf((*movement.limits).*end) : QString();
        };
        m_movements.append({field(grid, row, 1, tr("Lowest %1").arg(label), limit(&Limits::low),
                                  hintOf(spec.limits.low, spec.unit)),
                            field(grid, row, 2, tr("Highest %1").arg(label), limit(&Limits::high),
                                  hintOf(spec.limits.high, spec.unit)),
                            field(grid, row, 3, tr("Safe value of %1").arg(label),
                                  textOf(movement.safe), hintOf(spec.safeValue, spec.unit)),
                            field(grid, row, 4, tr("Value of %1 in a pause").arg(label),
                                  textOf(movement.pause), hintOf(spec.pauseValue, spec.unit))});
    }
    return box;
}

QWidget *EntryDialog::makeCalibrations()
{
    auto *box = new QGroupBox(tr("Calibration"), this);
    box->setToolTip(tr("What is recorded = factor × what the instrument says + offset"));
    auto *grid = new QGridLayout(box);
    const QStringList heads{QString(),         tr("date"),   tr("due"),
                            tr("certificate"), tr("factor"), tr("offset")};
    for (int column = 1; column < heads.size(); ++column)
        grid->addWidget(new QLabel(heads[column], box), 0, column);
    for (const QString &column : QStringList(QString()) + m_form.columns) {
        const Calibration now = m_form.calibrations.value(column);
        const QString name = column.isEmpty() ? m_form.nickname : column;
        const int row = grid->rowCount();
        grid->addWidget(new QLabel(column.isEmpty() ? tr("whole instrument") : column, box), row,
                        0);
        const auto date = [](const QDate &day) { return day.toString(Qt::ISODate); };
        CalibrationFields fields{column, nullptr, nullptr, nullptr, nullptr, nullptr};
        fields.date = field(grid, row, 1, tr("Calibration date of %1").arg(name), date(now.date),
                            tr("yyyy-mm-dd"));
        fields.due = field(grid, row, 2, tr("Calibration of %1 is due").arg(name), date(now.due),
                           tr("yyyy-mm-dd"));
        fields.certificate =
            field(grid, row, 3, tr("Certificate of %1").arg(name), now.certificate, {});
        if (!column.isEmpty()) {
            const auto unless = [](double value, double usual) {
                return value == usual ? QString() : textOf(value);
            };
            fields.factor =
                field(grid, row, 4, tr("Factor of %1").arg(name), unless(now.factor, 1), u"1"_s);
            fields.offset =
                field(grid, row, 5, tr("Offset of %1").arg(name), unless(now.offset, 0), u"0"_s);
        }
        m_calibrations.append(fields);
    }
    return box;
}

QWidget *EntryDialog::makeButtons()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *remove = new QPushButton(tr("Remove from bench…"), bar);
    remove->setToolTip(tr("Take it out of the bench file; its scans keep their data"));
    remove->setAutoDefault(false);
    auto *cancel = new QPushButton(tr("Cancel"), bar);
    cancel->setToolTip(tr("Leave everything as it is"));
    cancel->setAutoDefault(false);
    auto *save = new QPushButton(tr("Save"), bar);
    save->setToolTip(tr("Check, write, and take over; the instrument is connected anew"));
    save->setDefault(true);
    for (QPushButton *button : {remove, cancel, save})
        button->setAccessibleName(button->text());
    layout->addWidget(remove);
    layout->addStretch(1);
    layout->addWidget(cancel);
    layout->addWidget(save);
    connect(remove, &QPushButton::clicked, this, &EntryDialog::askToRemove);
    connect(cancel, &QPushButton::clicked, this, &QDialog::close);
    connect(save, &QPushButton::clicked, this, &EntryDialog::save);
    return bar;
}

Status EntryDialog::readMovement(const MovementFields &fields, MovementForm *movement) const
{
    const MovementSpec &spec = movement->defined;
    std::optional<double> values[4];
    QLineEdit *const edits[4] = {fields.low, fields.high, fields.safe, fields.pause};
    for (int i = 0; i < 4; ++i) {
        auto value = numberIn(edits[i], spec.unit);
        if (!value)
            return value.error();
        values[i] = value.value();
    }
    movement->limits.reset();
    if (values[0] || values[1])
        movement->limits =
            Limits{values[0].value_or(spec.limits.low), values[1].value_or(spec.limits.high)};
    movement->safe = values[2];
    movement->pause = values[3];
    return ok();
}

/// Nothing where all of its fields are empty.
Result<std::optional<Calibration>>
EntryDialog::readCalibration(const CalibrationFields &fields) const
{
    Calibration calibration = m_form.calibrations.value(fields.column);
    calibration.column = fields.column;
    const auto date = dateIn(fields.date);
    const auto due = dateIn(fields.due);
    if (!date || !due)
        return date ? due.error() : date.error();
    calibration.date = date.value();
    calibration.due = due.value();
    calibration.certificate = fields.certificate->text().trimmed();
    if (fields.factor) {
        const auto factor = numberIn(fields.factor, {});
        const auto offset = numberIn(fields.offset, {});
        if (!factor || !offset)
            return factor ? offset.error() : factor.error();
        calibration.factor = factor.value().value_or(1);
        calibration.offset = offset.value().value_or(0);
    }
    Calibration empty;
    empty.column = fields.column;
    empty.by = calibration.by;
    return calibration == empty ? std::optional<Calibration>() : std::optional(calibration);
}

Result<InstrumentForm> EntryDialog::entered() const
{
    InstrumentForm form = m_form;
    form.nickname = m_nickname->text().trimmed();
    form.address = m_address->text().trimmed();
    form.definition = m_definition->currentText();
    for (qsizetype i = 0; i < m_movements.size(); ++i) {
        if (const Status read = readMovement(m_movements[i], &form.movements[i]); !read)
            return read.error();
    }
    form.calibrations.clear();
    for (const CalibrationFields &fields : m_calibrations) {
        const auto calibration = readCalibration(fields);
        if (!calibration)
            return calibration.error();
        if (calibration.value())
            form.calibrations.insert(fields.column, *calibration.value());
    }
    return form;
}

void EntryDialog::save()
{
    const auto form = entered();
    if (!form)
        return m_note->setText(form.error().message);
    m_bench.change(m_form, form.value(), this,
                   [this](const Problems &problems) { finish(problems); });
}

void EntryDialog::askToRemove()
{
    auto *question =
        new QMessageBox(QMessageBox::Question, tr("Remove from bench"),
                        tr("Take %1 out of %2? Scans that use it can not run until it is back; "
                           "what was measured stays.")
                            .arg(m_form.nickname, m_bench.file()),
                        QMessageBox::Cancel, this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(u"remove-question"_s);
    question->setModal(false);
    const QPushButton *yes = question->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    connect(question, &QMessageBox::buttonClicked, this,
            [this, yes](const QAbstractButton *pressed) {
                if (pressed == yes)
                    m_bench.remove(m_form.nickname, this,
                                   [this](const Problems &problems) { finish(problems); });
            });
    question->show();
}

void EntryDialog::finish(const Problems &problems)
{
    if (!problems.isEmpty())
        return m_note->setText(problemText(problems));
    close();
}

} // namespace birch
