// A small plot with logarithmic axes, as SVG. Used by scaling; promises a picture that reads on light and dark pages.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace gabion::bench {

inline std::string rounded(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< positive, from left to right
};

/// Each axis from a power of ten to a power of ten, the lines with their names beside them.
inline std::string plot(const std::vector<Line>& lines, const std::string& x_name, const std::string& y_name) {
  double left = 1e300;
  double right = 0;
  double bottom = 1e300;
  double top = 0;
  for (const Line& line : lines) {
    for (const auto& [x, y] : line.points) {
      left = std::min(left, x);
      right = std::max(right, x);
      bottom = std::min(bottom, y);
      top = std::max(top, y);
    }
  }
  const int first_x = static_cast<int>(std::floor(std::log10(left)));
  const int last_x = std::max(static_cast<int>(std::ceil(std::log10(right))), first_x + 1);
  const int first_y = static_cast<int>(std::floor(std::log10(bottom)));
  const int last_y = std::max(static_cast<int>(std::ceil(std::log10(top))), first_y + 1);
  constexpr double kLeft = 60;
  constexpr double kTop = 20;
  constexpr double kWidth = 420;
  constexpr double kHeight = 320;
  const auto place_x = [&](double x) {
    return rounded(kLeft + kWidth * (std::log10(x) - first_x) / (last_x - first_x), 1);
  };
  const auto place_y = [&](double y) {
    return rounded(kTop + kHeight * (1 - (std::log10(y) - first_y) / (last_y - first_y)), 1);
  };
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"700\" height=\"400\" viewBox=\"0 0 700 400\" "
      "font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"700\" height=\"400\" fill=\"#fff\"/>\n";
  const auto label = [&](const std::string& x, const std::string& y, const std::string& text, const char* anchor) {
    out += "<text x=\"" + x + "\" y=\"" + y + "\" text-anchor=\"" + anchor + "\">" + text + "</text>\n";
  };
  const auto rule = [&](const std::string& x1, const std::string& y1, const std::string& x2, const std::string& y2) {
    out += "<line x1=\"" + x1 + "\" y1=\"" + y1 + "\" x2=\"" + x2 + "\" y2=\"" + y2 + "\" stroke=\"#ddd\"/>\n";
  };
  const std::string low = rounded(kTop + kHeight, 1);
  for (int power = first_x; power <= last_x; ++power) {
    const std::string x = place_x(std::pow(10, power));
    rule(x, rounded(kTop, 1), x, low);
    label(x, rounded(kTop + kHeight + 16, 1), rounded(std::pow(10, power), std::max(0, -power)), "middle");
  }
  for (int power = first_y; power <= last_y; ++power) {
    const std::string y = place_y(std::pow(10, power));
    rule(rounded(kLeft, 1), y, rounded(kLeft + kWidth, 1), y);
    label(rounded(kLeft - 6, 1), y, rounded(std::pow(10, power), std::max(0, -power)), "end");
  }
  label(rounded(kLeft + kWidth / 2, 1), "390", x_name, "middle");
  label(rounded(kLeft, 1), "12", y_name, "start");
  constexpr std::array<const char*, 9> kColours = {"#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
                                                   "#8c564b", "#e377c2", "#7f7f7f", "#17becf"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string colour = kColours[i % kColours.size()];
    std::string points;
    for (const auto& [x, y] : lines[i].points) {
      points += place_x(x) + "," + place_y(y) + " ";
      out += "<circle cx=\"" + place_x(x) + "\" cy=\"" + place_y(y) + "\" r=\"2.5\" fill=\"" + colour + "\"/>\n";
    }
    out += "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.5\"/>\n";
    const std::string y = rounded(kTop + 14 + 18 * static_cast<double>(i), 1);
    out += "<rect x=\"500\" y=\"" + rounded(kTop + 6 + 18 * static_cast<double>(i), 1) +
           "\" width=\"10\" height=\"8\" fill=\"" + colour + "\"/>\n";
    label("516", y, lines[i].name, "start");
  }
  return out + "</svg>\n";
}

}  // namespace gabion::bench
