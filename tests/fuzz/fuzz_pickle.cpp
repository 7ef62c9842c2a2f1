// Pickles as a damaged disk or a hostile person would give them.
#include "core/exchange/import/pickle_reader.h"
#include "core/exchange/import/sample_pickle.h"

#include <cstdint>
#include <cstdlib>

using namespace birch;

/// Any bytes are a document or an error. A document can be looked at from every value in it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    PickleLimits limits;
    limits.nodes = 20'000;
    limits.stack = 5'000;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto document = readPickle(bytes, limits);
    if (!document)
        return 0;
    const PickleView view(document.value());
    for (const PickleNode &node : document.value().nodes) {
        for (quint32 item : node.items) {
            if (item >= document.value().nodes.size())
                std::abort();
        }
    }
    (void)view.json(document.value().root);
    QStringList leftOut;
    const auto samples = samplesIn(document.value(), &leftOut);
    if (!samples)
        return 0;
    for (const PickledSample &sample : samples.value()) {
        if (sample.image && sample.image->npy().size() % 64 != sample.image->bytes.size() % 64)
            std::abort(); // the values begin at a multiple of 64
    }
    return 0;
}
