// The exchanges that everything else is made of.
#include "core/base/unit.h"
#include "drivers/definition/definition_instrument.h"
#include "drivers/definition/reply.h"
#include "drivers/scpi/number.h"

#include <QCoreApplication>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

constexpr std::chrono::milliseconds kComplaintTime{500}; // for the error queue after a silence

ReplyShape shapeOf(const ReplyFormat &format)
{
    return format.kind == ReplyFormat::Kind::Block ? ReplyShape::Block : ReplyShape::Line;
}
} // namespace

Call DefinitionInstrument::exchange(const Call &call) const
{
    return {call.deadline.atMost(m_definition->replyTimeout), call.stop, call.times};
}

Status DefinitionInstrument::requireOpen() const
{
    if (isOpen())
        return ok();
    return Error{ErrorCode::NotConnected,
                 Text::tr("%1 is not connected: connect it first").arg(m_spec.model)};
}

Status DefinitionInstrument::checkIdentity(const Call &call)
{
    const IdentityCheck &check = m_definition->identity;
    const auto reply = m_transport->query(check.query, ReplyShape::Line, exchange(call));
    if (!reply)
        return reply.error().within(
            Text::tr("Asking %1 who it is").arg(QString::fromLatin1(check.query)));
    const QString answer = QString::fromLatin1(reply.value()).trimmed();
    m_isAnother = !check.pattern.match(answer).hasMatch();
    if (!check.pattern.match(answer).hasMatch())
        return Error{ErrorCode::Protocol,
                     Text::tr("Another instrument answers: %1. Correct the address, or choose its "
                              "definition")
                         .arg(scpi::quotedForMessage(reply.value()))};
    m_identity = answer;
    return ok();
}

Status DefinitionInstrument::poll(const Call &call)
{
    if (Status isReady = requireOpen(); !isReady)
        return isReady;
    const QString before = m_identity;
    Status done = checkIdentity(call);
    m_isAnother = m_isAnother || (done && m_identity != before);
    if (done && m_identity != before)
        done = isAnotherError(before);
    m_identity = before;
    if (m_isAnother)
        m_transport->close(); // what it says is of no use: reopen() looks who is there
    return done;
}

Error DefinitionInstrument::isAnotherError(const QString &before) const
{
    return {ErrorCode::Protocol,
            Text::tr("Another instrument answers: %1 instead of %2. Connect the one the scan began "
                     "with, or abort")
                .arg(m_identity, before)};
}

Status DefinitionInstrument::runSteps(const QList<CommandStep> &steps, const Call &call)
{
    for (const CommandStep &step : steps) {
        if (!step.reply) {
            if (Status sent = send(step.command, call); !sent)
                return sent;
            continue;
        }
        const auto reply = query(step.command, ReplyShape::Line, call);
        if (!reply)
            return reply.error();
        if (!isSameToken(reply.value(), *step.reply))
            return Error{ErrorCode::Protocol,
                         Text::tr("%1 was answered %2 instead of %3: check the instrument's mode")
                             .arg(QString::fromLatin1(step.command),
                                  scpi::quotedForMessage(reply.value()),
                                  scpi::quotedForMessage(*step.reply))};
    }
    return ok();
}

Status DefinitionInstrument::readAxes(const Call &call)
{
    for (qsizetype i = 0; i < m_definition->measurements.size(); ++i) {
        for (const AxisQuery &axis : m_definition->measurements[i].axes) {
            ColumnSpec &column = m_spec.measurements[i].columns[axis.column];
            const auto reply = query(axis.query, shapeOf(axis.reply), call);
            if (!reply)
                return reply.error().within(Text::tr("Reading the axis of %1").arg(column.name));
            const auto values = axisFrom(axis.reply, reply.value(), column.shape[axis.axis]);
            if (!values)
                return values.error().within(Text::tr("Reading the axis of %1").arg(column.name));
            column.axes[axis.axis].values = values.value();
        }
    }
    return ok();
}

Status DefinitionInstrument::send(const QByteArray &command, const Call &call)
{
    Status sent = m_transport->send(command, exchange(call));
    return sent ? sent
                : sent.error().within(Text::tr("Sending %1").arg(QString::fromLatin1(command)));
}

Result<QByteArray> DefinitionInstrument::query(const QByteArray &command, ReplyShape shape,
                                               const Call &call)
{
    auto reply = m_transport->query(command, shape, exchange(call));
    if (reply)
        return reply;
    const QString context = Text::tr("Asking %1").arg(QString::fromLatin1(command));
    // A command that SCPI refuses is not answered at all: the reason is in the error queue.
    if (reply.error().code == ErrorCode::Timeout && m_definition->errors.isThere &&
        !call.deadline.hasPassed()) {
        const Call brief{call.deadline.atMost(kComplaintTime), call.stop};
        if (Status complaint = drainErrors(brief);
            !complaint && complaint.error().code == ErrorCode::Protocol)
            return complaint.error().within(context);
    }
    return reply.error().within(context);
}

Status DefinitionInstrument::acknowledge(const Acknowledge &rule, const QByteArray &command,
                                         const Call &call)
{
    if (rule.kind == Acknowledge::Kind::None)
        return send(command, call);
    Result<QByteArray> reply = QByteArray();
    if (rule.kind == Acknowledge::Kind::Line) {
        reply = query(command, ReplyShape::Line, call);
    } else {
        if (Status sent = send(command, call); !sent)
            return sent;
        reply = query(rule.query, ReplyShape::Line, call);
    }
    if (!reply)
        return reply.error();
    const bool isPattern = !rule.pattern.pattern().isEmpty();
    const bool isRefused =
        isPattern ? !rule.pattern.match(QString::fromLatin1(reply.value()).trimmed()).hasMatch()
                  : rule.reply && !isSameToken(reply.value(), *rule.reply);
    if (isRefused)
        return Error{ErrorCode::Protocol,
                     Text::tr("%1 was not accepted, the answer is %2: check value and mode of the "
                              "instrument")
                         .arg(QString::fromLatin1(command), scpi::quotedForMessage(reply.value()))};
    return ok();
}

Status DefinitionInstrument::drainErrors(const Call &call)
{
    if (!m_definition->errors.isThere)
        return ok();
    m_hasUncheckedSets = false;
    const auto queued =
        scpi::drainErrorQueue(*m_transport, m_definition->errors.queue, exchange(call));
    if (!queued)
        return queued.error().within(Text::tr("Reading the error queue"));
    QStringList complaints;
    for (const scpi::QueuedError &error : queued.value()) {
        if (!m_definition->errors.ignored.contains(error.code))
            complaints.append(QString::number(error.code) + u' ' + error.text);
    }
    if (complaints.isEmpty())
        return ok();
    return covered(
        {ErrorCode::Protocol, Text::tr("%1 reports %2: look the number up in its manual")
                                  .arg(m_spec.model, complaints.join(QStringLiteral("; ")))});
}

Status DefinitionInstrument::afterSet(const Call &call)
{
    m_hasUncheckedSets = true;
    return m_definition->errors.when == ErrorQuery::When::EachSet ? drainErrors(call) : ok();
}

Result<BlockFactors> DefinitionInstrument::blockFactors(const BlockScale &scale, const Call &call)
{
    if (scale.query.isEmpty())
        return BlockFactors();
    const auto reply = query(scale.query, ReplyShape::Line, call);
    return reply ? factorsFrom(scale, reply.value()) : Result<BlockFactors>(reply.error());
}

Status DefinitionInstrument::waitFor(Nanoseconds duration, const Call &call) const
{
    if (duration <= Nanoseconds::zero())
        return ok();
    if (duration > call.deadline.remaining())
        return Error{ErrorCode::Timeout,
                     Text::tr("%1 needs longer to settle than the time allowed: raise the timeout")
                         .arg(m_spec.model)};
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    (void)never.wait_for(lock, call.stop, duration, [] { return false; });
    return call.stop.stop_requested()
               ? Status(Error{ErrorCode::Cancelled, Text::tr("Stopped while it settled")})
               : ok();
}

Status DefinitionInstrument::checkLimits(const DependentLimits &limits, double value,
                                         const QString &label, const QString &unit,
                                         const Call &call)
{
    const bool isFine = std::all_of(limits.rows.cbegin(), limits.rows.cend(),
                                    [value](const auto &row) { return row.second.contain(value); });
    if (isFine) // above all a safe value: making safe depends on nothing but its own command
        return ok();
    const auto setting = m_known.contains(limits.parameter)
                             ? Result<QVariant>(m_known.value(limits.parameter))
                             : parameter(limits.parameter, call);
    if (!setting)
        return setting.error();
    const QByteArray now = setting.value().toString().toLatin1();
    for (const auto &[is, allowed] : limits.rows) {
        if (!isSameToken(now, is.toLatin1()) || allowed.contain(value))
            continue;
        return Error{ErrorCode::OutOfRange,
                     Text::tr("%1 %2 is outside %3 … %4 %2 of %5 while %6 is %7: choose a value "
                              "within, or change %6 first")
                         .arg(numberToText(value), unit, numberToText(allowed.low),
                              numberToText(allowed.high), label, limits.parameter, is)};
    }
    return ok();
}

Status DefinitionInstrument::beforeRead(const Call &call)
{
    const bool isDue = m_hasUncheckedSets && m_definition->errors.when == ErrorQuery::When::Batch;
    return isDue ? drainErrors(call) : ok();
}

} // namespace birch
