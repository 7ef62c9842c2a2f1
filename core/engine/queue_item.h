#pragma once

#include "core/data/queue_settings.h"
#include "core/data/run_store.h"
#include "core/data/scan_timing.h"
#include "core/engine/item_turn.h"
#include "core/instrument/settings_difference.h"
#include "core/plan/scan_plan.h"

#include <QMetaType>

namespace birch {

/// Where a scan comes from that is kept in a queue which stations share.
struct SharedItem {
    QUuid queue; ///< null: of no such queue
    QUuid item;
    int epoch = 0; ///< of the claim; the scan is refused once that is over
    int position = 0;
};

/// One entry of the queue, as the engine knows it: a value, copied to whoever shows it.
struct QueueItem {
    QUuid id; ///< of the entry; made by whoever adds it (newUid())
    QString name;
    std::shared_ptr<const ScanPlan> plan;
    QJsonObject tree; ///< the document that the plan was compiled from
    ScanDetails details;
    SharedItem shared = {};
    /// Compared with what the instruments say when it starts; none: they are taken as they are.
    std::optional<SettingsDemand> demand = {};
    ItemTurn turn = {};

    ScanState state = ScanState::Queued;
    QString heldBecause; ///< paused by a guard: it goes on by itself
    QString pauseNote;   ///< while paused: why, and what is done again on resume
    QString reason;      ///< of the ending; one sentence
    QUuid uid;           ///< of the scan; null until it starts
    QString scanId;      ///< human id; "" until it is in the database
    qint64 points = 0;   ///< acquired: in the spool
    qint64 pointsPlanned = 0;
    double progress = 0;                  ///< 0 … 1; 1 only when completed
    Nanoseconds elapsed{};                ///< since the start, pauses included
    std::optional<Nanoseconds> remaining; ///< never negative; none while nothing is known
    bool isLater = false;  ///< the remaining time has grown lately: steps take longer than expected
    qint64 startedUs = 0;  ///< UTC; 0: not yet
    qint64 finishesUs = 0; ///< UTC, estimated while it runs; 0: unknown
};

/// What changes while a scan runs; sent about ten times a second.
struct ItemProgress {
    QUuid id;
    qint64 points = 0;
    qint64 pointsPlanned = 0;
    double progress = 0;
    Nanoseconds elapsed{};
    std::optional<Nanoseconds> remaining;
    bool isLater = false;
    qint64 finishesUs = 0;
    PartTimes parts{};   ///< where the time of this run went so far
    QString ifPausedNow; ///< what a pause now would break off; "" while it does not run
};

/// An interrupted scan that is to go on.
struct Continuation {
    QUuid uid; ///< of the scan
    QString scanId;
    QJsonObject cursor;   ///< as last stored
    qint64 startedUs = 0; ///< of the first start
};

} // namespace birch

Q_DECLARE_METATYPE(birch::QueueItem)
Q_DECLARE_METATYPE(birch::ItemProgress)
