// Built against an installed vigil, as a project that uses it would be.

#include <vigil/pid.hpp>

#include <iostream>

int main() {
  const char* text = "<alive@host:1:2:3>";
  auto pid = vigil::parse_pid(text);
  if (!pid || vigil::to_string(*pid) != text) {
    std::cerr << "cannot parse " << text << '\n';
    return 1;
  }
  std::cout << "vigil " << VIGIL_VERSION << " knows " << text << '\n';
  return 0;
}
