#include "core/exchange/image_preview.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kThumbnailPx = 256;
constexpr qint64 kMaxPixels = 64LL * 1024 * 1024; // at 4 bytes each
constexpr int kMaxMiB = 256;
} // namespace

std::optional<ImagePreview> imagePreview(const QString &path)
{
    QImageReader::setAllocationLimit(kMaxMiB);
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true); // whatever the name says
    reader.setAutoTransform(true);
    const QSize size = reader.size(); // from the header alone
    if (!size.isValid() || size.isEmpty() ||
        qint64(size.width()) * qint64(size.height()) > kMaxPixels)
        return {};
    // JPEG is read at the smaller size at once.
    const QSize small = size.scaled(kThumbnailPx, kThumbnailPx, Qt::KeepAspectRatio);
    if (small.width() < size.width() || small.height() < size.height())
        reader.setScaledSize(small.expandedTo(QSize(1, 1)));
    const QImage image = reader.read();
    if (image.isNull())
        return {};
    ImagePreview preview{size.width(), size.height(), {}};
    QBuffer buffer(&preview.thumbnail);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return {};
    buffer.close();
    return preview;
}

} // namespace birch
