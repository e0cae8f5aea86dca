#include "bench/scale/storm.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"

#include <string>

namespace vigil::bench {

namespace {

constexpr size_t monitors_per_target = 10;

} // namespace

storm::storm(local_node& self, const remote_node& peer, far_side& side,
             size_t batch_size)
  : self_(self),
    peer_(peer),
    side_(side),
    batch_size_(batch_size),
    batches_{batch{watcher{self.runtime(), self.front()}},
             batch{watcher{self.runtime(), self.front()}}} {
  refs_.reserve(batch_size);
}

storm::~storm() {
  stopped_ = true;
  if (thread_.joinable())
    thread_.join();
}

void storm::start() {
  stopped_ = false;
  operations_ = 0;
  thread_ = std::thread{[this] {
    try {
      run();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }};
}

uint64_t storm::stop() {
  stopped_ = true;
  thread_.join();
  if (failure_ != nullptr)
    std::rethrow_exception(failure_);
  return operations_;
}

void storm::run() {
  for (size_t i = 0; !stopped_; i ^= 1) {
    auto& next = batches_[i];
    auto& last = batches_[i ^ 1];
    begin(next);
    // The DOWNs of the last batch come while the monitors of the next leave.
    end(last);
    self_.sync(peer_.name);
    expect_downs(last);
  }
  for (auto& x : batches_) {
    end(x);
    expect_downs(x);
  }
}

void storm::begin(batch& x) {
  auto targets = batch_size_ / monitors_per_target;
  x.first
    = static_cast<uint32_t>(side_.ask("spawn " + std::to_string(targets)));
  x.pending = true;
  refs_.clear();
  pid object{peer_.name, peer_.life, 0, 0};
  for (size_t i = 0; i < batch_size_; ++i) {
    object.number = x.first + static_cast<uint32_t>(i % targets);
    refs_.push_back(x.watching.monitor(object));
  }
  for (size_t i = 0; i < batch_size_; i += 2)
    x.watching.demonitor(refs_[i], false);
  operations_ += batch_size_ + batch_size_ / 2;
}

void storm::end(batch& x) {
  if (x.pending)
    side_.tell("end " + std::to_string(x.first) + ' '
               + std::to_string(batch_size_ / monitors_per_target));
}

void storm::expect_downs(batch& x) {
  if (!x.pending)
    return;
  x.watching.expect_downs(batch_size_ / 2, bench_done());
  operations_ += batch_size_ / 2;
  x.pending = false;
}

} // namespace vigil::bench
