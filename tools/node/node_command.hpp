#pragma once

#include <string>
#include <vector>

namespace vigil {

/// Exit statuses of the command.
/// A node could not start, or a demo did not see what it expected.
inline constexpr int status_failure = 1;
/// The command line was not understood.
inline constexpr int status_usage = 2;

/// Runs a node that takes commands from standard input and answers on standard
/// output, until it is told to end. Returns the exit status.
int run_node(const std::vector<std::string>& arguments);

} // namespace vigil
