#include <vigil/errc.hpp>

namespace vigil {

namespace {

struct entry {
  std::string_view name;
  std::string_view sentence;
  bool may_retry;
};

constexpr entry describe(errc x) noexcept {
  switch (x) {
    case errc::none:
      return {"none", "nothing is wrong", false};
    case errc::no_connection:
      return {"no_connection", "there is no connection to the node", true};
    case errc::reference_exhausted:
      return {"reference_exhausted",
              "all references of this node's life are used up", false};
    case errc::busy:
      return {"busy", "what waits to be sent or handled is at its bound", true};
    case errc::shutdown:
      return {"shutdown", "the node is stopping or has stopped", false};
    case errc::noproc:
      return {"noproc", "there is no such process", false};
    case errc::not_local:
      return {"not_local", "the process belongs to another node", false};
    case errc::name_taken:
      return {"name_taken", "the name is already given to a process", true};
    case errc::not_registered:
      return {"not_registered", "the name is not given to any process", true};
    case errc::bad_argument:
      return {"bad_argument", "the argument is not valid", false};
    case errc::unknown_command:
      return {"unknown_command", "there is no such command", false};
    case errc::bad_option:
      return {"bad_option", "the option is not understood", false};
    case errc::unresolvable:
      return {"unresolvable", "the node's address is not known", true};
    case errc::refused:
      return {"refused", "the address refused the connection", true};
    case errc::setup_timeout:
      return {"setup_timeout", "no session came up within the set-up time",
              true};
    case errc::duplicate_name:
      return {"duplicate_name", "another live node carries this name", true};
    case errc::wrong_name:
      return {"wrong_name", "the node that answered has another name", false};
    case errc::version_mismatch:
      return {"version_mismatch", "the two nodes share no protocol version",
              false};
    case errc::already_connected:
      return {"already_connected", "a session with this node is up already",
              true};
    case errc::protocol_error:
      return {"protocol_error", "the peer does not keep to the protocol",
              false};
    case errc::closed:
      return {"closed", "the connection was lost", true};
    case errc::address_in_use:
      return {"address_in_use", "the port is in use", true};
    case errc::bad_address:
      return {"bad_address", "the address cannot be used on this machine",
              false};
    case errc::system_limit:
      return {"system_limit",
              "a bound of the node, or of the system it runs on, is reached",
              false};
    case errc::duplicate_id:
      return {"duplicate_id",
              "the actor system at the address has the id of another", true};
  }
  return {"unknown", "an unknown error", false};
}

} // namespace

std::string_view to_string(errc x) noexcept {
  return describe(x).name;
}

std::string_view sentence(errc x) noexcept {
  return describe(x).sentence;
}

bool may_retry(errc x) noexcept {
  return describe(x).may_retry;
}

std::string to_string(const error& x) {
  std::string result{to_string(x.code)};
  result += ' ';
  result += sentence(x.code);
  if (!x.detail.empty()) {
    result += ": ";
    result += x.detail;
  }
  return result;
}

} // namespace vigil
