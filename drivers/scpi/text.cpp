#include "drivers/scpi/text.h"

#include "drivers/scpi/number.h"

#include <QCoreApplication>
#include <QStringList>

namespace birch::scpi {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Scpi", text);
}

} // namespace

Result<QString> parseQuoted(QByteArrayView reply)
{
    const QByteArrayView text = reply.trimmed();
    const Error error{
        ErrorCode::Protocol,
        tr("The instrument answered %1 where a text in quotes was due; check that its "
           "model is the one set")
            .arg(quotedForMessage(reply))};
    if (text.size() < 2 || (text.front() != '"' && text.front() != '\'') ||
        text.back() != text.front())
        return error;
    const char quote = text.front();
    const QByteArrayView inside = text.sliced(1, text.size() - 2);
    QString result;
    result.reserve(inside.size());
    for (qsizetype at = 0; at < inside.size(); ++at) {
        if (inside[at] == quote) {
            if (at + 1 == inside.size() || inside[at + 1] != quote)
                return error;
            ++at;
        }
        result += QChar::fromLatin1(inside[at]);
    }
    return result;
}

QByteArray quoted(const QString &text)
{
    QByteArray inside = text.toLatin1();
    inside.replace('"', "\"\"");
    return '"' + inside + '"';
}

Result<Identity> parseIdentity(QByteArrayView reply)
{
    const QString text = QString::fromLatin1(reply.trimmed());
    const QString fields[] = {text.section(u',', 0, 0).trimmed(),
                              text.section(u',', 1, 1).trimmed(),
                              text.section(u',', 2, 2).trimmed(), text.section(u',', 3).trimmed()};
    if (fields[0].isEmpty() || fields[1].isEmpty())
        return Error{ErrorCode::Protocol,
                     tr("The instrument answered %1 where manufacturer and model were due; check "
                        "its address and that it speaks SCPI")
                         .arg(quotedForMessage(reply))};
    return Identity{fields[0], fields[1], fields[2], fields[3]};
}

} // namespace birch::scpi
