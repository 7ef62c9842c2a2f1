#pragma once

#include "core/base/result.h"

#include <QList>
#include <QStringList>

#include <hdf5.h>

#include <mutex>
#include <optional>
#include <utility>

namespace birch {

/// An open HDF5 object, closed when this goes. Invalid after a failure; calls on it do nothing.
class Hdf5Id
{
public:
    using Close = herr_t (*)(hid_t);
    Hdf5Id() = default;
    Hdf5Id(hid_t id, Close close)
        : m_id(id)
        , m_close(close)
    {
    }
    Hdf5Id(Hdf5Id &&other) noexcept
        : m_id(std::exchange(other.m_id, H5I_INVALID_HID))
        , m_close(other.m_close)
    {
    }
    Hdf5Id &operator=(Hdf5Id &&other) noexcept
    {
        std::swap(m_id, other.m_id);
        std::swap(m_close, other.m_close);
        return *this;
    }
    ~Hdf5Id()
    {
        if (m_id >= 0)
            m_close(m_id);
    }
    operator hid_t() const { return m_id; }
    bool isValid() const { return m_id >= 0; }

private:
    hid_t m_id = H5I_INVALID_HID;
    Close m_close = nullptr;
};

/// One HDF5 file being written, with the few shapes that a NeXus file needs. The first failure is
/// kept and makes everything after it a no-op: ask status() at the end of a part.
///
/// The library is not built thread-safe: a writer holds a lock on it from beginning to end, so a
/// second export in another thread waits. Blocks for the disk.
class Hdf5Writer
{
public:
    explicit Hdf5Writer(QString path); ///< truncates or creates
    ~Hdf5Writer();
    Q_DISABLE_COPY_MOVE(Hdf5Writer)

    hid_t root() const { return m_file; }
    Hdf5Id group(hid_t parent, const QString &name, const QString &nxClass);
    Hdf5Id dataset(hid_t parent, const QString &name, hid_t fileType, const QList<qint64> &extents);
    /// \a count rows beginning at \a first; a row is everything below the first extent.
    void writeRows(hid_t dataset, hid_t memoryType, qint64 first, qint64 count, const void *data);

    void text(hid_t parent, const QString &name, const QString &value);
    void number(hid_t parent, const QString &name, double value);
    void integer(hid_t parent, const QString &name, qint64 value);
    void boolean(hid_t parent, const QString &name, bool value);

    void attribute(hid_t object, const char *name, const QString &value);
    void attribute(hid_t object, const char *name, const QStringList &values);
    void attribute(hid_t object, const char *name, qint64 value);
    void attribute(hid_t object, const char *name, double value);

    hid_t textType() const { return m_text; }       ///< variable length, UTF-8
    hid_t booleanType() const { return m_boolean; } ///< as h5py's
    hid_t stateType() const { return m_state; }     ///< ValueState by name

    Status status() const;
    /// Flushes to the file and closes it; syncing it is up to the caller.
    Status close();

private:
    Hdf5Id kept(hid_t id, Hdf5Id::Close closer); ///< notes a failure
    void note(herr_t result);
    void scalar(hid_t parent, const QString &name, hid_t type, const void *data);
    void writeAttribute(hid_t object, const char *name, hid_t type, hid_t space, const void *data);

    std::unique_lock<std::mutex> m_lock;
    QString m_path;
    Hdf5Id m_file;
    Hdf5Id m_text;
    Hdf5Id m_boolean;
    Hdf5Id m_state;
    std::optional<Error> m_error;
};

} // namespace birch
