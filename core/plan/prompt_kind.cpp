#include "core/plan/prompt_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/single_step_node.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class PromptNode final : public SingleStepNode
{
public:
    PromptNode(int prompt, int object)
        : m_prompt(prompt)
        , m_object(object)
    {
    }
    void describe(const WalkFrame &, PlanStep &step, MoveTarget *) const override
    {
        step.kind = StepKind::Prompt;
        step.prompt = m_prompt;
        step.object = m_object;
    }

private:
    int m_prompt;
    int m_object;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("PromptKind", text);
}

FieldSpec textField(const QString &key, const QString &label, const QString &help)
{
    FieldSpec field;
    field.key = key;
    field.label = label;
    field.help = help;
    return field;
}

PromptFieldKind fieldKind(const QString &typed)
{
    if (typed == u"text")
        return PromptFieldKind::Text;
    if (typed == u"choice")
        return PromptFieldKind::Choice;
    return typed == u"confirm" ? PromptFieldKind::Confirm : PromptFieldKind::Number;
}

PromptField compileField(const QJsonObject &typed)
{
    PromptField field;
    field.name = typed.value(u"name"_s).toString().trimmed();
    field.kind = fieldKind(typed.value(u"kind"_s).toString());
    if (field.kind == PromptFieldKind::Number)
        field.unit = typed.value(u"unit"_s).toString().trimmed();
    const QStringList choices = typed.value(u"choices"_s).toString().split(u',');
    for (const QString &choice : choices) {
        if (!choice.trimmed().isEmpty())
            field.choices.append(choice.trimmed());
    }
    if (const QJsonValue answer = typed.value(u"default"_s); answer.isString())
        field.defaultAnswer = answer.toString();
    return field;
}

QList<PromptField> compileFields(const ScanNode &node, CompileContext &context)
{
    QList<PromptField> fields;
    const QJsonArray list = node.fields.value(u"fields"_s).toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QString path = u"fields.%1."_s.arg(i);
        const PromptField field = compileField(list[i].toObject());
        const bool isTwice =
            std::any_of(fields.begin(), fields.end(),
                        [&](const PromptField &other) { return other.name == field.name; });
        if (isTwice)
            context.problem(node, path + u"name"_s, tr("\"%1\" is asked twice").arg(field.name),
                            tr("Give one of the two another name"));
        if (field.kind == PromptFieldKind::Choice && field.choices.isEmpty())
            context.problem(node, path + u"choices"_s,
                            tr("\"%1\" offers no choices").arg(field.name),
                            tr("Write them with commas between, e.g. \"left, right\""));
        if (field.defaultAnswer) {
            if (const auto value = promptValues({field}, {*field.defaultAnswer}); !value)
                context.problem(node, path + u"default"_s, value.error().message,
                                tr("Write a default that fits, or leave it out"));
        }
        fields.append(field);
    }
    return fields;
}

std::optional<Nanoseconds> compileTimeout(const ScanNode &node, const QList<PromptField> &fields,
                                          CompileContext &context)
{
    const QJsonValue typed = node.fields.value(u"answerWithin"_s);
    if (typed.isUndefined() || typed == QJsonValue(QString()))
        return Nanoseconds::zero();
    const bool hasDefaults =
        std::all_of(fields.begin(), fields.end(),
                    [](const PromptField &field) { return field.defaultAnswer.has_value(); });
    if (!hasDefaults)
        context.problem(node, u"answerWithin"_s,
                        tr("Nobody knows what to answer when the time is over"),
                        tr("Give every field a default, or let the scan wait"));
    return context.duration(node, u"answerWithin"_s, typed);
}

} // namespace

NodeDeclaration PromptKind::declaration() const
{
    FieldSpec text = textField(u"text"_s, tr("Question"), tr("What the operator reads"));
    text.isRequired = true;

    FieldSpec name = textField(u"name"_s, tr("Name"), tr("What is asked for, e.g. thickness"));
    name.isRequired = true;
    FieldSpec kind = textField(u"kind"_s, tr("Answer"), tr("What can be answered"));
    kind.type = FieldType::Choice;
    kind.choices = {u"number"_s, u"text"_s, u"choice"_s, u"confirm"_s};
    kind.choiceLabels = {tr("A number"), tr("A text"), tr("One of several"), tr("Yes or no")};
    kind.defaultValue = u"number"_s;
    FieldSpec unit = textField(u"unit"_s, tr("Unit"), tr("Unit of the number, e.g. nm"));
    unit.visibleWhen = u"kind"_s;
    unit.visibleValues = {u"number"_s};
    FieldSpec choices =
        textField(u"choices"_s, tr("Choices"), tr("With commas between, e.g. \"left, right\""));
    choices.visibleWhen = u"kind"_s;
    choices.visibleValues = {u"choice"_s};
    const FieldSpec defaultAnswer =
        textField(u"default"_s, tr("Default"), tr("The answer that is offered"));

    FieldSpec fields = textField(u"fields"_s, tr("Fields"),
                                 tr("What is recorded of the answer; none: it is confirmed"));
    fields.type = FieldType::RecordList;
    fields.item = {name, kind, unit, choices, defaultAnswer};

    FieldSpec within =
        textField(u"answerWithin"_s, tr("Answer within"),
                  tr("After this time the defaults count, e.g. \"5 min\"; empty: the scan waits"));
    within.type = FieldType::Duration;

    NodeDeclaration declaration;
    declaration.id = u"prompt"_s;
    declaration.label = tr("Prompt");
    declaration.help = tr("Asks the operator, and records the answer");
    declaration.icon = u"prompt"_s;
    declaration.fields = {text, fields, within};
    return declaration;
}

QString PromptKind::summary(const QJsonObject &fields) const
{
    return fields.value(u"text"_s).toString().simplified();
}

std::unique_ptr<PlanNode> PromptKind::compile(const ScanNode &node, CompileContext &context) const
{
    PlanPrompt prompt;
    prompt.node = node.id;
    prompt.label = node.label.trimmed();
    prompt.text = node.fields.value(u"text"_s).toString().trimmed();
    prompt.fields = compileFields(node, context);
    const auto within = compileTimeout(node, prompt.fields, context);
    if (!within)
        return nullptr;
    prompt.answerWithin = *within;
    if (!prompt.fields.isEmpty())
        prompt.object = context.addPromptObject(node, prompt.fields);
    const int object = prompt.object;
    auto planNode = std::make_unique<PromptNode>(context.addPrompt(std::move(prompt)), object);
    context.setTotals(node, *planNode, 1, object >= 0 ? 1 : 0, *within);
    return planNode;
}

} // namespace birch
