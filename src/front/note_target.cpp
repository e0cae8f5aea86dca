#include "src/front/note_target.hpp"

#include "src/front/callback_scope.hpp"

#include <shared_mutex>
#include <variant>

namespace vigil {

void note_target(front_state& state, const target& object, reference ref) {
  std::shared_lock guard{state.lifetime};
  if (!state.open)
    return;
  callback_scope scope;
  if (auto named = std::get_if<named_target>(&object)) {
    state.gate.note_named(ref, state.runtime->whereis(named->name));
    return;
  }
  const auto& process = std::get<pid>(object);
  if (process.life == state.life && state.runtime->alive(process))
    state.gate.note_alive(ref);
}

} // namespace vigil
