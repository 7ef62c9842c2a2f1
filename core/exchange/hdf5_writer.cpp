#include "core/exchange/hdf5_writer.h"

#include "core/base/column.h"

#include <QCoreApplication>
#include <QFile>

#include <array>
#include <vector>

namespace birch {

namespace {
std::mutex libraryMutex; // guards the HDF5 library as a whole

/// The deepest entry of the library's error stack: what the system said.
herr_t keepFirst(unsigned, const H5E_error2_t *entry, void *text)
{
    auto *kept = static_cast<QString *>(text);
    if (kept->isEmpty() && entry->desc)
        *kept = QString::fromUtf8(entry->desc);
    return 0;
}

Error lastError(const QString &path)
{
    QString text;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keepFirst, &text);
    H5Eclear2(H5E_DEFAULT);
    const bool isFull = text.contains(QLatin1String("errno = 28"));
    const auto tr = [](const char *sentence) {
        return QCoreApplication::translate("birch::Hdf5Writer", sentence);
    };
    if (isFull)
        return {ErrorCode::Full,
                tr("No space is left for %1: free some or choose another disk").arg(path)};
    return {ErrorCode::Io, tr("%1 can not be written (%2): choose another path").arg(path, text)};
}

std::vector<hsize_t> extentsOf(const QList<qint64> &extents)
{
    return {extents.begin(), extents.end()};
}
} // namespace

Hdf5Writer::Hdf5Writer(QString path)
    : m_lock(libraryMutex)
    , m_path(std::move(path))
{
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // we say it ourselves
    m_file = kept(
        H5Fcreate(QFile::encodeName(m_path).constData(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
        H5Fclose);
    m_text = kept(H5Tcopy(H5T_C_S1), H5Tclose);
    note(H5Tset_size(m_text, H5T_VARIABLE));
    note(H5Tset_cset(m_text, H5T_CSET_UTF8));
    m_boolean = kept(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
    for (const auto &[name, value] :
         {std::pair<const char *, qint8>{"FALSE", 0}, std::pair<const char *, qint8>{"TRUE", 1}})
        note(H5Tenum_insert(m_boolean, name, &value));
    m_state = kept(H5Tenum_create(H5T_NATIVE_UINT8), H5Tclose);
    for (const ValueState state :
         {ValueState::Ok, ValueState::Overload, ValueState::NotANumber, ValueState::Skipped}) {
        const auto value = quint8(state);
        note(H5Tenum_insert(m_state, valueStateName(state).toLatin1().constData(), &value));
    }
}

Hdf5Writer::~Hdf5Writer() = default;

Hdf5Id Hdf5Writer::kept(hid_t id, Hdf5Id::Close closer)
{
    if (id < 0 && !m_error)
        m_error = lastError(m_path);
    return {id, closer};
}

void Hdf5Writer::note(herr_t result)
{
    if (result < 0 && !m_error)
        m_error = lastError(m_path);
}

Hdf5Id Hdf5Writer::group(hid_t parent, const QString &name, const QString &nxClass)
{
    if (m_error)
        return {};
    Hdf5Id group =
        kept(H5Gcreate2(parent, name.toUtf8().constData(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
             H5Gclose);
    attribute(group, "NX_class", nxClass);
    return group;
}

Hdf5Id Hdf5Writer::dataset(hid_t parent, const QString &name, hid_t fileType,
                           const QList<qint64> &extents)
{
    if (m_error)
        return {};
    const auto sizes = extentsOf(extents);
    const Hdf5Id space = kept(H5Screate_simple(int(sizes.size()), sizes.data(), nullptr), H5Sclose);
    return kept(H5Dcreate2(parent, name.toUtf8().constData(), fileType, space, H5P_DEFAULT,
                           H5P_DEFAULT, H5P_DEFAULT),
                H5Dclose);
}

void Hdf5Writer::writeRows(hid_t dataset, hid_t memoryType, qint64 first, qint64 count,
                           const void *data)
{
    if (m_error || count == 0)
        return;
    const Hdf5Id space = kept(H5Dget_space(dataset), H5Sclose);
    std::array<hsize_t, H5S_MAX_RANK> sizes{};
    const int rank = H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
    std::array<hsize_t, H5S_MAX_RANK> start{};
    start[0] = hsize_t(first);
    sizes[0] = hsize_t(count);
    note(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, sizes.data(), nullptr));
    const Hdf5Id memory = kept(H5Screate_simple(rank, sizes.data(), nullptr), H5Sclose);
    note(H5Dwrite(dataset, memoryType, memory, space, H5P_DEFAULT, data));
}

void Hdf5Writer::scalar(hid_t parent, const QString &name, hid_t type, const void *data)
{
    if (m_error)
        return;
    const Hdf5Id space = kept(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Id set = kept(H5Dcreate2(parent, name.toUtf8().constData(), type, space, H5P_DEFAULT,
                                       H5P_DEFAULT, H5P_DEFAULT),
                            H5Dclose);
    note(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
}

void Hdf5Writer::text(hid_t parent, const QString &name, const QString &value)
{
    const QByteArray utf8 = value.toUtf8();
    const char *data = utf8.constData();
    scalar(parent, name, m_text, &data);
}

void Hdf5Writer::number(hid_t parent, const QString &name, double value)
{
    scalar(parent, name, H5T_NATIVE_DOUBLE, &value);
}

void Hdf5Writer::integer(hid_t parent, const QString &name, qint64 value)
{
    scalar(parent, name, H5T_NATIVE_INT64, &value);
}

void Hdf5Writer::boolean(hid_t parent, const QString &name, bool value)
{
    const qint8 byte = value ? 1 : 0;
    scalar(parent, name, m_boolean, &byte);
}

void Hdf5Writer::writeAttribute(hid_t object, const char *name, hid_t type, hid_t space,
                                const void *data)
{
    const Hdf5Id attribute =
        kept(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    note(H5Awrite(attribute, type, data));
}

void Hdf5Writer::attribute(hid_t object, const char *name, const QString &value)
{
    if (m_error)
        return;
    const QByteArray utf8 = value.toUtf8();
    const char *data = utf8.constData();
    const Hdf5Id space = kept(H5Screate(H5S_SCALAR), H5Sclose);
    writeAttribute(object, name, m_text, space, &data);
}

void Hdf5Writer::attribute(hid_t object, const char *name, const QStringList &values)
{
    if (m_error)
        return;
    QList<QByteArray> utf8;
    for (const QString &value : values)
        utf8.append(value.toUtf8());
    std::vector<const char *> data;
    for (const QByteArray &value : utf8)
        data.push_back(value.constData());
    const auto size = hsize_t(data.size());
    const Hdf5Id space = kept(H5Screate_simple(1, &size, nullptr), H5Sclose);
    writeAttribute(object, name, m_text, space, data.data());
}

void Hdf5Writer::attribute(hid_t object, const char *name, qint64 value)
{
    if (m_error)
        return;
    const Hdf5Id space = kept(H5Screate(H5S_SCALAR), H5Sclose);
    writeAttribute(object, name, H5T_NATIVE_INT64, space, &value);
}

void Hdf5Writer::attribute(hid_t object, const char *name, double value)
{
    if (m_error)
        return;
    const Hdf5Id space = kept(H5Screate(H5S_SCALAR), H5Sclose);
    writeAttribute(object, name, H5T_NATIVE_DOUBLE, space, &value);
}

Status Hdf5Writer::status() const
{
    if (m_error)
        return *m_error;
    return ok();
}

Status Hdf5Writer::close()
{
    if (!m_error)
        note(H5Fflush(m_file, H5F_SCOPE_LOCAL));
    m_file = Hdf5Id();
    return status();
}

} // namespace birch
