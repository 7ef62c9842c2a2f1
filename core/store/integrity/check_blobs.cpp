#include "core/store/integrity/integrity_check.h"
#include "core/store/lab/blob_store.h"

namespace birch {

Status checkBlobs(IntegrityContext &context)
{
    const auto examined =
        BlobStore(context.connection).check([&context](const IntegrityFinding &finding) {
            context.add(finding);
        });
    if (!examined)
        return examined.error();
    context.examined(examined.value());
    return ok();
}

} // namespace birch
