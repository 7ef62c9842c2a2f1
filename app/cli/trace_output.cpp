#include "app/cli/trace_output.h"

#include "drivers/transport/trace_text.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}
} // namespace

QCommandLineOption traceOption()
{
    return {u"trace"_s,
            tr("Write every byte to and from the instruments into this file at the end (the last "
               "16 MiB of each)."),
            u"FILE"_s};
}

Result<TraceOutput> TraceOutput::open(const Invocation &invocation)
{
    TraceOutput output;
    if (!invocation.isSet(u"trace"_s))
        return output;
    auto file = FileWriter::create(invocation.value(u"trace"_s), FileWriter::Readers::OwnerOnly);
    if (!file)
        return file.error().within(tr("The trace"));
    output.m_file = std::move(file).value();
    return output;
}

void TraceOutput::write(const Invocation &invocation, const BenchTraces &traces)
{
    if (!m_file)
        return;
    Status written = m_file->write(traceToText(traces.snapshot()));
    if (written)
        written = m_file->commit();
    invocation.note(written ? tr("Trace: %1").arg(m_file->path())
                            : tr("The trace was not written: %1").arg(written.error().message));
}

} // namespace birch::cli
