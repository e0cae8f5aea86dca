#include "testkit/runtime_life.hpp"

#include "testkit/waiting_port.hpp"

#include <utility>

namespace vigil::testkit {

runtime_life::runtime_life(cluster::impl& home, node_place& place, size_t which,
                           const factory& make)
  : member(home, place, which),
    log_(log(), [&home] { return home.calendar_time(); }),
    executor_(settings(), *front(), seen(), *this),
    alarm_(home.state.clock) {
  front()->queue.on_waiting(
    [this] { enqueue([](node_executor& x) { x.on_requests(); }); });
  open(std::make_shared<waiting_port>(home, *this));
  auto made = make(runtime_front{front()});
  runtime_ = std::move(made.runtime);
  seen().watch(*runtime_);
  if (made.driver != nullptr)
    drive(*made.driver);
}

runtime_life::~runtime_life() {
  executor_.abandon();
}

void runtime_life::drive(scheduler& x) {
  scheduler_ = &x;
  seen().set_driven();
  look();
}

void runtime_life::enqueue(std::function<void(node_executor&)> what) {
  if (!home().state.is_home("a node was used") || !running())
    return;
  inbox_.push_back(std::move(what));
  if (!paused())
    home().wake(*this);
}

// -- station ------------------------------------------------------------------

void runtime_life::post(core_event x) {
  enqueue([what = std::move(x)](node_executor& y) { y.step(what); });
}

void runtime_life::post_message(connection_id from, session_message x,
                                const frame_mark&) {
  post(event::arrived{from, std::move(x)});
}

// -- turns --------------------------------------------------------------------

bool runtime_life::ready() const {
  return running() && !paused() && (!inbox_.empty() || can_run_process());
}

bool runtime_life::can_run_process() const {
  return scheduler_ != nullptr && !in_process_ && scheduler_->ready() > 0;
}

void runtime_life::run_one() {
  if (can_run_process()
      && (inbox_.empty() || home().state.random.chance(500))) {
    run_process();
  } else {
    auto what = std::move(inbox_.front());
    inbox_.pop_front();
    what(executor_);
  }
  order_advance();
}

void runtime_life::run_process() {
  auto choice = home().state.random.below(scheduler_->ready());
  in_process_ = true;
  try {
    scheduler_->run_one(choice);
  } catch (...) {
    in_process_ = false;
    throw;
  }
  in_process_ = false;
}

void runtime_life::look() {
  if (ready())
    home().wake(*this);
  order_advance();
}

void runtime_life::order_advance() {
  if (scheduler_ == nullptr || !running())
    return;
  alarm_.set(scheduler_->next_due(), [this] {
    if (!running())
      return;
    scheduler_->advance(home().state.clock.now());
    look();
  });
}

// -- ends ---------------------------------------------------------------------

void runtime_life::stop() {
  front()->queue.close();
  enqueue([](node_executor& x) { x.stop(completion<unit>{}); });
}

void runtime_life::ended() {
  inbox_.clear();
}

void runtime_life::let_go() {
  // nop: runtimes know of no others
}

// -- node_host ----------------------------------------------------------------

time_point runtime_life::now() {
  return home().state.clock.now();
}

void runtime_life::dial(const effect::dial& x) {
  home().network.dial(*this, x);
}

void runtime_life::transmit(effect::transmit& x) {
  home().network.transmit(*this, x.connection, {std::move(x.message), {}});
}

void runtime_life::hang_up(const effect::hang_up& x) {
  home().network.hang_up(*this, x.connection);
}

void runtime_life::wake_at(time_point due) {
  home().state.clock.wake_at(due, [this, due] {
    enqueue([due](node_executor& x) { x.on_timer(due); });
  });
}

void runtime_life::resume_later() {
  enqueue([](node_executor& x) { x.resume(); });
}

void runtime_life::slice_later() {
  enqueue([](node_executor& x) { x.on_slice(); });
}

void runtime_life::stepped() {
  // nop: whoever waits for what a step changes is asked after each turn
}

void runtime_life::stopped() {
  home().state.note([this] { return label() + "  has stopped"; });
  end();
  home().network.vanish(*this, false);
}

void runtime_life::note(const effect::node_up& x) {
  log_.note(x);
}

void runtime_life::note(const effect::node_down& x) {
  log_.note(x);
}

void runtime_life::note(const effect::connect_failed& x) {
  log_.note(x);
}

void runtime_life::note(const effect::ticks_missed& x) {
  log_.note(x);
}

void runtime_life::note(const exit_fault& x) {
  log_.note(x);
}

} // namespace vigil::testkit
