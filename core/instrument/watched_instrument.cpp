#include "core/instrument/watched_instrument.h"

using namespace Qt::StringLiterals;

namespace birch {

WatchedInstrument::WatchedInstrument(QString nickname, std::unique_ptr<Instrument> instrument)
    : m_watch(std::move(nickname))
    , m_instrument(std::move(instrument))
{
}

QString WatchedInstrument::movement(int index) const
{
    return spec().movements.at(index).name;
}

Status WatchedInstrument::open(const Call &call)
{
    return m_watch.back(
        call, [] { return u"open"_s; }, m_instrument->open(call));
}

Result<QString> WatchedInstrument::identify(const Call &call)
{
    return m_watch.back(
        call, [] { return u"identify"_s; }, m_instrument->identify(call));
}

Result<InstrumentSurvey> WatchedInstrument::survey(const QList<int> &movements, const Call &call)
{
    return m_watch.back(
        call, [] { return u"survey"_s; }, m_instrument->survey(movements, call));
}

Result<QString> WatchedInstrument::reopen(Check check, const Call &call)
{
    return m_watch.back(
        call, [] { return u"reopen"_s; }, m_instrument->reopen(check, call));
}

Status WatchedInstrument::lock(const Call &call)
{
    return m_watch.back(
        call, [] { return u"lock"_s; }, m_instrument->lock(call));
}

Status WatchedInstrument::initialise(const Call &call)
{
    return m_watch.back(
        call, [] { return u"initialise"_s; }, m_instrument->initialise(call));
}

Status WatchedInstrument::unlock(const Call &call)
{
    return m_watch.back(
        call, [] { return u"unlock"_s; }, m_instrument->unlock(call));
}

Status WatchedInstrument::poll(const Call &call)
{
    return m_watch.back(
        call, [] { return u"poll"_s; }, m_instrument->poll(call));
}

Status WatchedInstrument::begin(int index, double target, const Call &call)
{
    const auto name = [&] { return u"begin "_s + movement(index); };
    return m_watch.back(call, name, m_instrument->begin(index, target, call));
}

Status WatchedInstrument::ramp(int index, double target, double rate, const Call &call)
{
    const auto name = [&] { return u"ramp "_s + movement(index); };
    return m_watch.back(call, name, m_instrument->ramp(index, target, rate, call));
}

Result<MovementState> WatchedInstrument::state(int index, const Call &call)
{
    const auto name = [&] { return u"state "_s + movement(index); };
    return m_watch.back(call, name, m_instrument->state(index, call));
}

Status WatchedInstrument::stop(int index, const Call &call)
{
    const auto name = [&] { return u"stop "_s + movement(index); };
    return m_watch.back(call, name, m_instrument->stop(index, call));
}

Status WatchedInstrument::read(int index, std::span<ColumnValues *const> columns, const Call &call)
{
    const auto name = [&] { return u"read "_s + spec().measurements.at(index).name; };
    return m_watch.back(call, name, m_instrument->read(index, columns, call));
}

Result<QVariant> WatchedInstrument::parameter(const QString &key, const Call &call)
{
    const auto name = [&] { return u"ask for "_s + key; };
    return m_watch.back(call, name, m_instrument->parameter(key, call));
}

Status WatchedInstrument::setParameter(const QString &key, const QVariant &value, const Call &call)
{
    const auto name = [&] { return u"set "_s + key; };
    return m_watch.back(call, name, m_instrument->setParameter(key, value, call));
}

Status WatchedInstrument::act(int index, const Call &call)
{
    return m_watch.back(
        call, [&] { return u"act "_s + spec().actions.at(index).name; },
        m_instrument->act(index, call));
}

Result<bool> WatchedInstrument::isActing(int index, const Call &call)
{
    return m_watch.back(
        call, [&] { return u"isActing "_s + spec().actions.at(index).name; },
        m_instrument->isActing(index, call));
}

Result<QByteArray> WatchedInstrument::raw(const QByteArray &text, bool expectsReply,
                                          const Call &call)
{
    return m_watch.back(
        call, [] { return u"raw text"_s; }, m_instrument->raw(text, expectsReply, call));
}

} // namespace birch
