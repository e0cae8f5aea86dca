// A test of a runtime across nodes, with the test kit alone: no CAF.

#include <vigil/literals.hpp>
#include <vigil/process_table.hpp>
#include <vigil/testkit.hpp>

#include <cstdio>

using namespace vigil;

namespace {

class small_runtime final : public runtime {
public:
  explicit small_runtime(runtime_front front) : front_(std::move(front)) {
    // nop
  }

  pid spawn() {
    auto result = front_.new_pid();
    static_cast<void>(processes_.add(result, true));
    return result;
  }

  bool alive(const pid& x) const noexcept override {
    return processes_.contains(x);
  }

  std::optional<pid> whereis(const process_name& x) const noexcept override {
    return processes_.whereis(x);
  }

  void deliver(const down_notice*, size_t) noexcept override {
    // nop: the cluster says what was delivered
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop
  }

private:
  runtime_front front_;
  process_table<bool> processes_;
};

} // namespace

int main() {
  auto cut = [](testkit::cluster& c) {
    auto& a = c.start<small_runtime>("a@h"_node);
    auto& b = c.start<small_runtime>("b@h"_node);
    auto watcher = a.runtime<small_runtime>().spawn();
    auto object = b.runtime<small_runtime>().spawn();
    auto ref = a.front().monitor(watcher, object).value();
    c.cut("a@h"_node, "b@h"_node);
    c.expect_down(watcher, ref, exit_reason::noconnection());
  };
  try {
    testkit::run(cut, {1, 10});
  } catch (const testkit::failure& x) {
    std::fprintf(stderr, "%s\n", x.what());
    return 1;
  }
  return 0;
}
