#include "drivers/scpi/error_queue.h"

#include "drivers/scpi/number.h"
#include "drivers/scpi/text.h"

#include <QCoreApplication>

#include <limits>

namespace birch::scpi {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Scpi", text);
}

} // namespace

Result<QueuedError> parseQueuedError(QByteArrayView reply)
{
    const QByteArrayView text = reply.trimmed();
    const qsizetype comma = text.indexOf(',');
    const auto code = parseInteger(comma < 0 ? text : text.first(comma));
    using Limit = std::numeric_limits<int>;
    if (!code || code.value() < Limit::min() || code.value() > Limit::max())
        return Error{ErrorCode::Protocol,
                     tr("The instrument answered %1 where an error number was due; check the error "
                        "query of its definition")
                         .arg(quotedForMessage(reply))};
    const QByteArrayView rest = comma < 0 ? QByteArrayView() : text.sliced(comma + 1).trimmed();
    const auto inQuotes = parseQuoted(rest);
    return QueuedError{int(code.value()), inQuotes ? inQuotes.value() : QString::fromLatin1(rest)};
}

Result<QList<QueuedError>> drainErrorQueue(Transport &link, const ErrorQueue &queue,
                                           const Call &call)
{
    QList<QueuedError> entries;
    while (entries.size() < queue.cap) {
        const auto reply = link.query(queue.query, ReplyShape::Line, call);
        if (!reply)
            return reply.error().within(tr("Reading the instrument's errors"));
        if (queue.empty.match(QString::fromLatin1(reply.value())).hasMatch())
            break;
        auto entry = parseQueuedError(reply.value());
        if (!entry)
            return entry.error();
        entries.append(std::move(entry).value());
    }
    return entries;
}

} // namespace birch::scpi
