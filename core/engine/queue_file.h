#pragma once

#include "core/data/queue_settings.h"
#include "core/engine/item_turn.h"
#include "core/plan/scan_json.h"

#include <QJsonArray>

namespace birch {

/// One scan of a queue file.
struct QueueFileItem {
    QString path;  ///< of the scan's file, relative to the queue's folder; "": the tree is inline
    ScanTree tree; ///< with its own details
    TreeDetails details; ///< what the queue says instead, where it says something
    QMap<QString, QString> queueFields = {}; ///< the queue's, for all of its scans
    ItemTurn turn = {};                      ///< as asked; how far it has come is not in files

    /// The tree's details with what the queue says on top: for all scans, then for this one.
    TreeDetails effectiveDetails() const;
};

/// A *.queue.json document: scans in order, by file or inline.
struct QueueDocument {
    QString name;
    QueueSettings settings = {};
    QMap<QString, QString> fields = {}; ///< of the lab's own, for every scan
    std::vector<QueueFileItem> items;
};

/// A document, or everything that is wrong with it and with the scan files it names.
struct ReadQueue {
    std::optional<QueueDocument> queue; ///< none: there are problems
    Problems problems;
};

/// Scan files are looked for relative to the folder of \a path. Blocks for the disk.
ReadQueue readQueueFile(const QString &path, const NodeRegistry &registry);
ReadQueue readQueueText(const QByteArray &text, const NodeRegistry &registry, const QString &path);

/// The parts of a document. \a scan: a tree's document, or the path of a file.
QJsonObject queueItemDocument(const QJsonValue &scan, const TreeDetails &details,
                              const ItemTurn &turn);
QJsonObject queueDocument(const QString &name, const QueueSettings &settings,
                          const QJsonArray &items, const QMap<QString, QString> &fields = {});
/// Items with a path are written as that path, the others inline.
QByteArray queueToText(const QueueDocument &queue);
Status writeQueueFile(const QueueDocument &queue, const QString &path);

inline constexpr int kQueueVersion = 1;
inline constexpr int kMaxQueueItems = 100'000;

} // namespace birch
