#include "bench/scale/star.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/scale/peer.hpp"

#include <future>
#include <string>

namespace vigil::bench {

namespace {

void expect(size_t found, size_t count, const std::string& who) {
  if (found != count)
    throw failure{who + " recorded " + std::to_string(found)
                  + " monitors instead of " + std::to_string(count)};
}

} // namespace

star::star(peer_group& peers, size_t here)
  : peers_(peers),
    middle_(middle_name, here + 1),
    watcher_(middle_.runtime(), middle_.front()) {
  // nop
}

void star::connect() {
  for (size_t i = 0; i < peers_.size(); ++i)
    middle_.connect(peers_.where(i));
  peers_.tell("middle " + std::to_string(middle_.port()) + ' '
              + std::to_string(to_integer(middle_.front().life())));
  for (const auto& x : spawn_there(1))
    watcher_.monitor(x);
  sync();
  end_there();
  watcher_.expect_downs(peers_.size(), bench_done());
}

std::vector<pid> star::spawn_there(size_t each) {
  each_ = each;
  first_.clear();
  for (size_t i = 0; i < peers_.size(); ++i)
    first_.push_back(static_cast<uint32_t>(
      peers_.side(i).ask("spawn " + std::to_string(each))));
  std::vector<pid> result;
  result.reserve(each * peers_.size());
  for (uint32_t n = 0; n < each; ++n)
    for (size_t i = 0; i < peers_.size(); ++i)
      result.push_back(
        {peers_.where(i).name, peers_.where(i).life, first_[i] + n, 0});
  return result;
}

void star::end_there() {
  for (size_t i = 0; i < peers_.size(); ++i)
    peers_.side(i).tell("end " + std::to_string(first_[i]) + ' '
                        + std::to_string(each_));
}

void star::sync() {
  // All at once: one after the other would add up round trips of idle peers.
  std::vector<std::future<void>> waiting;
  for (size_t i = 1; i < peers_.size(); ++i)
    waiting.push_back(std::async(std::launch::async, [this, i] {
      middle_.sync(peers_.where(i).name);
    }));
  middle_.sync(peers_.where(0).name);
  for (auto& x : waiting)
    x.get();
}

void star::expect_there(size_t count) {
  peers_.tell("inbound");
  expect(peers_.answers(), count, "the peers have");
}

void star::expect_here(size_t count) {
  expect(counter(middle_.front(), "inbound"), count,
         "the node in the middle has");
}

} // namespace vigil::bench
