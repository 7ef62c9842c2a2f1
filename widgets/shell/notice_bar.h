#pragma once

#include <QFrame>

class QLabel;
class QTimer;

namespace birch {

enum class NoticeKind { Info, Warning, Error };

/// One bar under the command bar: what happened and what to do next. Never modal; the newest notice
/// wins, all of them are in the log.
class NoticeBar : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeBar(QWidget *parent = nullptr);

    void showNotice(NoticeKind kind, const QString &sentence);
    QString text() const;
    void refreshTheme();

private:
    QLabel *m_icon;
    QLabel *m_text;
    QTimer *m_timer;
    NoticeKind m_kind = NoticeKind::Info;
};

} // namespace birch
