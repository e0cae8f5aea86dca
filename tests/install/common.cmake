# What the scripts of this folder share. Each begins with an empty ${WORK}.
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

# Runs a command, whose failure is the test's.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# configure(<folder of this one> <option>...)
#
# Configures a project that uses vigil, in ${WORK}. It says nothing about build
# types and flags, whatever the environment says.
function(configure project)
  run("${CMAKE_COMMAND}"
      -S
      "${CMAKE_CURRENT_LIST_DIR}/${project}"
      -B
      "${WORK}"
      -G
      "${GENERATOR}"
      "-DCMAKE_CXX_COMPILER=${COMPILER}"
      -DCMAKE_CXX_FLAGS=
      -DCMAKE_BUILD_TYPE=
      -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
      ${ARGN})
endfunction()

# Stores in ${result} what is below ${folder}, in order.
function(list_files result folder)
  file(
    GLOB_RECURSE files
    LIST_DIRECTORIES false
    RELATIVE "${folder}"
    "${folder}/*")
  list(SORT files)
  set(${result}
      "${files}"
      PARENT_SCOPE)
endfunction()

# Fails unless two lists hold the same.
function(expect_equal what expected found)
  if(expected STREQUAL found)
    return()
  endif()
  set(missing ${expected})
  list(REMOVE_ITEM missing ${found})
  set(extra ${found})
  list(REMOVE_ITEM extra ${expected})
  message(FATAL_ERROR "${what}: missing: ${missing}; too many: ${extra}")
endfunction()
