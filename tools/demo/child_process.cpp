#include "tools/demo/child_process.hpp"

#include <vigil/errc.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <initializer_list>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace vigil {

namespace {

/// Both ends of a pipe; -1 where there is none.
struct pipe_ends {
  descriptor reading;
  descriptor writing;
};

pipe_ends make_pipe() {
  int fds[] = {-1, -1};
  [[maybe_unused]] auto made = pipe2(fds, O_CLOEXEC);
  return {descriptor{fds[0]}, descriptor{fds[1]}};
}

/// What the child needs of its parent, all made before the fork: between fork
/// and exec nothing may allocate.
struct plan {
  char* const* arguments;
  int input;
  int output;
  int errors;
  int failure;
  pid_t parent;
};

/// Runs in the child.
[[noreturn]] void become(const plan& x) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != x.parent)
    _exit(127);
  // The parent may ignore or block what the child shall see.
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(x.input, STDIN_FILENO);
  dup2(x.output, STDOUT_FILENO);
  dup2(x.errors, STDERR_FILENO);
  execv(x.arguments[0], x.arguments);
  auto code = errno;
  [[maybe_unused]] auto written = write(x.failure, &code, sizeof(code));
  _exit(127);
}

/// Returns the error number that a child left, 0 if it became its program.
int read_failure(int fd) {
  int code = 0;
  ssize_t count = 0;
  do {
    count = read(fd, &code, sizeof(code));
  } while (count < 0 && errno == EINTR);
  return count == sizeof(code) ? code : 0;
}

int to_milliseconds(child_process::clock::duration span) {
  auto count = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  return static_cast<int>(std::clamp<decltype(count)>(count, 0, 1 << 30));
}

error system_error_of(int code) {
  return {errc::system_limit, std::generic_category().message(code)};
}

} // namespace

result<child_process>
child_process::start(const std::string& program,
                     const std::vector<std::string>& arguments) {
  auto in = make_pipe();
  auto out = make_pipe();
  auto failure = make_pipe();
  descriptor errors{memfd_create("standard-error", MFD_CLOEXEC)};
  for (auto fd : {in.reading.get(), out.reading.get(), failure.reading.get(),
                  errors.get()})
    if (fd < 0)
      return system_error_of(errno);
  std::vector<std::string> texts{program};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  plan x{pointers.data(), in.reading.get(),      out.writing.get(),
         errors.get(),    failure.writing.get(), getpid()};
  auto id = fork();
  if (id < 0)
    return system_error_of(errno);
  if (id == 0)
    become(x);
  // From here on only the child has its ends: they close when it does.
  in.reading.reset();
  out.writing.reset();
  failure.writing.reset();
  child_process child;
  child.id_ = id;
  child.end_.reset(static_cast<int>(syscall(SYS_pidfd_open, id, 0)));
  if (child.end_.get() < 0)
    return system_error_of(errno);
  fcntl(in.writing.get(), F_SETFL, O_NONBLOCK);
  fcntl(out.reading.get(), F_SETFL, O_NONBLOCK);
  child.input_ = std::move(in.writing);
  child.output_ = std::move(out.reading);
  child.errors_ = std::move(errors);
  if (auto code = read_failure(failure.reading.get()))
    return error{errc::bad_argument,
                 program + ": " + std::generic_category().message(code)};
  return child;
}

child_process::child_process(child_process&& other) noexcept
  : id_(std::exchange(other.id_, -1)),
    input_(std::move(other.input_)),
    output_(std::move(other.output_)),
    errors_(std::move(other.errors_)),
    end_(std::move(other.end_)),
    status_(other.status_) {
  // nop
}

child_process::~child_process() {
  if (id_ < 0)
    return;
  signal(SIGKILL);
  while (!status_)
    collect();
}

std::string child_process::errors() const {
  std::string result;
  char chunk[4096];
  for (off_t at = 0;;) {
    auto count = pread(errors_.get(), chunk, sizeof(chunk), at);
    if (count <= 0)
      return result;
    result.append(chunk, static_cast<size_t>(count));
    at += count;
  }
}

void child_process::signal(int number) noexcept {
  if (!status_)
    kill(id_, number);
}

std::optional<int> child_process::wait(clock::time_point deadline) {
  while (!status_) {
    pollfd fd{end_.get(), POLLIN, 0};
    auto now = clock::now();
    // Nobody has a reason to wait for longer than an hour.
    auto span = std::min<clock::duration>(deadline - std::min(now, deadline),
                                          std::chrono::hours{1});
    auto ready = poll(&fd, 1, to_milliseconds(span));
    if (ready == 0 && now >= deadline)
      return std::nullopt;
    if (ready > 0)
      collect();
  }
  return status_;
}

void child_process::collect() noexcept {
  int status = 0;
  if (waitpid(id_, &status, 0) == id_)
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  else if (errno != EINTR)
    status_ = -1;
}

} // namespace vigil
