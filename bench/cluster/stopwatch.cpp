#include "bench/cluster/stopwatch.hpp"

#include <fstream>
#include <utility>

namespace vigil::bench {

stopwatch::stopwatch(std::string figure, std::string control, std::string ack)
  : figure_(std::move(figure)),
    control_(std::move(control)),
    ack_(std::move(ack)) {
  // nop
}

void stopwatch::tell_perf(std::string_view command) const {
  std::ofstream{control_} << command << std::flush;
  std::string answer;
  std::getline(std::ifstream{ack_}, answer);
}

} // namespace vigil::bench
