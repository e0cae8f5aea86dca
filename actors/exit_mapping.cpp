#include <vigil/exit_mapping.hpp>

#include <vigil/caf.hpp>

#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/pec.hpp>
#include <caf/sec.hpp>

#include <string>

namespace vigil {

namespace {

/// The category of errors that carry a reason of vigil's in their context.
constexpr caf::atom_value reason_category = caf::atom("vigilexit");

exit_reason atom_of(const std::string& text) {
  return exit_reason::atom(text).value_or(exit_reason::system_limit());
}

/// CAF prints an enumerator that it does not know as a number or a text with
/// blanks; such an error is known by its category only.
exit_reason atom_of_enumerator(const std::string& text, const char* category) {
  auto plain = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_")
               == std::string::npos;
  return atom_of(plain && !text.empty() ? text : category);
}

exit_reason of_exit_code(uint8_t code) {
  switch (static_cast<caf::exit_reason>(code)) {
    case caf::exit_reason::normal:
      return exit_reason::normal();
    case caf::exit_reason::kill:
      return exit_reason::killed();
    case caf::exit_reason::user_shutdown:
      return exit_reason::shutdown();
    case caf::exit_reason::remote_link_unreachable:
      return exit_reason::noconnection();
    default:
      return atom_of_enumerator(to_string(static_cast<caf::exit_reason>(code)),
                                "exit");
  }
}

} // namespace

exit_reason exit_reason_of(const caf::error& x) {
  if (!x)
    return exit_reason::normal();
  if (x.category() == reason_category) {
    if (x.context().match_elements<std::string>())
      if (auto reason
          = exit_reason::from_external(x.context().get_as<std::string>(0)))
        return *reason;
    return atom_of("unknown");
  }
  if (x.category() == caf::atom("exit"))
    return of_exit_code(x.code());
  if (x.category() == caf::atom("system"))
    return atom_of_enumerator(to_string(static_cast<caf::sec>(x.code())),
                              "system");
  if (x.category() == caf::atom("parser"))
    return atom_of_enumerator(to_string(static_cast<caf::pec>(x.code())),
                              "parser");
  if (auto ours = vigil_error(x))
    return atom_of(std::string{to_string(ours->code)});
  return atom_of(to_string(x.category()));
}

caf::error to_error(const exit_reason& x) {
  if (x == exit_reason::normal())
    return {};
  // The code says nothing, but 0 would be no error.
  return {1, reason_category, caf::make_message(x.external())};
}

} // namespace vigil
