#pragma once

#include "core/store/scan_record.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;

namespace birch {

class FieldsEdit;
class TimingView;

/// What is known about one scan; what the operator said about it can be changed. Changes that were
/// not saved are kept per scan while the window is open.
class ScanDetailsView : public QWidget
{
    Q_OBJECT
public:
    explicit ScanDetailsView(QWidget *parent = nullptr);

    /// \a samples: uid by human id.
    void setSamples(const QMap<QString, QString> &samples);
    void setProjects(const QStringList &projects);
    /// Shows \a report. Unsaved changes of the same scan stay, and stay changes of what was read
    /// before them: saving finds out whether somebody else was faster.
    void setReport(const ScanReport &report);
    void clear();
    /// The changes of \a scan are stored: nothing is kept back.
    void forgetDraft(const QUuid &scan);
    void showProblem(const QString &sentence);
    bool isEdited() const;
    void refreshTheme();

signals:
    void saveWanted(const QUuid &scan, const birch::ScanDetails &details, qint64 revision);
    void continueWanted(const QString &scanKey); ///< of an interrupted scan
    void reloadWanted(const QUuid &scan);        ///< changes are given up

private:
    struct Draft {
        ScanDetails details;
        qint64 revision = 0;
    };
    QWidget *makeForm();
    void fill(const ScanDetails &details, const QString &sample);
    void fillFacts();
    ScanDetails typed() const;
    void edited();
    void save();

    ScanReport m_report;
    qint64 m_revision = 0; ///< that the fields were read from
    QHash<QUuid, Draft> m_drafts;
    QMap<QString, QString> m_samples;
    bool m_isFilling = false;

    QLabel *m_head;
    QLabel *m_reason;
    QPushButton *m_continue;
    QTabWidget *m_tabs;
    QLineEdit *m_title;
    QComboBox *m_sample;
    QComboBox *m_project;
    QLineEdit *m_operator;
    QLineEdit *m_type;
    QLineEdit *m_tags;
    QPlainTextEdit *m_comment;
    FieldsEdit *m_fields;
    TimingView *m_timing;
    QLabel *m_facts;
    QLabel *m_problem;
    QPushButton *m_save;
    QPushButton *m_giveUp;
    QListWidget *m_log;
};

} // namespace birch
