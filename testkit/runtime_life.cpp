#include "testkit/runtime_life.hpp"

#include "testkit/waiting_port.hpp"

#include <utility>

namespace vigil::testkit {

runtime_life::runtime_life(cluster::impl& home, node_place& place, size_t which,
                           const factory& make)
  : home_(home),
    place_(place),
    id_(home.next_life()),
    config_(home.draw_config(place, which)),
    first_pid_(home.draw_first_pid()),
    front_(std::make_shared<front_state>(config_.session.self,
                                         config_.session.life, first_pid_,
                                         place.config().cancel_pairs)),
    witness_(home.state, config_.session.self, config_.session.life, which,
             first_pid_),
    log_(place.config().log, [&home] { return home.calendar_time(); }),
    executor_(config_, *front_, witness_, *this) {
  front_->plane = std::make_shared<waiting_port>(home_, *this);
  front_->probe = &witness_;
  front_->queue.on_waiting(
    [this] { enqueue([](node_executor& x) { x.on_requests(); }); });
  front_->queue.on_full([this](bool again) { return make_room(again); });
  front_->open = true;
  front_->runtime = &witness_;
  auto made = make(runtime_front{front_});
  runtime_ = std::move(made.runtime);
  witness_.watch(*runtime_);
  if (made.driver != nullptr)
    drive(*made.driver);
}

runtime_life::~runtime_life() {
  front_->queue.on_waiting(nullptr);
  executor_.abandon();
}

void runtime_life::drive(scheduler& x) {
  scheduler_ = &x;
  look();
}

void runtime_life::enqueue(std::function<void(node_executor&)> what) {
  if (!home_.state.is_home("a node was used") || !running_)
    return;
  inbox_.push_back(std::move(what));
  if (!paused_)
    home_.wake(*this);
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
  return running_ && !paused_ && (!inbox_.empty() || can_run_process());
}

bool runtime_life::can_run_process() const {
  return scheduler_ != nullptr && !in_process_ && scheduler_->ready() > 0;
}

void runtime_life::run_one() {
  if (can_run_process() && (inbox_.empty() || home_.state.random.chance(500))) {
    run_process();
  } else {
    auto what = std::move(inbox_.front());
    inbox_.pop_front();
    what(executor_);
  }
  order_advance();
}

void runtime_life::run_process() {
  auto choice = home_.state.random.below(scheduler_->ready());
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
    home_.wake(*this);
  order_advance();
}

void runtime_life::order_advance() {
  if (scheduler_ == nullptr || !running_)
    return;
  auto due = scheduler_->next_due();
  if (!due || (advance_at_ && *advance_at_ <= *due))
    return;
  advance_at_ = due;
  home_.state.clock.wake_at(*due, [this, when = *due] {
    if (advance_at_ != when)
      return;
    advance_at_.reset();
    if (!running_)
      return;
    scheduler_->advance(home_.state.clock.now());
    look();
  });
}

void runtime_life::set_paused(bool value) {
  paused_ = value;
  look();
}

bool runtime_life::make_room(bool again) {
  if (!again)
    waits_until_ = home_.state.clock.after(endless);
  if (!running_ || home_.state.has_failed()
      || !home_.may_wait("a monitor for which there is no room"))
    return false;
  if (!inbox_.empty() && !paused_) {
    // What waits is its own: that takes no time.
    auto what = std::move(inbox_.front());
    inbox_.pop_front();
    what(executor_);
    return running_;
  }
  if (home_.do_one(waits_until_))
    return running_;
  home_.state.fail(label()
                   + ": a monitor has waited for an hour for room, and"
                     " waits for ever");
  return false;
}

// -- ends ---------------------------------------------------------------------

void runtime_life::stop() {
  front_->queue.close();
  enqueue([](node_executor& x) { x.stop(completion<unit>{}); });
}

void runtime_life::end() {
  if (!std::exchange(running_, false))
    return;
  inbox_.clear();
  front_->queue.close();
  // Not under its lock: who waits for an answer holds that, in this thread.
  front_->open = false;
  front_->runtime = nullptr;
  witness_.node_ended();
}

// -- node_host ----------------------------------------------------------------

time_point runtime_life::now() {
  return home_.state.clock.now();
}

void runtime_life::dial(const effect::dial& x) {
  home_.network.dial(*this, x);
}

void runtime_life::transmit(effect::transmit& x) {
  home_.network.transmit(*this, x.connection, {std::move(x.message), {}});
}

void runtime_life::hang_up(const effect::hang_up& x) {
  home_.network.hang_up(*this, x.connection);
}

void runtime_life::wake_at(time_point due) {
  home_.state.clock.wake_at(due, [this, due] {
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
  home_.state.note([this] { return label() + "  has stopped"; });
  end();
  home_.network.vanish(*this, false);
}

void runtime_life::note(const effect::node_up& x) {
  home_.state.note(
    [&] { return label() + "  nodeup " + home_.state.names(x.peer, x.life); });
  log_.note(x);
}

void runtime_life::note(const effect::node_down& x) {
  home_.state.note([&] {
    return label() + "  nodedown " + home_.state.names(x.peer) + ' '
           + std::string{to_string(x.cause)};
  });
  log_.note(x);
}

void runtime_life::note(const effect::connect_failed& x) {
  home_.state.note([&] {
    return label() + "  no connection to " + home_.state.names(x.peer) + ": "
           + to_string(x.why);
  });
  log_.note(x);
}

void runtime_life::note(const effect::ticks_missed& x) {
  log_.note(x);
}

void runtime_life::note(const exit_fault& x) {
  log_.note(x);
}

} // namespace vigil::testkit
