#pragma once

#include "core/base/call.h"
#include "core/base/result.h"
#include "drivers/definition/definition.h"

#include <QString>

namespace birch {

/// The fields of an answer to *IDN?, trimmed; those that are missing are "".
struct Identity {
    QString manufacturer;
    QString model;
    QString serialNumber;
    QString firmware;

    /// False for "", "0", "N/A" ...: what many instruments say that have none.
    bool hasSerialNumber() const;
    /// The same for one instrument on whatever path; "" without a serial number.
    QString key() const;
};

Identity identityFrom(const QString &answer);

/// Connects, asks "*IDN?" and closes. Blocks its thread, which must not be that of a window.
/// Errors: those of the transport; Protocol - an empty answer, or one that is no text.
Result<QString> askIdentity(const QString &address, const Call &call);

/// Which of many definitions an answer to *IDN? fits.
class IdentityMatcher
{
public:
    explicit IdentityMatcher(const QList<DefinitionPtr> &definitions);
    /// Null: none, or only such as fit whatever answers.
    DefinitionPtr match(const QString &identity) const;

private:
    QList<DefinitionPtr> m_definitions;
};

} // namespace birch
