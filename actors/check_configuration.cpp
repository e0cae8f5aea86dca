// What an actor system's configuration must be like for a node to live there.

#include "actors/check_configuration.hpp"

#include <vigil/node.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/settings.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

namespace vigil {

namespace {

/// CAF keeps no larger numbers, and takes its default where it was given one.
constexpr uint64_t unbounded = std::numeric_limits<int64_t>::max();

/// The values of an option with which CAF neither hangs nor crashes.
struct number_bounds {
  const char* option;
  uint64_t least;
  uint64_t most;
};

constexpr number_bounds numbers[] = {
  {"scheduler.max-threads", 1, 1024},
  {"scheduler.max-throughput", 1, unbounded},
  {"middleman.workers", 0, 1024},
  {"middleman.max-consecutive-reads", 1, unbounded},
  {"work-stealing.aggressive-poll-attempts", 0, unbounded},
  {"work-stealing.aggressive-steal-interval", 1, unbounded},
  {"work-stealing.moderate-poll-attempts", 0, unbounded},
  {"work-stealing.moderate-steal-interval", 1, unbounded},
  {"work-stealing.relaxed-steal-interval", 1, unbounded},
};

/// Options for how long a worker sleeps. It neither works nor ends meanwhile.
constexpr const char* sleeps[] = {
  "work-stealing.moderate-sleep-duration",
  "work-stealing.relaxed-sleep-duration",
};

/// How long all workers together may sleep: they end one after another, each
/// once it is awake.
constexpr caf::timespan longest_sleep{std::chrono::seconds{2}};

struct choice {
  const char* option;
  std::vector<std::string> words;
};

error refuse(const std::string& option, const std::string& why) {
  return {errc::bad_argument, option + ' ' + why};
}

/// Returns whether an option is set to something else than a `T` for which
/// `good` holds: CAF takes its default in place of another type.
template <class T, class Predicate>
bool is_bad(const caf::settings& x, const std::string& option, Predicate good) {
  auto entry = caf::get_if(&x, option);
  if (entry == nullptr)
    return false;
  auto value = caf::get_if<T>(entry);
  return !value || !good(*value);
}

uint64_t num_workers(const caf::settings& x) {
  constexpr uint64_t least_default = 4;
  return caf::get_or(x, "scheduler.max-threads",
                     std::max(uint64_t{std::thread::hardware_concurrency()},
                              least_default));
}

std::optional<error> check_numbers(const caf::settings& x) {
  for (const auto& bounds : numbers)
    if (is_bad<uint64_t>(x, bounds.option, [&](uint64_t value) {
          return value >= bounds.least && value <= bounds.most;
        }))
      return refuse(bounds.option, "is a number from "
                                     + std::to_string(bounds.least) + " to "
                                     + std::to_string(bounds.most));
  return std::nullopt;
}

/// To be asked once the number of workers is known to be good.
std::optional<error> check_sleeps(const caf::settings& x) {
  auto workers = num_workers(x);
  auto longest = longest_sleep / static_cast<int64_t>(workers);
  for (auto option : sleeps)
    if (is_bad<caf::timespan>(x, option, [&](caf::timespan value) {
          return value >= caf::timespan{0} && value <= longest;
        }))
      return refuse(option,
                    "is at least 0s and, with " + std::to_string(workers)
                      + " workers, at most 2s / " + std::to_string(workers));
  return std::nullopt;
}

/// CAF has others, for tests, with which nothing runs by itself.
std::optional<error> check_choices(const caf::settings& x) {
  const choice choices[] = {
    {"scheduler.policy", {"sharing", "stealing"}},
    {"middleman.network-backend", {"default"}},
  };
  for (const auto& [option, words] : choices) {
    auto is_one = [&words = words](caf::atom_value value) {
      return std::find(words.begin(), words.end(), to_string(value))
             != words.end();
    };
    if (!is_bad<caf::atom_value>(x, option, is_one))
      continue;
    auto why = "is " + words.front();
    for (size_t i = 1; i < words.size(); ++i)
      why += " or " + words[i];
    return refuse(option, why);
  }
  if (caf::get_or(x, "middleman.manual-multiplexing", false))
    return refuse("middleman.manual-multiplexing",
                  "leaves the sockets to nobody");
  auto groups
    = caf::get_if<std::vector<std::string>>(&x, "middleman.app-identifiers");
  if (groups && groups->empty())
    return refuse("middleman.app-identifiers", "names none");
  return std::nullopt;
}

/// How many threads an actor system starts at once: the workers, the clock, the
/// multiplexer, the logger, two utility actors; and those of a caller, a dial
/// and its lookup.
size_t threads_of(const caf::settings& x) {
  constexpr size_t others = 8;
  return static_cast<size_t>(num_workers(x)) + others;
}

/// What a node and an actor system without work need beside the stacks of their
/// threads, with room to spare.
constexpr size_t memory_needed = size_t{96} * 1024 * 1024;

/// What the threads of a node and of CAF have ample room in.
constexpr size_t stack_needed = size_t{256} * 1024;

/// Says whether threads get stacks that are too small: nothing else would but
/// their end.
std::optional<error> check_stacks() {
  pthread_attr_t defaults;
  size_t size = 0;
  if (::pthread_getattr_default_np(&defaults) != 0)
    return std::nullopt;
  ::pthread_attr_getstacksize(&defaults, &size);
  ::pthread_attr_destroy(&defaults);
  if (size >= stack_needed)
    return std::nullopt;
  return error{errc::system_limit, "the threads of a node need stacks of "
                                     + std::to_string(stack_needed / 1024)
                                     + " KiB, not "
                                     + std::to_string(size / 1024) + " KiB"};
}

/// Threads that are all there at once, and end with it.
class trial_threads {
public:
  ~trial_threads() {
    all_run_.set_value();
    for (auto& x : threads_)
      x.join();
  }

  /// Throws what the system and the library throw who cannot.
  void start(size_t count) {
    threads_.reserve(count);
    while (threads_.size() < count) {
      std::promise<void> running;
      auto runs = running.get_future();
      threads_.emplace_back([go = go_, running = std::move(running)]() mutable {
        // The C library may give each thread a heap of its own with its first
        // allocation, and address space with it.
        void* volatile first = std::malloc(1);
        running.set_value();
        go.wait();
        std::free(first);
      });
      runs.wait();
    }
  }

private:
  std::promise<void> all_run_;
  std::shared_future<void> go_{all_run_.get_future()};
  std::vector<std::thread> threads_;
};

/// What a node and its actor system open before anybody connects, and a
/// caller's few.
constexpr size_t descriptors_needed = 8;

/// Takes the descriptors, and gives them back: without one of them CAF ends the
/// whole program.
std::optional<error> try_descriptors() {
  std::array<int, descriptors_needed> taken{};
  auto failure = 0;
  for (auto& fd : taken) {
    fd = ::eventfd(0, EFD_CLOEXEC);
    if (fd < 0)
      failure = errno;
  }
  for (auto fd : taken)
    if (fd >= 0)
      ::close(fd);
  if (failure == 0)
    return std::nullopt;
  return error{errc::system_limit,
               "a node needs " + std::to_string(descriptors_needed)
                 + " descriptors: " + std::generic_category().message(failure)};
}

/// Starts and ends as many threads as an actor system has, which cannot be
/// ended any more when it misses one, and takes and gives back the memory.
std::optional<error> try_system(size_t num_threads) {
  const error too_little{errc::system_limit,
                         "a node needs more memory than this program may have"};
  trial_threads threads;
  try {
    threads.start(num_threads);
  } catch (const std::system_error& why) {
    return error{errc::system_limit, "a node needs "
                                       + std::to_string(num_threads)
                                       + " threads: " + why.code().message()};
  } catch (const std::bad_alloc&) {
    return too_little;
  }
  auto memory = ::mmap(nullptr, memory_needed, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return too_little;
  ::munmap(memory, memory_needed);
  return std::nullopt;
}

} // namespace

error check_options(const caf::actor_system_config& x) {
  const auto& options = content(x);
  if (auto why = check_numbers(options))
    return *why;
  if (auto why = check_sleeps(options))
    return *why;
  if (auto why = check_choices(options))
    return *why;
  return {errc::none, {}};
}

result<unit> check_configuration(const caf::actor_system_config& x) {
  if (auto why = check_options(x); why.code != errc::none)
    return why;
  if (auto why = check_stacks())
    return *why;
  if (auto why = try_descriptors())
    return *why;
  if (auto why = try_system(threads_of(content(x))))
    return *why;
  return unit{};
}

} // namespace vigil
