#pragma once

#include "core/base/call.h"
#include "core/base/column_values.h"
#include "core/base/result.h"
#include "core/plan/node_id.h"

#include <QStringList>

#include <optional>

namespace birch {

enum class PromptFieldKind : quint8 { Number, Text, Choice, Confirm };

/// One thing that an operator is asked for.
struct PromptField {
    QString name; ///< also of its column
    PromptFieldKind kind = PromptFieldKind::Number;
    QString unit;                         ///< Number
    QStringList choices;                  ///< Choice
    std::optional<QString> defaultAnswer; ///< as typed
};

/// What an operator is asked, and where the answers go.
struct PlanPrompt {
    NodeId node;
    QString label; ///< of the node, "" for none
    QString text;
    QList<PromptField> fields;  ///< none: it is enough to be told
    Nanoseconds answerWithin{}; ///< then the defaults count; 0: waits for ever
    int object = -1;            ///< in ScanPlan::objects; -1: there are no fields
};

/// What was typed, one text per field, as rows of one value each.
/// Errors: BadInput - it does not fit a field; the sentence names it and says what does.
Result<std::vector<ColumnValues>> promptValues(const QList<PromptField> &fields,
                                               const QStringList &typed);
ColumnType columnType(PromptFieldKind kind);

} // namespace birch
