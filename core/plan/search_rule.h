#pragma once

#include <optional>
#include <span>
#include <vector>

namespace birch {

/// One position an adaptive sweep has been at, and what it found there.
struct SearchSample {
    double position = 0;
    double value = 0; ///< of a condition: 1 or 0

    bool operator==(const SearchSample &) const = default;
};

/// How an adaptive sweep chooses where to go next, within start … stop, from what it has found.
/// Deterministic: the same samples give the same position, bit by bit. Any thread.
///
/// Crossing: bisection. First both ends; while they differ, the middle of the two nearest positions
/// that do, until these are not further apart than the resolution.
///
/// Shape: refinement by loss per interval, after B. Nijholt, J. Weston, J. Hoofwijk, A. Akhmerov,
/// "Adaptive: parallel active learning of mathematical functions" (2019), doi
/// 10.5281/zenodo.1182437, with its loss for curvature: with both axes scaled to the extent of what
/// was found, the square root of the mean area of the triangles that the interval's ends make with
/// their neighbours, plus 0.02 times its chord and 0.02 times its width. First a few positions at
/// equal distances; then the middle of the interval that loses most, of those that are wider than
/// the resolution.
struct SearchRule {
    enum class Goal { Crossing, Shape };

    Goal goal = Goal::Crossing;
    double start = 0;
    double stop = 0;
    double resolution = 0; ///< positive
    int firstPoints = 2;   ///< Shape: at equal distances, ends included

    /// None: the goal is reached, or can not be (Crossing: both ends answer alike).
    std::optional<double> next(std::span<const SearchSample> found) const;

private:
    double firstPosition(int place, int count) const;
    std::optional<double> nextOfCrossing(std::span<const SearchSample> found) const;
    std::optional<double> nextOfShape(std::span<const SearchSample> found) const;
    /// None: too near to each other.
    std::optional<double> between(double a, double b) const;
};

/// Most positions of one adaptive sweep: all it has found is in every stored position of the scan.
inline constexpr int kMaxSearch = 1000;

} // namespace birch
