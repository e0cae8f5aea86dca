#include "bench/core/limits/figures.hpp"

#include <algorithm>
#include <cstdio>

namespace vigil::bench {

namespace {

/// Of any number of values but none.
double median(std::vector<double> values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace

void figures::add(std::string_view name, std::string_view column,
                  std::chrono::nanoseconds taken) {
  auto i = std::find_if(all_.begin(), all_.end(), [&](const series& x) {
    return x.name == name && x.column == column;
  });
  if (i == all_.end())
    i = all_.insert(i, series{std::string{name}, std::string{column}, {}});
  i->values.push_back(static_cast<double>(taken.count())
                      / static_cast<double>(num_monitors));
}

void figures::print() const {
  for (const auto& x : all_)
    std::printf("metric core_%s %s %.1f ns\n", x.name.c_str(), x.column.c_str(),
                median(x.values));
}

} // namespace vigil::bench
