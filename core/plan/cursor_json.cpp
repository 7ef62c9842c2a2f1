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

} // namespace

QJsonObject PlanCursor::State::save() const
{
    QJsonArray savedFrames;
    for (const WalkFrame &frame : frames)
        savedFrames.append(QJsonArray{frame.ordinal, frame.child, frame.isPositionSkipped});
    QJsonArray savedInForce;
    for (const MoveTarget &target : setpointsInForce()) // as text: -0.0 and all digits survive
        savedInForce.append(QJsonArray{target.movement, numberToText(target.value)});
    QJsonArray savedReads;
    for (int object : reads)
        savedReads.append(object);
    return {{u"plan"_s, QString::fromLatin1(plan->hash.toHex())},
            {u"frames"_s, savedFrames},
            {u"setpoints"_s, savedInForce},
            {u"reads"_s, savedReads},
            {u"points"_s, points}};
}

Status PlanCursor::State::load(const QJsonObject &saved)
{
    if (saved.value(u"plan"_s).toString() != QString::fromLatin1(plan->hash.toHex()))
        return foreign();
    if (!saved.value(u"frames"_s).isArray())
        return foreign();
    points = saved.value(u"points"_s).toInteger(-1);
    if (points < 0 || points > plan->points)
        return foreign();
    if (const Status loaded = loadInForce(saved.value(u"setpoints"_s).toArray()); !loaded)
        return loaded;
    if (const Status loaded = loadReads(saved.value(u"reads"_s).toArray()); !loaded)
        return loaded;
    return loadFrames(saved.value(u"frames"_s).toArray());
}

Status PlanCursor::State::loadFrames(const QJsonArray &saved)
{
    const PlanNode *node = plan->root.get();
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
        if (child < -1 || child >= qint64(node->children.size()))
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

Status PlanCursor::State::loadInForce(const QJsonArray &saved)
{
    for (const QJsonValue &entry : saved) {
        const QJsonArray values = entry.toArray();
        const qint64 movement = values.at(0).toInteger(-1);
        bool isNumber = false;
        const double value = values.at(1).toString().toDouble(&isNumber);
        if (movement < 0 || movement >= qint64(inForce.size()) || !isNumber ||
            !std::isfinite(value))
            return foreign();
        inForce[size_t(movement)] = {value, stamp++};
    }
    return ok();
}

Status PlanCursor::State::loadReads(const QJsonArray &saved)
{
    if (saved.size() > qsizetype(kMaxReads))
        return foreign();
    for (const QJsonValue &entry : saved) {
        const qint64 object = entry.toInteger(-1);
        if (object < 0 || object >= plan->objects.size())
            return foreign();
        reads.push_back(int(object));
    }
    return ok();
}

} // namespace birch
