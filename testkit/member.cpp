#include "testkit/member.hpp"

#include "testkit/cluster_impl.hpp"
#include "testkit/node_place.hpp"

#include <utility>

namespace vigil::testkit {

member::member(cluster::impl& home, node_place& place, size_t which)
  : home_(home),
    place_(place),
    id_(home.enroll(*this)),
    settings_(home.draw_config(place, which)),
    first_pid_(home.draw_first_pid()),
    front_(std::make_shared<front_state>(settings_.session.self,
                                         settings_.session.life, first_pid_,
                                         place.config().cancel_pairs)),
    witness_(home.state, settings_.session.self, settings_.session.life, which,
             first_pid_) {
  front_->probe = &witness_;
  front_->queue.on_full([this](bool again) { return make_room(again); });
}

member::~member() {
  // Others may hold the front for longer.
  front_->queue.on_waiting(nullptr);
  front_->probe = nullptr;
  home_.withdraw(id_);
}

void member::open(std::shared_ptr<plane_port> port) {
  front_->plane = std::move(port);
  front_->open = true;
  front_->runtime = &witness_;
}

size_t member::place() const noexcept {
  return place_.number();
}

node_name member::name() const noexcept {
  return place_.name();
}

log_sink member::log() const {
  const auto& sink = place_.config().log;
  if (!sink && !home_.state.is_noted())
    return nullptr;
  return [this, sink](const log_record& x) {
    if (x.event == "connect_failed")
      home_.state.note([&] { return label() + "  " + x.text; });
    if (!sink)
      return;
    auto record = x;
    record.time = home_.calendar_time();
    sink(record);
  };
}

void member::set_paused(bool value) {
  paused_ = value;
  look();
}

void member::end() {
  if (!std::exchange(running_, false))
    return;
  front_->queue.close();
  // Not under its lock: who waits for an answer holds that, in this thread.
  front_->open = false;
  front_->runtime = nullptr;
  witness_.node_ended();
  ended();
}

bool member::make_room(bool again) {
  if (!again)
    waits_until_ = home_.state.clock.after(endless);
  home_.throw_to_body();
  if (!running_ || home_.state.has_failed()
      || !home_.may_wait("a monitor for which there is no room"))
    return false;
  // Whoever has something to do comes before time passes.
  if (home_.do_one(waits_until_))
    return running_;
  home_.state.fail(label()
                   + ": a monitor has waited for an hour for room, and"
                     " waits for ever");
  return false;
}

} // namespace vigil::testkit
