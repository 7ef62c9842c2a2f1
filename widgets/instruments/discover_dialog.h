#pragma once

#include "widgets/instruments/bench_port.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTableWidget;

namespace birch {

/// Instruments that answer on the network and at serial ports, and what they may become on the
/// bench: each joins it with a nickname and one click. Not modal; nothing waits for a search.
class DiscoverDialog : public QDialog
{
    Q_OBJECT
public:
    DiscoverDialog(BenchPort &bench, QWidget *parent = nullptr);
    ~DiscoverDialog() override; ///< ends the search

signals:
    void done(const QString &sentence);

private:
    enum Column { Address, Who, Definition, Nickname, Actions, Columns };

    QWidget *makeTop();
    void toggleSearch();
    void ended(const QStringList &notes);
    void showRow(const FoundRow &row);
    void forget(int id);
    int lineOf(int id) const;
    QWidget *padded(QWidget *field);
    void fill(int line, const FoundRow &row);
    QWidget *makeActions(const FoundRow &row);
    void add(int id);
    void move(const QString &nickname, const FoundRow &row);
    void tell(const Problems &problems, const QString &success);
    QString freeNickname(const FoundRow &row) const;

    struct Fields {
        QComboBox *definition = nullptr; ///< null: it is on the bench
        QLineEdit *nickname = nullptr;
    };

    BenchPort &m_bench;
    QMap<int, FoundRow> m_rows; ///< by id
    QMap<int, Fields> m_fields; ///< likewise
    QStringList m_given;        ///< nicknames that were proposed or taken
    QLineEdit *m_range;
    QCheckBox *m_serial;
    QPushButton *m_search;
    QProgressBar *m_busy;
    QTableWidget *m_table;
    QLabel *m_note;
    bool m_isSearching = false;
};

} // namespace birch
