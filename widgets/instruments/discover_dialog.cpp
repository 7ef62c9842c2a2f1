#include "widgets/instruments/discover_dialog.h"

#include "widgets/models/problem_text.h"
#include "widgets/theme/icon.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kIdRole = Qt::UserRole;

QTableWidgetItem *readOnly(const QString &text, const QString &tip)
{
    auto *item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setToolTip(tip);
    return item;
}

} // namespace

DiscoverDialog::DiscoverDialog(BenchPort &bench, QWidget *parent)
    : QDialog(parent)
    , m_bench(bench)
    , m_range(new QLineEdit(this))
    , m_serial(new QCheckBox(tr("Ask serial ports who is there"), this))
    , m_search(new QPushButton(this))
    , m_busy(new QProgressBar(this))
    , m_table(new QTableWidget(0, Columns, this))
    , m_note(new QLabel(bench.fileNote(), this))
{
    setWindowTitle(tr("Find instruments"));
    resize(1180, 480);
    m_table->setHorizontalHeaderLabels(
        {tr("Address"), tr("Answers as"), tr("Definition"), tr("Nickname"), QString()});
    m_table->setAccessibleName(tr("Found instruments"));
    m_table->verticalHeader()->hide();
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->setDefaultSectionSize(40);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(Who, QHeaderView::Stretch);
    m_table->setColumnWidth(Address, 250);
    m_table->setColumnWidth(Definition, 190);
    m_table->setColumnWidth(Nickname, 130);
    m_table->setColumnWidth(Actions, 250);
    m_note->setWordWrap(true);
    m_note->setAccessibleName(tr("What came of the search"));
    m_busy->setRange(0, 0);
    m_busy->setFixedHeight(4);
    m_busy->setTextVisible(false);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeTop());
    layout->addWidget(m_busy);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
    connect(&bench, &BenchPort::found, this, &DiscoverDialog::showRow);
    connect(&bench, &BenchPort::gone, this, &DiscoverDialog::forget);
    connect(&bench, &BenchPort::searchEnded, this, &DiscoverDialog::ended);
    m_given = bench.addresses().keys();
    m_search->setAutoDefault(false); // Enter in a field is for that field
    m_range->setFocus();
    toggleSearch();
}

DiscoverDialog::~DiscoverDialog()
{
    m_bench.stopSearch();
}

QWidget *DiscoverDialog::makeTop()
{
    auto *top = new QWidget(this);
    m_range->setPlaceholderText(tr("also ask one by one, e.g. 192.168.0.1-40"));
    m_range->setAccessibleName(tr("Addresses to ask one by one"));
    m_range->setToolTip(tr("Instruments that announce themselves are found without this"));
    m_serial->setToolTip(tr("Sends *IDN? to every serial port at 9600 baud. Leave it off where "
                            "something else than an instrument may listen"));
    auto *layout = new QHBoxLayout(top);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_range, 1);
    layout->addWidget(m_serial);
    layout->addWidget(m_search);
    connect(m_search, &QPushButton::clicked, this, &DiscoverDialog::toggleSearch);
    connect(m_range, &QLineEdit::returnPressed, this, [this] {
        if (!m_isSearching)
            toggleSearch();
    });
    return top;
}

void DiscoverDialog::toggleSearch()
{
    if (m_isSearching)
        return m_bench.stopSearch();
    const Problems problems = m_bench.search({m_range->text().trimmed(), m_serial->isChecked()});
    m_isSearching = problems.isEmpty();
    m_busy->setVisible(m_isSearching);
    m_search->setText(m_isSearching ? tr("Stop") : tr("Search"));
    m_search->setIcon(themeIcon(m_isSearching ? u"stop"_s : u"search"_s));
    m_search->setToolTip(m_isSearching ? tr("Keep what was found until now")
                                       : tr("Look for instruments once more"));
    m_search->setAccessibleName(m_search->text());
    if (!m_isSearching)
        return tell(problems, {});
    m_rows.clear();
    m_fields.clear();
    m_table->setRowCount(0);
    m_note->setText(tr("Looking for instruments…"));
}

void DiscoverDialog::ended(const QStringList &notes)
{
    m_isSearching = false;
    m_busy->hide();
    m_search->setText(tr("Search"));
    m_search->setAccessibleName(m_search->text());
    m_search->setIcon(themeIcon(u"search"_s));
    m_search->setToolTip(tr("Look for instruments once more"));
    QStringList lines = notes;
    if (m_rows.isEmpty())
        lines.prepend(tr("Nothing was found. Check cables and power, or name addresses to ask one "
                         "by one."));
    lines.append(m_bench.fileNote());
    lines.removeAll(QString());
    m_note->setText(lines.join(u'\n'));
}

int DiscoverDialog::lineOf(int id) const
{
    for (int line = 0; line < m_table->rowCount(); ++line) {
        if (m_table->item(line, Address)->data(kIdRole).toInt() == id)
            return line;
    }
    return -1;
}

void DiscoverDialog::showRow(const FoundRow &row)
{
    const bool isNew = !m_rows.contains(row.id);
    m_rows.insert(row.id, row);
    if (isNew)
        m_table->insertRow(m_table->rowCount());
    fill(isNew ? m_table->rowCount() - 1 : lineOf(row.id), row);
}

void DiscoverDialog::forget(int id)
{
    m_rows.remove(id);
    m_fields.remove(id);
    m_table->removeRow(lineOf(id));
}

/// A name that is free, from the model: "keithley-2400" becomes "k2400" and then "k2400_2".
QString DiscoverDialog::freeNickname(const FoundRow &row) const
{
    static const QRegularExpression word(u"^([a-z])[a-z]*-?(.*)$"_s);
    const auto match = word.match(row.definition);
    QString base = match.hasMatch() ? match.captured(1) + match.captured(2) : u"instrument"_s;
    base.replace(QRegularExpression(u"[^a-z0-9_]"_s), u"_"_s);
    QString name = base;
    for (int n = 2; m_given.contains(name); ++n)
        name = u"%1_%2"_s.arg(base).arg(n);
    return name;
}

/// Cells would let it touch its neighbours.
QWidget *DiscoverDialog::padded(QWidget *field)
{
    auto *cell = new QWidget(m_table);
    auto *layout = new QHBoxLayout(cell);
    layout->setContentsMargins(2, 4, 6, 4);
    layout->addWidget(field);
    return cell;
}

void DiscoverDialog::fill(int line, const FoundRow &row)
{
    const Fields before = m_fields.take(row.id);
    const QString typed = before.nickname ? before.nickname->text() : freeNickname(row);
    auto *address = readOnly(row.address, (QStringList(row.address) + row.others).join(u'\n'));
    address->setData(kIdRole, row.id);
    m_table->setItem(line, Address, address);
    const bool isSerial = row.address.startsWith(u"ASRL"_s);
    const QString who = !row.who.isEmpty()       ? row.who
                        : !row.problem.isEmpty() ? row.problem
                        : isSerial               ? tr("a serial port, not asked")
                                                 : tr("nothing is known of it yet");
    m_table->setItem(line, Who, readOnly(who, row.problem.isEmpty() ? who : row.problem));
    if (!row.nickname.isEmpty()) {
        for (const Column column : {Definition, Nickname, Actions})
            m_table->removeCellWidget(line, column);
        m_table->setItem(line, Definition, readOnly(row.definition, {}));
        m_table->setItem(line, Nickname, readOnly(row.nickname, {}));
        m_table->setItem(line, Actions, readOnly(tr("on the bench"), {}));
        return;
    }
    auto *definition = new QComboBox(m_table);
    definition->addItem(tr("choose one"), QString());
    for (const QString &id : m_bench.definitions())
        definition->addItem(id, id);
    definition->setCurrentIndex(std::max(0, definition->findData(row.definition)));
    definition->setAccessibleName(tr("Definition for %1").arg(row.address));
    definition->setToolTip(tr("How Birch talks to it. None fits? Write a first one with birchctl "
                              "instruments new --identify %1")
                               .arg(row.address));
    auto *nickname = new QLineEdit(typed, m_table);
    nickname->setAccessibleName(tr("Nickname for %1").arg(row.address));
    nickname->setToolTip(tr("By this name scans and columns call it: letters, digits and _"));
    connect(nickname, &QLineEdit::returnPressed, this, [this, id = row.id] { add(id); });
    m_table->setCellWidget(line, Definition, padded(definition));
    m_table->setCellWidget(line, Nickname, padded(nickname));
    m_table->setCellWidget(line, Actions, makeActions(row));
    m_fields.insert(row.id, {definition, nickname});
}

QWidget *DiscoverDialog::makeActions(const FoundRow &row)
{
    auto *actions = new QWidget(m_table);
    auto *layout = new QHBoxLayout(actions);
    layout->setContentsMargins(4, 0, 4, 0);
    auto *add = new QPushButton(themeIcon(u"add"_s), tr("Add"), actions);
    add->setAutoDefault(false);
    add->setAccessibleName(tr("Add %1").arg(row.address));
    add->setToolTip(tr("It joins the bench under this nickname"));
    connect(add, &QPushButton::clicked, this, [this, id = row.id] { this->add(id); });
    layout->addWidget(add);
    for (const QString &nickname : row.candidates) {
        auto *move = new QPushButton(tr("This is %1").arg(nickname), actions);
        move->setAutoDefault(false);
        move->setAccessibleName(move->text());
        move->setToolTip(
            tr("%1 is of the same kind at another address: it gets this one").arg(nickname));
        connect(move, &QPushButton::clicked, this,
                [this, nickname, row] { this->move(nickname, row); });
        layout->addWidget(move);
    }
    layout->addStretch(1);
    return actions;
}

void DiscoverDialog::add(int id)
{
    const Fields fields = m_fields.value(id);
    if (!fields.nickname)
        return;
    const NewInstrument wanted{fields.nickname->text().trimmed(),
                               fields.definition->currentData().toString(), m_rows[id].address};
    if (wanted.definition.isEmpty())
        return m_note->setText(tr("Choose a definition for %1 first.").arg(wanted.address));
    m_bench.add(wanted, this, [this, id, wanted](const Problems &problems) {
        tell(problems, tr("%1 joined the bench").arg(wanted.nickname));
        if (!problems.isEmpty() || !m_rows.contains(id))
            return;
        m_given.append(wanted.nickname);
        m_rows[id].nickname = wanted.nickname;
        m_rows[id].definition = wanted.definition;
        fill(lineOf(id), m_rows[id]);
    });
}

void DiscoverDialog::move(const QString &nickname, const FoundRow &row)
{
    m_bench.move(nickname, row.address, this, [this, nickname, row](const Problems &problems) {
        tell(problems, tr("%1 is at %2 now").arg(nickname, row.address));
        if (!problems.isEmpty() || !m_rows.contains(row.id))
            return;
        m_rows[row.id].nickname = nickname;
        fill(lineOf(row.id), m_rows[row.id]);
    });
}

void DiscoverDialog::tell(const Problems &problems, const QString &success)
{
    if (!problems.isEmpty())
        return m_note->setText(problemText(problems));
    m_note->setText((success + u". "_s + m_bench.fileNote()).trimmed());
    emit done(success);
}

} // namespace birch
