#pragma once

// All of vigil that needs no header of CAF.

#include <vigil/control_message.hpp>
#include <vigil/core/control_driver.hpp>
#include <vigil/core/control_effect.hpp>
#include <vigil/core/control_event.hpp>
#include <vigil/core/control_plane.hpp>
#include <vigil/core/limits.hpp>
#include <vigil/core/monitor.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/recording_transport.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/core/transport.hpp>
#include <vigil/creation.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/farewell.hpp>
#include <vigil/log.hpp>
#include <vigil/node.hpp>
#include <vigil/node_name.hpp>
#include <vigil/notices.hpp>
#include <vigil/opcode.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/process_table.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>
#include <vigil/target.hpp>
