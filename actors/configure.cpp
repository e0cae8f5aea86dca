#include <vigil/node.hpp>

#include <vigil/caf.hpp>
#include "actors/net/random_node_id.hpp"
#include "messages/session_caf.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>

namespace vigil {

void configure(caf::actor_system_config& config) {
  config.load<caf::io::middleman>();
  set_node_id(config, random_node_id);
  config.add_message_type<hello>("vigil::hello");
  config.add_message_type<frame>("vigil::frame");
  config.add_message_type<tick>("vigil::tick");
  config.add_message_type<probe>("vigil::probe");
  config.add_message_type<probe_reply>("vigil::probe_reply");
  config.add_message_type<goodbye>("vigil::goodbye");
  config.add_message_type<goodbye_ack>("vigil::goodbye_ack");
  config.add_error_category(error_category, [](uint8_t code, caf::atom_value,
                                               const caf::message& context) {
    error x{static_cast<errc>(code), {}};
    if (context.match_elements<std::string>())
      x.detail = context.get_as<std::string>(0);
    return to_string(x);
  });
}

} // namespace vigil
