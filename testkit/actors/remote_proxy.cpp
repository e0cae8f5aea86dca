#include "testkit/actors/remote_proxy.hpp"

#include "testkit/actors/remote_actors.hpp"

#include <caf/system_messages.hpp>

#include <utility>

namespace vigil::testkit {

remote_proxy::remote_proxy(caf::actor_config& config, remote_actors& carrier,
                           actor_life& there)
  : actor_proxy(config),
    carrier_(&carrier),
    there_(there) {
  // nop
}

void remote_proxy::enqueue(caf::mailbox_element_ptr x, caf::execution_unit*) {
  if (carrier_ == nullptr)
    return;
  auto content = x->move_content_to_message();
  if (content.match_elements<caf::exit_msg>())
    unlink_from(content.get_as<caf::exit_msg>(0).source);
  carrier_->send(there_, {id(), x->sender, x->mid, x->stages, content});
}

bool remote_proxy::add_backlink(caf::abstract_actor* x) {
  auto added = actor_proxy::add_backlink(x);
  if (added && carrier_ != nullptr)
    carrier_->link(there_, {x->ctrl(), id(), true});
  return added;
}

bool remote_proxy::remove_backlink(caf::abstract_actor* x) {
  auto removed = actor_proxy::remove_backlink(x);
  if (removed && carrier_ != nullptr)
    carrier_->link(there_, {x->ctrl(), id(), false});
  return removed;
}

void remote_proxy::kill_proxy(caf::execution_unit* context, caf::error reason) {
  carrier_ = nullptr;
  cleanup(std::move(reason), context);
}

} // namespace vigil::testkit
