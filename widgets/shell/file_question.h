#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace birch {

/// What file is asked for.
struct FileQuestion {
    QString title;
    QString start; ///< file to begin at; "" for none
    QString filter;
    QString suffix = {};
    bool isSaving = false;
};

/// Asks for a file without blocking anything: *Make safe* stays in reach. No answer when the person
/// cancels.
void askForFile(QWidget *window, const FileQuestion &question,
                std::function<void(const QString &)> answer);

} // namespace birch
