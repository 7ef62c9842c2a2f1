// Scan trees as PyBirch, and whoever edited its files, left them.
#include "core/exchange/import/pybirch_tree.h"
#include "core/plan/scan_json.h"
#include "core/plan/standard_nodes.h"

#include <cstdint>
#include <cstdlib>

using namespace birch;
using namespace Qt::StringLiterals;

/// Any bytes are a tree or an error; a tree is one that can be written and read back.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const NodeRegistry registry = standardNodes();
    const auto read = readPybirchTree(
        QByteArray(reinterpret_cast<const char *>(data), qsizetype(size)), u"tree.json"_s);
    if (!read)
        return 0;
    const QByteArray written = treeToText(read.value().tree);
    const ReadTree again = readTreeText(written, registry);
    if (!again.tree || treeToText(*again.tree) != written)
        std::abort();
    return 0;
}
