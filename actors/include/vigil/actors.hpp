#pragma once

// All of vigil, for programs whose processes are actors of CAF.

#include <vigil/caf.hpp>
#include <vigil/control_plane_handle.hpp>
#include <vigil/exit_mapping.hpp>
#include <vigil/monitor_set.hpp>
#include <vigil/process_registry.hpp>
#include <vigil/vigil.hpp>
