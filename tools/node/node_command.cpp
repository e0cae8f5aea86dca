#include "tools/node/node_command.hpp"

#include <vigil/creation.hpp>
#include <vigil/errc.hpp>
#include <vigil/node.hpp>
#include <vigil/result.hpp>
#include "tools/event_flag.hpp"
#include "tools/line_reader.hpp"
#include "tools/node/node_settings.hpp"
#include "tools/node/output.hpp"
#include "tools/node/shell.hpp"
#include "tools/node/shell_runtime.hpp"
#include "tools/node/signal_watch.hpp"
#include "tools/report.hpp"

#include <caf/actor_system.hpp>

#include <cerrno>
#include <exception>
#include <malloc.h>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace vigil {

namespace {

/// Lets all threads share one heap where address space is scarce: each heap of
/// the C library takes 64 MiB of it, whether used or not.
void spare_address_space() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    mallopt(M_ARENA_MAX, 1);
}

/// Waits until one of three descriptors is readable.
void wait_for_any(int first, int second, int third) {
  pollfd fds[] = {{first, POLLIN, 0}, {second, POLLIN, 0}, {third, POLLIN, 0}};
  while (poll(fds, 3, -1) < 0 && errno == EINTR) {
    // try again
  }
}

/// Takes commands until the input ends, `quit` comes, or `stop` is raised.
void run_shell(shell& commands, event_flag& stop) {
  line_reader lines{STDIN_FILENO, stop.fd()};
  std::string line;
  for (;;) {
    switch (lines.next(line)) {
      case line_reader::status::line:
        if (!commands.execute(line))
          return;
        break;
      case line_reader::status::too_long:
        commands.refuse_long_line();
        break;
      case line_reader::status::end:
        return;
    }
  }
}

/// Runs a node that has started until somebody wants it to end.
void serve(node& self, shell_runtime& processes, output& out,
           const signal_watch& signals) {
  event_flag done;
  event_flag stop;
  // A thread of its own, because a command can wait for long. Nobody hears that
  // the node is ready who may still hear that it cannot be.
  std::thread reader{[&] {
    shell commands{self.front(), self.addresses(), processes, out};
    out.answer("ready " + to_string(self.name())
               + " port=" + std::to_string(self.port())
               + " creation=" + std::to_string(to_integer(self.life())));
    run_shell(commands, stop);
    done.raise();
  }};
  wait_for_any(done.fd(), signals.fd(), out.broken_fd());
  stop.raise();
  // Both wake a command that waits.
  out.stop_waiting();
  self.stop();
  reader.join();
  out.close();
}

result<unit> run(node_settings& settings, const signal_watch& signals) {
  if (auto good = check_configuration(settings); !good)
    return good.failure();
  output out{STDOUT_FILENO};
  shell_runtime processes{out, settings.show_origins()};
  caf::actor_system system{settings};
  auto config = settings.config();
  config.runtime = &processes;
  auto self = node::attach(system, config);
  if (!self)
    return self.failure();
  for (const auto& [name, address] : settings.peers())
    (*self)->addresses().add(name, address);
  serve(**self, processes, out, signals);
  return unit{};
}

} // namespace

int run_node(const std::vector<std::string>& arguments) {
  spare_address_space();
  node_settings settings;
  if (auto done = settings.read(arguments); !done) {
    report(done.failure());
    return status_usage;
  }
  if (settings.cli_helptext_printed)
    return 0;
  // Not before: a file of options can be a pipe into which nobody writes, and
  // until somebody waits for them, signals do what they always do.
  signal_watch signals;
  try {
    auto done = run(settings, signals);
    if (done)
      return 0;
    auto why = done.failure();
    if (why.code == errc::bad_argument) {
      report({errc::bad_option, why.detail});
      return status_usage;
    }
    report(why);
  } catch (const std::exception& why) {
    report({errc::system_limit, why.what()});
  }
  return status_failure;
}

} // namespace vigil
