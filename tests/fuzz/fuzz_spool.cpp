// Spool files as a broken disk would leave them: behind a good header, anything; and frames whose
// checksum is right but whose content is not.
#include "core/data/spool_reader.h"
#include "tests/fuzz/spool_sample.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cstddef>
#include <cstdint>

using namespace birch;
using namespace Qt::StringLiterals;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const QTemporaryDir dir(u"/dev/shm/birch-fuzz-XXXXXX"_s);
    static const SpoolHeader head = sampleSpoolHeader();
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
