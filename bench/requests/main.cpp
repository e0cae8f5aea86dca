// How many typed requests a second a control plane answers, with as many in
// flight as an actor keeps there and from a thread that waits for each; beside
// an actor in the same thread that does nothing but answer. Prints `metric NAME
// IN_FLIGHT VALUE UNIT` for each figure.

#include "actors/loop/multiplexed.hpp"
#include "bench/common/bench_runtime.hpp"
#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/requests/requester.hpp"

#include <cstdio>
#include <exception>
#include <string>

using namespace vigil;
using namespace vigil::bench;

namespace {

/// Answers, and nothing else.
class bare_server final : public multiplexed<request_server::base> {
public:
  using multiplexed::multiplexed;

protected:
  behavior_type make_behavior() override {
    return {
      [this](const monitor_request&) { return reference{++last_}; },
      [](const demonitor_request&) { return true; },
    };
  }

private:
  uint64_t last_ = to_integer(first_reference);
};

/// A node, two of its processes, and what is measured with them.
class stand {
public:
  void measure() {
    for (auto in_flight : {size_t{1}, size_t{16}, size_t{256}, size_t{4096}}) {
      size_t count = in_flight == 1 ? 100'000 : 1'000'000;
      for (auto [name, server] :
           {std::pair{"bare", bare_}, std::pair{"handle", plane_}})
        print(name, in_flight,
              static_cast<double>(count)
                / in_flight_time(server, in_flight, count));
    }
    for (auto [name, server] :
         {std::pair{"bare", bare_}, std::pair{"handle", plane_}})
      print(std::string{name} + "_scoped", 1,
            static_cast<double>(scoped_count) / scoped_time(server));
    caf::anon_send_exit(bare_, caf::exit_reason::kill);
  }

private:
  static constexpr size_t scoped_count = 50'000;

  using seconds = std::chrono::duration<double>;

  static void print(const std::string& name, size_t in_flight, double rate) {
    std::printf("metric requests_%s %zu %.0f per_s\n", name.c_str(), in_flight,
                rate);
  }

  double in_flight_time(const request_server& server, size_t in_flight,
                        size_t count) {
    std::promise<requester::clock::duration> done;
    node_->system().spawn<requester>(
      requester::order{server, watcher_, target_, in_flight, count, &done});
    return seconds{done.get_future().get()}.count();
  }

  double scoped_time(const request_server& server) {
    caf::scoped_actor self{node_->system()};
    auto fail = [](const caf::error&) { throw failure{"no answer"}; };
    auto begin = requester::clock::now();
    for (size_t i = 0; i < scoped_count; i += 2) {
      reference ref{};
      self->request(server, caf::infinite, monitor_request{target_, watcher_})
        .receive([&](reference x) { ref = x; }, fail);
      self->request(server, caf::infinite, demonitor_request{ref, {}, watcher_})
        .receive([](bool) {}, fail);
    }
    return seconds{requester::clock::now() - begin}.count();
  }

  bench_runtime runtime_{16};
  std::unique_ptr<node> node_ = start_node("bench@localhost", runtime_, true);
  pid watcher_{node_->name(), node_->life(), runtime_.spawn_with_mailbox(), 0};
  pid target_{node_->name(), node_->life(), runtime_.spawn(1), 0};
  request_server plane_ = node_->control_plane();
  request_server bare_ = node_->system().spawn<bare_server>();
};

} // namespace

int main() {
  try {
    stand{}.measure();
    return 0;
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_requests: %s\n", why.what());
    return 1;
  }
}
