#pragma once

#include <vigil/errc.hpp>
#include <vigil/node.hpp>
#include <vigil/node_name.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/settings.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vigil {

/// The options of `vigil node`, from a configuration file and the command line;
/// the latter wins. Options of the actor framework are taken as well, under its
/// own names.
///
/// Thread-safety: none.
class node_settings : public caf::actor_system_config {
public:
  node_settings();

  /// Reads the options. Errors: `bad_option`, with a detail. Whether a value is
  /// within its bounds is left to the node.
  result<unit> read(const std::vector<std::string>& arguments);

  /// What the options say about the node.
  const node_config& config() const noexcept {
    return config_;
  }

  /// Whether lines about DOWNs and nodes say where these come from.
  bool show_origins() const noexcept {
    return show_origins_;
  }

  /// The nodes whose addresses were given.
  const std::vector<std::pair<node_name, node_address>>&
  peers() const noexcept {
    return peers_;
  }

private:
  result<unit> split(const std::vector<std::string>& arguments);
  result<unit> add_peer_argument(const std::string& argument);
  result<unit> check_file(const caf::settings& entries,
                          const std::string& group);
  result<unit> parse_all(const std::string& file_content);
  result<unit> check_values();

  node_config config_;

  // Where the options are stored.
  std::string name_;
  std::string bind_;
  uint16_t listen_ = 0;
  std::vector<std::string> peer_;
  timespan ticktime_;
  timespan setuptime_;
  bool show_origins_ = false;

  std::string file_;
  /// The arguments without the peers, of which CAF would keep only the last.
  std::vector<std::string> others_;
  std::vector<std::string> peer_arguments_;
  std::vector<std::pair<node_name, node_address>> peers_;
};

} // namespace vigil
