#include "tests/soak/report.hpp"

#include <iomanip>
#include <ostream>
#include <string_view>

namespace vigil::soak {

namespace {

template <class T>
void row(std::ostream& out, std::string_view name, T value,
         std::string_view note = {}) {
  out << "  " << std::left << std::setw(36) << name << std::right
      << std::setw(12) << value;
  if (!note.empty())
    out << "  " << note;
  out << '\n';
}

void must_be_zero(std::ostream& out, std::string_view name, uint64_t value) {
  row(out, name, value, value == 0 ? "(must be 0)" : "(MUST BE 0)");
}

void print_monitors(std::ostream& out, const report& x) {
  const auto& sum = x.totals;
  auto downs = sum.downs_own + sum.downs_noproc + sum.downs_noconnection;
  out << "monitors\n";
  row(out, "granted", sum.granted);
  row(out, "DOWN", downs);
  row(out, "  the target's own reason", sum.downs_own);
  row(out, "  noproc", sum.downs_noproc);
  row(out, "  noconnection", sum.downs_noconnection);
  row(out, "demonitor answered true", sum.demonitored);
  row(out, "ended with their watcher", sum.ended_with_watcher);
  row(out, "ended with their watcher's node", sum.ended_with_node);
  must_be_zero(out, "still pending", sum.pending);
  must_be_zero(out, "lost", sum.lost);
  must_be_zero(out, "doubled", sum.doubled);
  must_be_zero(out, "untrue", sum.untrue);
  must_be_zero(out, "links lost without a fault", sum.unexplained);
  must_be_zero(out, "answers that cannot be", sum.surprises);
  if (!sum.balanced())
    out << "  THE ACCOUNTS DO NOT ADD UP\n";
  out << "after the load, once all is healed\n";
  row(out, "pending", x.pending);
  row(out, "  in the watchers' nodes' tables", x.outbound,
      x.outbound == x.pending ? "" : "(MUST BE THE SAME)");
  row(out, "  in the targets' nodes' tables", x.inbound,
      x.inbound == x.pending ? "" : "(MUST BE THE SAME)");
}

void print_faults(std::ostream& out, const report& x) {
  uint64_t sum = 0;
  for (auto count : x.fault_counts)
    sum += count;
  out << "faults\n";
  row(out, "all", sum);
  for (size_t i = 0; i < x.fault_counts.size(); ++i)
    row(out, "  " + std::string{faults::name(static_cast<faults::kind>(i))},
        x.fault_counts[i]);
  row(out, "the machine was too busy", x.machine_pauses);
  out << std::fixed << std::setprecision(1);
  row(out, "time without an excuse, in %", x.calm * 100);
}

void print_memory(std::ostream& out, const report& x) {
  out << "resident memory in KiB" << std::setw(14) << "start" << std::setw(10)
      << "half-way" << std::setw(10) << "end" << std::setw(10) << "highest"
      << std::setw(10) << "lives" << '\n';
  constexpr std::string_view names[] = {"alpha", "bravo", "charlie", "delta"};
  for (size_t i = 0; i < x.memory.nodes.size(); ++i) {
    const auto& one = x.memory.nodes[i];
    out << "  " << std::left << std::setw(20) << names[i] << std::right
        << std::setw(14) << one.start << std::setw(10) << one.half_way
        << std::setw(10) << one.end << std::setw(10) << one.highest
        << std::setw(10) << x.lives[i] << '\n';
  }
  out << "  " << std::left << std::setw(20) << "this program" << std::right
      << std::setw(14) << x.own_memory_start << std::setw(20)
      << x.own_memory_end << '\n';
}

} // namespace

void print(std::ostream& out, const report& x) {
  out << std::fixed << std::setprecision(1) << "soak: seed " << x.seed << ", "
      << x.seconds << " s, "
      << static_cast<double>(x.totals.granted) / x.seconds
      << " monitors a second\n";
  print_monitors(out, x);
  print_faults(out, x);
  print_memory(out, x);
  out << (x.clean() ? "every monitor is accounted for\n"
                    : "NOT EVERYTHING IS AS IT MUST BE\n");
}

} // namespace vigil::soak
