#include "widgets/shell/login_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace birch {

namespace {
constexpr int kTextWidth = 380; // px
}

LoginDialog::LoginDialog(const QString &database, const QString &user, QWidget *parent)
    : QDialog(parent)
    , m_user(new QLineEdit(user, this))
    , m_password(new QLineEdit(this))
    , m_refusal(new QLabel(this))
{
    setWindowTitle(tr("Log in to Birch"));
    auto *text = new QLabel(tr("The users of %1 have passwords.").arg(database), this);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setMinimumWidth(kTextWidth);
    m_user->setAccessibleName(tr("User name"));
    m_password->setAccessibleName(tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData);
    m_refusal->setWordWrap(true);
    m_refusal->setTextFormat(Qt::PlainText);
    m_refusal->setAccessibleName(tr("Why the login was refused"));
    m_refusal->hide();
    auto *form = new QFormLayout;
    form->addRow(tr("&User name:"), m_user);
    form->addRow(tr("&Password:"), m_password);
    auto *buttons = new QDialogButtonBox(this);
    m_logIn = buttons->addButton(tr("&Log in"), QDialogButtonBox::AcceptRole);
    m_logIn->setToolTip(tr("Open the database as this user"));
    m_logIn->setDefault(true);
    buttons->addButton(tr("&Quit"), QDialogButtonBox::RejectRole)
        ->setToolTip(tr("Leave without opening the database"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addLayout(form);
    layout->addWidget(m_refusal);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &LoginDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &LoginDialog::reject);
    connect(m_user, &QLineEdit::textChanged, this, &LoginDialog::offerLogin);
    connect(m_password, &QLineEdit::textChanged, this, &LoginDialog::offerLogin);
    (user.isEmpty() ? m_user : m_password)->setFocus();
    offerLogin();
}

void LoginDialog::offerLogin()
{
    m_logIn->setEnabled(!m_user->text().isEmpty() && !m_password->text().isEmpty());
}

void LoginDialog::showRefusal(const QString &sentence)
{
    m_refusal->setText(sentence);
    m_refusal->setVisible(!sentence.isEmpty());
    m_password->clear();
    m_password->setFocus();
    adjustSize();
}

Login LoginDialog::login() const
{
    return {m_user->text(), m_password->text(), {}};
}

} // namespace birch
