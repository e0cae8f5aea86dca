# Each installed header compiles as the only include of a file, and what the
# compiler read for it, by its own account, has no header of Abseil, and of CAF
# only where that is the header's purpose.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(bound_to_caf
    vigil/actors.hpp vigil/caf.hpp vigil/control_plane_handle.hpp
    vigil/exit_mapping.hpp vigil/process_registry.hpp
    vigil/testkit_actors.hpp vigil/testkit/actor_node.hpp)

# Stores in ${result} the paths of what the compiler reads for a header.
function(compile_alone result header)
  file(WRITE "${WORK}/alone.cpp" "#include <${header}>\n")
  run("${COMPILER}"
      -std=c++17
      -fsyntax-only
      -isystem
      "${INCLUDE}"
      -MD
      -MF
      "${WORK}/alone.d"
      "${WORK}/alone.cpp")
  file(READ "${WORK}/alone.d" read)
  # Our own prefix may lie in a folder of any name; make reads a blank in one
  # only behind a backslash.
  string(REPLACE "\\ " " " read "${read}")
  string(REPLACE "${INCLUDE}/" "<>" read "${read}")
  set(${result}
      "${read}"
      PARENT_SCOPE)
endfunction()

list_files(headers "${INCLUDE}")
foreach(header IN LISTS headers)
  compile_alone(read "${header}")
  if(NOT read MATCHES "<>${header}")
    message(FATAL_ERROR "no <${header}> in what the compiler read: ${read}")
  endif()
  if(read MATCHES "/absl/")
    message(FATAL_ERROR "<${header}> reads headers of Abseil")
  endif()
  if(header IN_LIST bound_to_caf)
    if(NOT read MATCHES "/caf/")
      message(FATAL_ERROR "<${header}> needs no CAF any more: say so here")
    endif()
  elseif(read MATCHES "/caf/")
    message(FATAL_ERROR "<${header}> reads headers of CAF")
  endif()
endforeach()

# Whoever includes an umbrella has everything that belongs below it.
compile_alone(read_actors vigil/actors.hpp)
compile_alone(read_testkit vigil/testkit.hpp)
compile_alone(read_testkit_actors vigil/testkit_actors.hpp)
foreach(header IN LISTS headers)
  set(umbrellas testkit_actors)
  if(NOT header MATCHES "testkit")
    list(APPEND umbrellas actors)
  elseif(NOT header IN_LIST bound_to_caf)
    list(APPEND umbrellas testkit)
  endif()
  foreach(umbrella IN LISTS umbrellas)
    string(FIND "${read_${umbrella}}" "<>${header}" position)
    if(position EQUAL -1)
      message(FATAL_ERROR "<vigil/${umbrella}.hpp> does not bring <${header}>")
    endif()
  endforeach()
endforeach()
