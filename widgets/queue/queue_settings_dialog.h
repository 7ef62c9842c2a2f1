#pragma once

#include "core/data/queue_settings.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace birch {

/// How the queue of a window is run: its name, what follows a failed scan, scans at once.
class QueueSettingsDialog : public QDialog
{
    Q_OBJECT
public:
    QueueSettingsDialog(const QString &name, const QueueSettings &settings,
                        QWidget *parent = nullptr);

    QString name() const;
    QueueSettings settings() const;

private:
    QLineEdit *m_name;
    QComboBox *m_onFailure;
    QSpinBox *m_parallel;
};

} // namespace birch
