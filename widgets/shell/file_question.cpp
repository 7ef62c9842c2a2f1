#include "widgets/shell/file_question.h"

#include <QFileDialog>

using namespace Qt::StringLiterals;

namespace birch {

void askForFile(QWidget *window, const FileQuestion &question,
                std::function<void(const QString &)> answer)
{
    auto *dialog =
        new QFileDialog(window, question.title, QFileInfo(question.start).path(), question.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"file-question"_s);
    dialog->setModal(false);
    dialog->setAcceptMode(question.isSaving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(question.isSaving ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(question.suffix);
    if (!question.start.isEmpty())
        dialog->selectFile(question.start);
    QObject::connect(dialog, &QFileDialog::fileSelected, window, std::move(answer));
    dialog->show();
}

} // namespace birch
