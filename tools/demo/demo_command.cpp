#include "tools/demo/demo_command.hpp"

#include <vigil/errc.hpp>
#include "tools/demo/demo_scenes.hpp"
#include "tools/demo/demo_stage.hpp"
#include "tools/demo/down_ledger.hpp"
#include "tools/demo/timeline.hpp"
#include "tools/node/node_command.hpp"
#include "tools/report.hpp"
#include "tools/words.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <sys/auxv.h>
#include <unistd.h>

namespace vigil {

namespace {

/// Returns the path of this program.
std::string own_path() {
  std::string path(4096, '\0');
  auto size = readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0)
    // Without /proc, what the program was started as.
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel's interface.
    return reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  path.resize(static_cast<size_t>(size));
  // A program that was replaced since it started can still be run.
  return access(path.c_str(), X_OK) == 0 ? path : "/proc/self/exe";
}

/// Returns how to show things to whoever looks at standard output.
timeline::options presentation() {
  timeline::options result;
  if (isatty(STDOUT_FILENO) == 0)
    return result;
  const auto* refusal = std::getenv("NO_COLOR");
  result.colours = refusal == nullptr || refusal[0] == '\0';
  result.pause = std::chrono::milliseconds{400};
  return result;
}

} // namespace

int run_demo(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    report(
      {errc::bad_option, show(arguments.front()) + ", see 'vigil help demo'"});
    return status_usage;
  }
  timeline course{std::cout, presentation()};
  down_ledger ledger;
  try {
    demo_stage stage{own_path(), course, ledger};
    course.title("vigil demo: four nodes watch each other's processes");
    play(stage);
    auto good = stage.finish();
    course.table(ledger);
    return good && ledger.balanced() ? 0 : status_failure;
  } catch (const demo_failure& why) {
    report(why.why());
    return status_failure;
  }
}

} // namespace vigil
