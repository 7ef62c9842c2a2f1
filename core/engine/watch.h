#pragma once

#include "core/base/result.h"

#include <QObject>

#include <functional>

namespace birch {

/// What is read beside the steps of a lane. Engine thread.
class Watch : public QObject
{
    Q_OBJECT
public:
    /// \a begun is called once, when the steps that are watched may begin: never from inside,
    /// and never after drop().
    virtual void start(std::function<void()> begun) = 0;
    /// The steps are done. \a ended is called once, perhaps from inside, unless drop() comes first.
    virtual void finish(std::function<void()> ended) = 0;
    virtual void pause() {}
    virtual void resume() {}
    /// Nothing more is sent or recorded; replies to come are ignored.
    virtual void drop() = 0;

signals:
    void failed(const birch::Error &error);
};

} // namespace birch
