#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigil::bench {

/// One end of a TCP connection over loopback that carries numbers of four
/// bytes, in writes and reads of 8 KiB at most. Throws a `failure` if it
/// cannot.
///
/// Thread-safety: none.
class number_stream {
public:
  /// Takes over a socket that is connected.
  explicit number_stream(int socket);

  number_stream(const number_stream&) = delete;

  number_stream& operator=(const number_stream&) = delete;

  ~number_stream();

  /// Adds a number to the next write, and writes if it is full.
  void put(uint32_t x) {
    outgoing_.push_back(x);
    if (outgoing_.size() == max_at_once)
      flush();
  }

  /// Writes what was put.
  void flush();

  /// Waits for numbers and returns at most `limit` of them, valid until the
  /// next call; none if the other end is closed.
  const std::vector<uint32_t>& get(size_t limit);

  /// Waits for one number, which must come.
  uint32_t get_one();

  /// Returns how long the socket's calls have used a processor.
  std::chrono::nanoseconds spent() const noexcept {
    return spent_;
  }

private:
  static constexpr size_t max_at_once = 8192 / sizeof(uint32_t);

  /// Reads up to `size` bytes; returns how many came.
  size_t read(char* first, size_t size);

  int socket_;
  std::vector<uint32_t> outgoing_;
  std::vector<uint32_t> incoming_;
  std::chrono::nanoseconds spent_{0};
};

} // namespace vigil::bench
