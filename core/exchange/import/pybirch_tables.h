#pragma once

#include "core/exchange/import/source_map.h"

namespace birch {

/// Which of PyBirch's tables become which of our entities, in an order in which each refers only to
/// those before it or to itself. Queues, scans, their logs and their data are not among them.
const QList<SourceMap> &pybirchTables();

/// The declaration of one of them; null for others.
const SourceMap *pybirchMap(const QString &table);

/// Tables that no entity is made of: table -> why, one sentence.
const QMap<QString, QString> &pybirchLeftOut();

/// PyBirch's name of an entity in a (kind, id) pair: its table; "" for an unknown one.
QString pybirchTableOf(const QString &kind);

/// The entity that a table of PyBirch becomes; scans and queues included; "" for none.
QString entityOfPybirchTable(const QString &table);

// The declarations, by subject; everyone else asks pybirchTables().
QList<SourceMap> pybirchPeople();
QList<SourceMap> pybirchEquipment();
QList<SourceMap> pybirchSamples();
QList<SourceMap> pybirchIssues();
QList<SourceMap> pybirchTemplates();
QList<SourceMap> pybirchShared();

} // namespace birch
