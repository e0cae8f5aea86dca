# Runs a test of the kit twice for each of some seeds, each in a process of its
# own, and fails unless both have printed the same transcript, byte by byte.
cmake_minimum_required(VERSION 3.22)

function(transcript result seed)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env VIGIL_SEED=${seed} "${PROGRAM}"
            "--test-case=in bad weather*"
    OUTPUT_QUIET
    ERROR_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  if(NOT text MATCHES "nodeup b")
    message(FATAL_ERROR "seed ${seed} has no transcript: ${text}")
  endif()
  set(${result}
      "${text}"
      PARENT_SCOPE)
endfunction()

foreach(seed RANGE 1 ${SEEDS})
  transcript(first ${seed})
  transcript(second ${seed})
  if(NOT first STREQUAL second)
    message(FATAL_ERROR "seed ${seed} differs:\n${first}\n--\n${second}")
  endif()
endforeach()
