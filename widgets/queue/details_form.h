#pragma once

#include "core/data/run_store.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace birch {

class FieldsEdit;

/// A name with the uid it stands for.
struct NamedRecord {
    QString uid;
    QString name;
};

/// What the operator says about a scan: sample (pick or new), project, operator, title, type, tags,
/// comment. Nothing modal: a name that is not known yet gets a button that makes it.
class DetailsForm : public QWidget
{
    Q_OBJECT
public:
    explicit DetailsForm(QWidget *parent = nullptr);

    void setSamples(const QList<NamedRecord> &samples);
    void setProjects(const QStringList &projects);
    void setDetails(const ScanDetails &details); ///< emits nothing
    ScanDetails details() const;
    QString sampleText() const; ///< as typed, also when it is no sample yet

signals:
    void edited();
    void sampleWanted(const QString &name); ///< make it, then setSamples() and pickSample()

public slots:
    void pickSample(const QString &uid);

private:
    void refreshSampleButton();

    ScanDetails m_details; ///< keeps what the form does not show
    QComboBox *m_sample;
    QPushButton *m_newSample;
    QComboBox *m_project;
    QLineEdit *m_operator;
    QLineEdit *m_title;
    QLineEdit *m_type;
    QLineEdit *m_tags;
    QPlainTextEdit *m_comment;
    FieldsEdit *m_fields;
};

} // namespace birch
