#pragma once

/// The consumer's own idea of a pid, for which it has a header of this name.
struct consumer_pid {
  int number = 0;
};
