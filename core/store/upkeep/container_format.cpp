#include "core/store/upkeep/container_format.h"

#include <QtEndian>

#include <array>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace birch {

namespace {
constexpr std::array kTypeNames{u"integer", u"boolean", u"real", u"text", u"json", u"bytes"};

QByteArray eightBytes(quint64 value)
{
    const quint64 little = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char *>(&little), sizeof little);
}
} // namespace

QByteArray containerBlockHead(ContainerBlock kind, qsizetype payloadBytes)
{
    return QByteArray(1, char(kind)) + eightBytes(quint64(payloadBytes));
}

QByteArray containerBlockSum(QByteArrayView head, QByteArrayView payload)
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    XXH3_64bits_update(&state, head.data(), size_t(head.size()));
    XXH3_64bits_update(&state, payload.data(), size_t(payload.size()));
    return eightBytes(XXH3_64bits_digest(&state));
}

QString cellTypeName(CellType type)
{
    return QString::fromUtf16(kTypeNames[size_t(type)]);
}

std::optional<CellType> cellTypeFromName(const QString &name)
{
    for (size_t i = 0; i < kTypeNames.size(); ++i) {
        if (name == QStringView(kTypeNames[i]))
            return CellType(i);
    }
    return {};
}

} // namespace birch
