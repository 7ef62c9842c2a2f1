#pragma once

#include "core/base/result.h"
#include "core/exchange/import/pickle_view.h"

#include <QJsonObject>
#include <QStringList>

namespace birch {

/// One of PyBirch's samples, as its class pickles itself.
struct PickledSample {
    QString id;
    QString material;
    QStringList tags;
    std::optional<PickleArray> image; ///< none where it is empty
    QJsonObject others;               ///< what else it remembers
};

/// The samples in a pickle: one, or a list or dictionary of them; an object (or dictionary) with an
/// ID is one, whatever its class was called. \a leftOut: what is none, one sentence each.
/// Errors: BadInput - there is none.
Result<QList<PickledSample>> samplesIn(const PickleDocument &document, QStringList *leftOut);

} // namespace birch
