#include "core/base/unit.h"
#include "core/plan/cursor_state.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

Error foreign()
{
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate(
                     "PlanCursor",
                     "This position was saved from another plan: continue the scan with the tree "
                     "and the bench it was started with, or close it as interrupted")};
}

QJsonArray samplesToJson(const std::vector<SearchSample> &found)
{
    QJsonArray saved;
    for (const SearchSample &sample : found)
        saved.append(QJsonArray{numberToText(sample.position), numberToText(sample.value)});
    return saved;
}

std::optional<std::vector<SearchSample>> samplesFromJson(const QJsonArray &saved)
{
    std::vector<SearchSample> found;
    for (const QJsonValue &entry : saved) {
        bool hasPosition = false;
        bool hasValue = false;
        const double position = entry.toArray().at(0).toString().toDouble(&hasPosition);
        const double value = entry.toArray().at(1).toString().toDouble(&hasValue);
        if (!hasPosition || !hasValue || !std::isfinite(position) || !std::isfinite(value))
            return std::nullopt;
        found.push_back({position, value});
    }
    return found;
}

} // namespace

QJsonObject PlanCursor::State::save() const
{
    QJsonArray savedInForce;
    for (const MoveTarget &target : setpoints(nullptr)) // as text: -0.0 and all digits survive
        savedInForce.append(QJsonArray{target.movement, numberToText(target.value)});
    QJsonArray savedReads;
    for (int object : book->reads)
        savedReads.append(object);
    QJsonObject saved = saveWalk();
    saved.insert(u"plan"_s, QString::fromLatin1(plan->hash.toHex()));
    saved.insert(u"setpoints"_s, savedInForce);
    saved.insert(u"reads"_s, savedReads);
    saved.insert(u"points"_s, book->points);
    if (!book->turns.empty()) {
        QJsonArray savedTurns;
        for (quint64 walked : book->turns)
            savedTurns.append(qint64(walked));
        saved.insert(u"turns"_s, savedTurns);
    }
    if (!book->searches.empty()) {
        QJsonArray savedSearches;
        for (const auto &found : book->searches)
            savedSearches.append(samplesToJson(found));
        saved.insert(u"searches"_s, savedSearches);
    }
    return saved;
}

QJsonObject PlanCursor::State::saveWalk() const
{
    QJsonArray savedFrames;
    for (const WalkFrame &frame : frames)
        savedFrames.append(QJsonArray{frame.ordinal, frame.child, frame.isPositionSkipped});
    QJsonObject saved{{u"frames"_s, savedFrames}};
    if (lanes.empty())
        return saved;
    QJsonArray savedLanes;
    for (const PlanCursor &branch : lanes)
        savedLanes.append(branch.m_state->saveWalk());
    saved.insert(u"lanes"_s, savedLanes);
    return saved;
}

Status PlanCursor::State::load(const QJsonObject &saved)
{
    if (saved.value(u"plan"_s).toString() != QString::fromLatin1(plan->hash.toHex()))
        return foreign();
    book->points = saved.value(u"points"_s).toInteger(-1);
    if (book->points < 0 || book->points > plan->points)
        return foreign();
    if (const Status loaded = loadInForce(saved.value(u"setpoints"_s).toArray()); !loaded)
        return loaded;
    if (const Status loaded = loadReads(saved.value(u"reads"_s).toArray()); !loaded)
        return loaded;
    if (const Status loaded = loadTurns(saved.value(u"turns"_s).toArray()); !loaded)
        return loaded;
    if (const Status loaded = loadSearches(saved.value(u"searches"_s).toArray()); !loaded)
        return loaded;
    book->isLoading = true;
    Status loaded = loadWalk(saved);
    book->isLoading = false;
    return loaded;
}

Status PlanCursor::State::loadWalk(const QJsonObject &saved)
{
    if (!saved.value(u"frames"_s).isArray())
        return foreign();
    frames.clear();
    lanes.clear();
    if (const Status loaded = loadFrames(saved.value(u"frames"_s).toArray()); !loaded)
        return loaded;
    const QJsonArray savedLanes = saved.value(u"lanes"_s).toArray();
    if (savedLanes.size() != qsizetype(lanes.size()))
        return foreign();
    for (qsizetype i = 0; i < savedLanes.size(); ++i) {
        State &branch = *lanes[size_t(i)].m_state;
        if (const Status loaded = branch.loadWalk(savedLanes[i].toObject()); !loaded)
            return loaded;
    }
    return ok();
}

Status PlanCursor::State::loadFrames(const QJsonArray &saved)
{
    const PlanNode *node = lane.node;
    for (qsizetype i = 0; i < saved.size(); ++i) {
        const QJsonArray values = saved[i].toArray();
        if (node == nullptr || values.size() != 3)
            return foreign();
        push(*node);
        WalkFrame &frame = frames.back();
        frame.ordinal = values[0].toInteger(-1);
        const qint64 child = values[1].toInteger(-2);
        frame.isPositionSkipped = values[2].toBool();
        const bool inChild = i + 1 < saved.size();
        if (child < -1 || child > qint64(node->children.size()))
            return foreign();
        frame.child = qint32(child);
        if (!node->accepts(frame, inChild))
            return foreign();
        node = inChild ? node->children[size_t(child)].get() : nullptr;
    }
    step = {};
    if (!frames.empty())
        describe();
    return ok();
}

Status PlanCursor::State::loadTurns(const QJsonArray &saved)
{
    if (saved.size() != qsizetype(book->turns.size()))
        return foreign();
    for (qsizetype i = 0; i < saved.size(); ++i) {
        const qint64 walked = saved[i].toInteger(-1);
        if (walked < 0)
            return foreign();
        book->turns[size_t(i)] = quint64(walked);
    }
    return ok();
}

Status PlanCursor::State::loadSearches(const QJsonArray &saved)
{
    if (saved.size() != qsizetype(book->searches.size()))
        return foreign();
    for (qsizetype i = 0; i < saved.size(); ++i) {
        auto found = samplesFromJson(saved[i].toArray());
        if (!found || found->size() > size_t(kMaxSearch))
            return foreign();
        book->searches[size_t(i)] = *std::move(found);
    }
    return ok();
}

Status PlanCursor::State::loadInForce(const QJsonArray &saved)
{
    for (const QJsonValue &entry : saved) {
        const QJsonArray values = entry.toArray();
        const qint64 movement = values.at(0).toInteger(-1);
        bool isNumber = false;
        const double value = values.at(1).toString().toDouble(&isNumber);
        if (movement < 0 || movement >= qint64(book->inForce.size()) || !isNumber ||
            !std::isfinite(value))
            return foreign();
        book->inForce[size_t(movement)] = {value, book->stamp++};
    }
    return ok();
}

Status PlanCursor::State::loadReads(const QJsonArray &saved)
{
    if (saved.size() > qsizetype(WalkBook::kMaxReads))
        return foreign();
    for (const QJsonValue &entry : saved) {
        const qint64 object = entry.toInteger(-1);
        if (object < 0 || object >= plan->objects.size())
            return foreign();
        book->reads.push_back(int(object));
    }
    return ok();
}

} // namespace birch
