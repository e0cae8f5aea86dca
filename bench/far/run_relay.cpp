#include "bench/far/run_relay.hpp"

#include <iostream>
#include <string>
#include <unistd.h>

namespace vigil::bench {

void run_relay(uint16_t target_port, far_relay::clock::duration one_way) {
  far_relay relay{target_port, one_way};
  std::cout << "ready " << relay.port() << std::endl;
  for (;;) {
    relay.run(STDIN_FILENO);
    std::string line;
    if (!std::getline(std::cin, line))
      return;
    auto direction = line == "flight_out" ? far_relay::out : far_relay::back;
    std::cout << relay.most_on_the_way(direction) << std::endl;
  }
}

} // namespace vigil::bench
