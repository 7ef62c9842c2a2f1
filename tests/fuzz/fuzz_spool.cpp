// Spool files as a broken disk would leave them: behind a good header, anything; and frames whose
// checksum is right but whose content is not.
#include "core/data/spool_reader.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cstddef>
#include <cstdint>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

SpoolHeader header()
{
    ColumnSpec number;
    number.name = u"v"_s;
    ColumnSpec text;
    text.name = u"s"_s;
    text.type = ColumnType::Utf8;
    ColumnSpec array;
    array.name = u"a"_s;
    array.type = ColumnType::Bool;
    array.shape = {3};
    return {QUuid::createUuid(),
            QUuid::createUuid(),
            u"F-1"_s,
            1,
            u"F"_s,
            "x",
            {{QUuid::createUuid(), u"t"_s, {number, text, array}}},
            {0}};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const QTemporaryDir dir(u"/dev/shm/birch-fuzz-XXXXXX"_s);
    static const SpoolHeader head = header();
    const QByteArray input(reinterpret_cast<const char *>(data), qsizetype(size));
    (void)decodeFrame(input, head.objects);

    QFile file(segmentPath(dir.path(), 1));
    if (!file.open(QIODevice::WriteOnly))
        return 0;
    const bool hasHeader = size > 0 && data[0] % 8 != 0;
    file.write(hasHeader ? spoolFileMark() + encodeFrame(head) + input : input);
    file.close();
    auto reader = SpoolReader::open(dir.path());
    if (!reader)
        return 0;
    while (true) {
        const auto record = reader.value().next();
        if (!record || !record.value())
            return 0;
    }
}
