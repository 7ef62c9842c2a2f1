#pragma once

#include "drivers/discovery/interview.h"

namespace birch {

/// An id for a definition of who answered so: "acme-source-7".
QString draftId(const QString &identity);

/// A first definition of an instrument as the text of a *.instrument.yaml: what its answers justify
/// and nothing else, marked unverified. It can be read from at once; nothing in it sets anything.
QByteArray draftDefinition(const Interview &told, const QString &id);

} // namespace birch
