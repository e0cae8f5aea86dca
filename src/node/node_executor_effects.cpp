// What a node executor does about the effects of its core.

#include "src/front/callback_scope.hpp"
#include "src/node/node_executor.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace vigil {

void node_executor::execute(effect::deliver_downs& x) {
  // Nobody can make sense of a DOWN before its reference is known.
  if (granting_answer_ != nullptr)
    for (auto i = x.first; i != x.first + x.count; ++i)
      if (i->message.ref == granting_ref_)
        granting_answer_->deliver(granting_ref_);
  downs_.gather(x);
}

void node_executor::execute(effect::retire& x) {
  front_.gate.forget(x.ref);
  if (x.ref == granting_ref_ && !x.granted)
    granting_answer_->deliver(x.why);
}

void node_executor::execute(effect::node_up& x) {
  downs_.deliver();
  front_.board.up(x.peer);
  host_.note(x);
  tell_runtime({x.peer, true, x.life, {}, {}, 0, 0, 0});
  answers_.up(x.peer);
}

void node_executor::execute(effect::node_down& x) {
  downs_.deliver();
  host_.note(x);
  tell_runtime({x.peer,
                false,
                {},
                x.cause,
                x.detail,
                static_cast<uint64_t>(std::max(x.silence, timespan{0}).count()),
                static_cast<uint64_t>(x.detection.count()),
                x.loss});
  answers_.down(x.peer);
}

void node_executor::execute(effect::link_lost& x) {
  front_.board.down(x.peer);
  // Who waits for room there need not wait any more.
  front_.queue.recheck();
}

void node_executor::execute(effect::connect_failed& x) {
  downs_.deliver();
  host_.note(x);
  answers_.failed(x.peer, x.why);
}

void node_executor::execute(effect::yield&) {
  host_.resume_later();
}

void node_executor::execute(effect::dial& x) {
  host_.dial(x);
}

void node_executor::execute(effect::transmit& x) {
  host_.transmit(x);
}

void node_executor::execute(effect::hang_up& x) {
  host_.hang_up(x);
}

void node_executor::execute(effect::ticks_missed& x) {
  host_.note(x);
}

void node_executor::execute(effect::link_full& x) {
  front_.board.set_full(x.peer, x.full);
  if (!x.full)
    front_.queue.recheck();
}

void node_executor::execute(effect::synced& x) {
  answers_.synced(x.token, x.ok);
}

void node_executor::execute(effect::stopped&) {
  for (auto peer : core_.plane().nodes())
    front_.board.down(peer);
  answer_all();
  stop_answer_.deliver(unit{});
  host_.stopped();
}

void node_executor::tell_runtime(const node_event& x) {
  callback_scope scope;
  runtime_.on_node_event(x);
  host_.announce(x);
}

} // namespace vigil
