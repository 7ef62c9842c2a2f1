#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"

namespace birch {

/// The definition that an instrument of a scan was driven by.
struct ScanDefinition {
    struct Text : DefinitionText {
        qint64 storedUs = 0; ///< microseconds UTC: with the first scan that used it
    };
    QString nickname;
    QList<Text> texts; ///< its own first, then what it extends in turn; never empty

    /// {"nickname","definition","name","version","extends","first_stored"}, without the texts.
    QJsonObject toJson() const;
};

/// Keeps what \a scan was run with: texts that the lab has already are left as they are. Inside the
/// caller's transaction.
Status storeDefinitions(Connection &connection, const NewScan &scan, qint64 scanRow, qint64 labRow);

/// By nickname. Empty for scans of which no texts were kept. The caller has seen to it that the
/// session may see the scan.
Result<QList<ScanDefinition>> scanDefinitions(Connection &connection, qint64 scanRow);

} // namespace birch
