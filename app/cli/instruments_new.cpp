#include "app/cli/instrument_verbs.h"
#include "app/cli/trace_output.h"

#include "app/session/resource_paths.h"
#include "core/base/file_writer.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/discovery/definition_draft.h"
#include "drivers/discovery/identity.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr std::chrono::seconds kInterview{20};
constexpr auto kSuffix = ".instrument.yaml"_L1;

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// Where the definition goes, "" : into the current folder, under its id.
Result<QString> outputFile(const Invocation &invocation)
{
    const QString file = invocation.value(u"output"_s);
    static const QRegularExpression id(u"^[a-z0-9]+(-[a-z0-9]+)*$"_s);
    if (!file.isEmpty() &&
        (!file.endsWith(kSuffix) ||
         !id.match(QFileInfo(file).fileName().chopped(kSuffix.size())).hasMatch()))
        return Error{ErrorCode::BadInput,
                     tr("A definition is called after its id, in lower-case letters, digits and -: "
                        "write --output acme-7.instrument.yaml")};
    return file;
}

int tellFitting(const Invocation &invocation, const Interview &told, const Definition &definition)
{
    if (invocation.isJson)
        invocation.printJson({{u"identity"_s, told.identity},
                              {u"definition"_s, definition.spec.definitionId},
                              {u"file"_s, QString()}});
    else
        invocation.print(
            tr("%1\nThere is a definition for it already, %2 (nothing was written). Use it with:\n"
               "birchctl instruments add %3 --name NAME")
                .arg(told.identity, definition.spec.definitionId, told.address));
    return kDone;
}

int write(const Invocation &invocation, const Interview &told, const QString &path)
{
    const QString id = QFileInfo(path).fileName().chopped(kSuffix.size());
    const QByteArray text = draftDefinition(told, id);
    const DefinitionLoad load = loadDefinitionText(text, path);
    if (!load.definition)
        return invocation.fail(load.problems);
    if (const Status written = writeFile(path, text); !written)
        return invocation.fail(written.error(), kRanAndFailed);
    const InstrumentSpec &spec = load.definition->spec;
    QStringList measurements;
    for (const MeasurementSpec &measurement : spec.measurements)
        measurements << measurement.name;
    if (invocation.isJson)
        invocation.printJson({{u"identity"_s, told.identity},
                              {u"definition"_s, id},
                              {u"file"_s, QFileInfo(path).absoluteFilePath()}});
    else
        invocation.print(tr("%1\nWritten to %2: reads %3 and %4 setting(s). In a bench file beside "
                            "it use it with:\nbirchctl instruments add %5 --name NAME --definition "
                            "%6 --bench FILE.bench.yaml")
                             .arg(told.identity, path, measurements.join(u", "_s))
                             .arg(spec.parameters.size())
                             .arg(told.address, id));
    return kDone;
}

} // namespace

int newInstrument(const Station &, const Invocation &invocation, const QStringList &arguments)
{
    const QString address = invocation.value(u"identify"_s);
    if (!arguments.isEmpty() || address.isEmpty())
        return invocation.usage(tr("Write it as: new --identify ADDRESS [--output FILE]."));
    const auto output = outputFile(invocation);
    if (!output)
        return invocation.usage(output.error().message);
    if (QFileInfo::exists(output.value()))
        return invocation.usage(
            tr("%1 is there already; choose another name.").arg(output.value()));
    auto trace = TraceOutput::open(invocation);
    if (!trace)
        return invocation.fail(trace.error(), kBadInput);
    BenchTraces traces;
    const auto told = interview(address, Call::within(kInterview),
                                traces.add({}, address, trace.value().capacity()));
    trace.value().write(invocation, traces);
    if (!told)
        return invocation.fail(told.error());
    Problems problems;
    const IdentityMatcher matcher(loadDefinitions(definitionFolders(), &problems));
    if (const DefinitionPtr definition = matcher.match(told.value().identity))
        return tellFitting(invocation, told.value(), *definition);
    const QString path =
        output.value().isEmpty() ? draftId(told.value().identity) + kSuffix : output.value();
    if (QFileInfo::exists(path))
        return invocation.usage(
            tr("%1 is there already; choose another name with --output.").arg(path));
    return write(invocation, told.value(), path);
}

} // namespace birch::cli
