#include "widgets/theme/colour_map.h"

#include <map>
#include <vector>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

ColourTable interpolated(const std::vector<QRgb> &anchors)
{
    ColourTable table{};
    for (size_t i = 0; i < table.size(); ++i) {
        const double at = double(i) / 255.0 * double(anchors.size() - 1);
        const size_t low = std::min(size_t(at), anchors.size() - 2);
        const double part = at - double(low);
        const auto mix = [&](auto channel) {
            return int(channel(anchors[low]) * (1 - part) + channel(anchors[low + 1]) * part + 0.5);
        };
        table[i] = qRgb(mix(qRed), mix(qGreen), mix(qBlue));
    }
    return table;
}

const std::map<QString, ColourTable> &tables()
{
    static const std::map<QString, ColourTable> all{
        {u"viridis"_s, interpolated({0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26828e, 0x1f9e89,
                                     0x35b779, 0x6dcd59, 0xb4de2c, 0xfde725})},
        {u"inferno"_s, interpolated({0x000004, 0x1b0c42, 0x4b0c6b, 0x781c6d, 0xa52c60, 0xcf4446,
                                     0xed6925, 0xfb9a06, 0xf7d03c, 0xfcffa4})},
        {u"cividis"_s, interpolated({0x00204d, 0x00336f, 0x39486b, 0x575c6d, 0x707173, 0x8a8779,
                                     0xa69d75, 0xc4b56c, 0xe4cf5b, 0xffea46})},
        {u"blue-red"_s, interpolated({0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7,
                                      0xf4a582, 0xd6604d, 0xb2182b})},
    };
    return all;
}

} // namespace

const ColourTable &colourTable(const QString &name)
{
    const auto it = tables().find(name);
    return it == tables().end() ? tables().at(u"viridis"_s) : it->second;
}

QStringList colourTableNames()
{
    return {u"viridis"_s, u"cividis"_s, u"inferno"_s, u"blue-red"_s};
}

} // namespace birch
