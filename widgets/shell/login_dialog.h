#pragma once

#include "core/store/users/login.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace birch {

/// Asks who is there, before a database whose users have passwords is opened. Enter logs in, Escape
/// leaves. It checks nothing: whoever shows it does, and shows it again with the refusal.
class LoginDialog : public QDialog
{
    Q_OBJECT
public:
    LoginDialog(const QString &database, const QString &user, QWidget *parent = nullptr);

    /// Why the last answer was not taken; empties the password. "": nothing yet.
    void showRefusal(const QString &sentence);
    Login login() const;

private:
    void offerLogin();

    QLineEdit *m_user;
    QLineEdit *m_password;
    QLabel *m_refusal;
    QPushButton *m_logIn = nullptr;
};

} // namespace birch
