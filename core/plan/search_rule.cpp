#include "core/plan/search_rule.h"

#include <algorithm>
#include <cmath>

namespace birch {

namespace {

constexpr double kChordWeight = 0.02;
constexpr double kWidthWeight = 0.02;

double triangle(const SearchSample &a, const SearchSample &b, const SearchSample &c)
{
    return std::abs((b.position - a.position) * (c.value - a.value) -
                    (c.position - a.position) * (b.value - a.value)) /
           2;
}

/// Of the interval between \a sorted[i] and the one behind it.
double lossOf(std::span<const SearchSample> sorted, size_t i)
{
    double area = 0;
    int triangles = 0;
    for (size_t first = i > 0 ? i - 1 : i; first <= i && first + 2 < sorted.size(); ++first) {
        area += triangle(sorted[first], sorted[first + 1], sorted[first + 2]);
        ++triangles;
    }
    if (triangles > 0)
        area /= triangles;
    const double width = sorted[i + 1].position - sorted[i].position;
    const double chord = std::hypot(width, sorted[i + 1].value - sorted[i].value);
    return std::sqrt(area) + kChordWeight * chord + kWidthWeight * width;
}

/// In the order of their positions, which go from 0 to 1 as the values do.
std::vector<SearchSample> scaled(std::span<const SearchSample> sorted)
{
    const auto [least, most] =
        std::minmax_element(sorted.begin(), sorted.end(),
                            [](const auto &a, const auto &b) { return a.value < b.value; });
    const double low = least->value;
    const double height = most->value > low ? most->value - low : 1;
    const double left = sorted.front().position;
    const double width = sorted.back().position - left;
    std::vector<SearchSample> scaledOnes;
    for (const SearchSample &sample : sorted)
        scaledOnes.push_back({(sample.position - left) / width, (sample.value - low) / height});
    return scaledOnes;
}

} // namespace

std::optional<double> SearchRule::next(std::span<const SearchSample> found) const
{
    const int first = goal == Goal::Crossing ? 2 : firstPoints;
    if (found.size() < size_t(first))
        return firstPosition(int(found.size()), first);
    return goal == Goal::Crossing ? nextOfCrossing(found) : nextOfShape(found);
}

double SearchRule::firstPosition(int place, int count) const
{
    if (place == count - 1)
        return stop;
    return start + (stop - start) * (double(place) / (count - 1));
}

std::optional<double> SearchRule::nextOfCrossing(std::span<const SearchSample> found) const
{
    SearchSample low = found[0];
    SearchSample high = found[1];
    if (low.value == high.value)
        return std::nullopt;
    for (const SearchSample &sample : found.subspan(2))
        (sample.value == low.value ? low : high) = sample;
    return between(low.position, high.position);
}

std::optional<double> SearchRule::nextOfShape(std::span<const SearchSample> found) const
{
    std::vector<SearchSample> sorted(found.begin(), found.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto &a, const auto &b) { return a.position < b.position; });
    const std::vector<SearchSample> seen = scaled(sorted);
    std::optional<double> best;
    double most = -1;
    for (size_t i = 0; i + 1 < sorted.size(); ++i) {
        const auto middle = between(sorted[i].position, sorted[i + 1].position);
        const double loss = lossOf(seen, i);
        if (middle && loss > most) {
            most = loss;
            best = middle;
        }
    }
    return best;
}

std::optional<double> SearchRule::between(double a, double b) const
{
    const double middle = a + (b - a) / 2;
    if (std::abs(b - a) <= resolution || middle == a || middle == b)
        return std::nullopt;
    return middle;
}

} // namespace birch
