#include <vigil/external_form.hpp>

#include "messages/term/writer.hpp"

#include <cstdint>
#include <variant>

namespace vigil {

namespace {

// Each appends a term without its version byte.

void append_term(std::string& out, const pid& x) {
  append_pid(out, x.node.str(), x.number, x.serial, to_integer(x.life));
}

void append_term(std::string& out, const named_target& x) {
  append_tuple_head(out, 2);
  append_atom(out, x.name.str());
  append_atom(out, x.node.str());
}

void append_term(std::string& out, const target& x) {
  std::visit([&out](const auto& y) { append_term(out, y); }, x);
}

void append_term(std::string& out, reference x, node_name self, creation life) {
  auto number = to_integer(x);
  append_reference(out, self.str(), to_integer(life),
                   {static_cast<uint32_t>(number),
                    static_cast<uint32_t>(number >> 32), 0});
}

void append_term(std::string& out, const exit_reason& x) {
  auto bytes = x.external_view();
  out.append(bytes.data() + 1, bytes.size() - 1);
}

void append_term(std::string& out, const down& x, node_name self,
                 creation life) {
  append_tuple_head(out, 5);
  append_atom(out, "DOWN");
  append_term(out, x.ref, self, life);
  append_atom(out, "process");
  append_term(out, x.object);
  append_term(out, x.reason);
}

template <class... Ts>
std::string whole_term(const Ts&... xs) {
  std::string result;
  append_external(result, xs...);
  return result;
}

} // namespace

std::string to_external(const pid& x) {
  return whole_term(x);
}

void append_external(std::string& out, const pid& x) {
  append_version(out);
  append_term(out, x);
}

std::string to_external(reference x, node_name self, creation life) {
  return whole_term(x, self, life);
}

void append_external(std::string& out, reference x, node_name self,
                     creation life) {
  append_version(out);
  append_term(out, x, self, life);
}

std::string to_external(const target& x) {
  return whole_term(x);
}

void append_external(std::string& out, const target& x) {
  append_version(out);
  append_term(out, x);
}

std::string to_external(const down& x, node_name self, creation life) {
  return whole_term(x, self, life);
}

void append_external(std::string& out, const down& x, node_name self,
                     creation life) {
  append_version(out);
  append_term(out, x, self, life);
}

} // namespace vigil
