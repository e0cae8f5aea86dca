#include "src/node/executor_config.hpp"

#include <chrono>
#include <string>

namespace vigil {

error check(const node_config& x) {
  using std::chrono::milliseconds;
  if (!x.name)
    return {errc::bad_argument, "a node needs a name of the form alive@host"};
  // CAF would listen on all of them.
  if (x.bind.empty())
    return {errc::bad_address, "the address to listen on is empty"};
  if (x.net_ticktime < milliseconds{min_tick_time})
    return {errc::bad_argument,
            "net-ticktime is at least " + std::to_string(min_tick_time) + "ms"};
  if (x.net_ticktime > std::chrono::hours{24})
    return {errc::bad_argument, "net-ticktime is at most 24h"};
  if (x.net_setuptime < milliseconds{100})
    return {errc::bad_argument, "net-setuptime is at least 100ms"};
  if (x.net_setuptime > std::chrono::hours{24})
    return {errc::bad_argument, "net-setuptime is at most 24h"};
  if (x.spin < timespan{0} || x.spin > milliseconds{10})
    return {errc::bad_argument, "spin is 0 to 10ms"};
  if (x.life && !valid(*x.life))
    return {errc::bad_argument, "0 is no creation"};
  return {errc::none, {}};
}

executor_config executor_config_of(const node_config& x, creation life,
                                   incarnation being, uint64_t seed) {
  executor_config result;
  result.session.self = x.name;
  result.session.life = life;
  result.session.being = being;
  result.session.tick_time = x.net_ticktime;
  result.session.setup_time = x.net_setuptime;
  result.session.max_backlog = x.max_backlog;
  result.session.seed = seed;
  result.limits.max_inbound = x.max_inbound;
  return result;
}

} // namespace vigil
