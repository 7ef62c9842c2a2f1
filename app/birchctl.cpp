#include "app/cli/command.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("birchctl"));
    QCoreApplication::setApplicationVersion(QStringLiteral(BIRCH_VERSION));
    return birch::cli::execute(QCoreApplication::arguments());
}
