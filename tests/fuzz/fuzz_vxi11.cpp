#include "drivers/transport/onc_rpc.h"

#include <algorithm>
#include <cstdlib>

using namespace birch;

namespace {

constexpr qsizetype kLongest = 300;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// A header that was understood means the same when it is written by us.
void readAsCall(QByteArrayView record)
{
    XdrReader reader(record);
    const auto call = rpc::readCall(reader);
    if (!call)
        return;
    require(reader.rest().size() <= record.size() - 40);
    XdrWriter written;
    rpc::write(written, *call);
    XdrReader again(written.view());
    require(rpc::readCall(again) == call && again.rest().isEmpty());
}

void readAsReply(QByteArrayView record)
{
    XdrReader reader(record);
    const auto reply = rpc::readReply(reader);
    if (!reply)
        return;
    XdrWriter written;
    rpc::write(written, *reply);
    XdrReader again(written.view());
    const auto same = rpc::readReply(again);
    require(same && same->xid == reply->xid && same->outcome == reply->outcome);
    require(again.rest().isEmpty() || reply->outcome == rpc::Outcome::Denied);
    // As the results of device_read and create_link.
    const quint32 error = reader.word();
    const quint32 reason = reader.word();
    const QByteArrayView bytes = reader.opaque(kLongest / 2);
    require(bytes.size() <= kLongest / 2 && bytes.size() <= record.size());
    if (!reader.isGood())
        require(bytes.isEmpty() && reader.rest().isEmpty() && reader.word() == 0);
    else
        require(bytes.isEmpty() || bytes.data() >= record.data());
    XdrWriter results;
    results.word(error);
    results.word(reason);
    results.opaque(bytes);
    require(results.size() % 4 == 0);
}

} // namespace

/// However the bytes are cut, they are the same records; no record is longer than allowed; and what
/// is understood of one survives being written again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const QByteArrayView arrived(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);
    rpc::RecordAssembler whole(kLongest);
    const QList<QByteArray> records = whole.add(arrived);
    rpc::RecordAssembler pieces(kLongest);
    QList<QByteArray> same;
    const qsizetype step = 1 + data[0] % 16;
    for (qsizetype at = 0; at < arrived.size(); at += step)
        same += pieces.add(arrived.sliced(at, std::min(step, arrived.size() - at)));
    require(same == records && pieces.isGood() == whole.isGood());
    for (const QByteArray &record : records) {
        require(record.size() <= kLongest);
        readAsCall(record);
        readAsReply(record);
    }
    readAsCall(arrived);
    readAsReply(arrived);
    return 0;
}
