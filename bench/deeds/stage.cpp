#include "bench/deeds/stage.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/kernel_counters.hpp"
#include "bench/common/report.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/deeds/far_node.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>

#include <csignal>
#include <malloc.h>
#include <thread>
#include <utility>

namespace vigil::bench {

namespace {

using std::chrono::milliseconds;

double resident_mib() {
  return static_cast<double>(resident_set()) / (1024 * 1024);
}

/// Like the actor system that a node makes for itself.
class shared_config : public caf::actor_system_config {
public:
  shared_config() {
    configure(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("middleman.workers", size_t{0});
  }
};

template <class Condition>
void wait_until(Condition holds, const std::string& what) {
  auto deadline = stage::clock::now() + 2 * patience;
  while (!holds()) {
    if (stage::clock::now() > deadline)
      throw failure{"the node still does not have " + what};
    std::this_thread::sleep_for(milliseconds{2});
  }
}

} // namespace

struct stage::shared_system {
  shared_config config;
  caf::actor_system system{config};
};

stage::stage(const std::string& name, size_t monitors, witness where)
  : count_(monitors),
    name_("deeds_" + name),
    system_(where == witness::second_node ? std::make_unique<shared_system>()
                                          : nullptr),
    runtime_(first_free + monitors + monitors / 2),
    witness_runtime_(where == witness::second_node ? first_free : 0),
    node_(start(deeds_name, runtime_)),
    witness_(where == witness::second_node
               ? start("witness@localhost", witness_runtime_)
               : nullptr),
    front_(node_->front()),
    probe_(witness_ != nullptr ? witness_runtime_ : runtime_,
           witness_ != nullptr ? witness_->front() : front_) {
  empty_ = resident_mib();
}

stage::~stage() = default;

std::unique_ptr<node> stage::start(std::string_view name,
                                   deed_runtime& runtime) {
  return system_ != nullptr ? attach_node(system_->system, name, runtime)
                            : start_node(name, runtime);
}

pid stage::here(uint32_t number) const {
  return {front_.self(), front_.life(), number, 0};
}

pid stage::there(uint32_t number) const {
  const auto& first = *peers_.front();
  return {first.name, first.life, number, 0};
}

void stage::start_peers(size_t peers, size_t processes) {
  for (size_t i = 0; i < peers; ++i)
    peers_.push_back(std::make_unique<peer>(
      peer{far_side{{"far", std::to_string(i), std::to_string(node_->port()),
                     std::to_string(to_integer(front_.life())),
                     std::to_string(processes)}},
           *node_name::parse(far_name(i)),
           {}}));
  for (auto& x : peers_) {
    const auto& greeting = x->side.greeting();
    auto port = static_cast<uint16_t>(std::stoul(greeting.at(1)));
    x->life = creation{static_cast<uint32_t>(std::stoul(greeting.at(2)))};
    node_->addresses().add(x->name, {"127.0.0.1", port});
  }
}

void stage::connect() {
  for (auto& x : peers_)
    if (auto outcome = front_.connect(x->name); !outcome)
      throw failure{"no session with " + to_string(x->name) + ": "
                    + to_string(outcome.failure())};
}

void stage::signal(int number) {
  if (::kill(peers_.front()->side.id(), number) != 0)
    throw failure{"the peer cannot be signalled"};
}

void stage::monitor_there() {
  for (uint32_t i = 1; i <= count_; ++i)
    front_.monitor(here(subject), there(i)).value();
}

void stage::ask(const std::string& line) {
  for (auto& x : peers_)
    x->side.tell(line);
  for (auto& x : peers_)
    x->side.answer();
}

void stage::end(uint32_t number) {
  runtime_.end(number, front_, bench_done());
}

void stage::await(std::string_view what, uint64_t value) {
  wait_until([&] { return counter(front_, what) == value; },
             std::to_string(value) + ' ' + std::string{what});
}

void stage::await_nothing() {
  await("outbound", 0);
  await("inbound", 0);
}

void stage::await_downs(uint64_t value) {
  wait_until([&] { return runtime_.num_downs() >= value; },
             std::to_string(value) + " DOWNs");
}

void stage::stop() {
  auto start = clock::now();
  node_->stop();
  report_time("stop", clock::now() - start);
}

void stage::report_time(std::string_view what, clock::duration time) const {
  report(name_ + '_' + std::string{what} + " 1",
         std::chrono::duration<double, std::milli>(time).count(), "ms");
}

void stage::deed(const std::function<void()>& what, prober::kind how) {
  full_ = resident_mib();
  // At rest first: what was done before is over.
  std::this_thread::sleep_for(milliseconds{300});
  probe_.start(how);
  std::this_thread::sleep_for(milliseconds{20});
  auto start = clock::now();
  what();
  auto end = clock::now();
  probe_.stop(name_, start, end);
  report_time("length", end - start);
}

void stage::report_memory() const {
  std::this_thread::sleep_for(milliseconds{300});
  report(name_ + "_memory_empty 1", empty_, "MiB");
  report(name_ + "_memory_full 1", full_, "MiB");
  report(name_ + "_memory_after 1", resident_mib(), "MiB");
  // What is free in the C library's heap stays resident; this is what is not.
  malloc_trim(0);
  report(name_ + "_memory_in_use 1", resident_mib(), "MiB");
}

} // namespace vigil::bench
