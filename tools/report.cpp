#include "tools/report.hpp"

#include "tools/words.hpp"

#include <iostream>

namespace vigil {

void report(const error& why) {
  // One write, so that no other line comes in between.
  std::cerr << "error " + on_one_line(to_string(why)) + '\n';
}

} // namespace vigil
