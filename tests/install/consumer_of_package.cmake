# The consumer, built against the installed package alone: by the compiler of this
# build and by Clang, if it is there, with C++17 and with C++20.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

find_program(CLANG clang++-14)
set(compilers "${COMPILER}")
if(CLANG)
  list(APPEND compilers "${CLANG}")
else()
  message("clang++-14 is not here")
endif()
foreach(COMPILER IN LISTS compilers)
  foreach(standard 17 20)
    file(REMOVE_RECURSE "${WORK}")
    configure(consumer "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DVIGIL=${VERSION}"
              "-DCMAKE_CXX_STANDARD=${standard}")
    run("${CMAKE_COMMAND}" --build "${WORK}")
    run("${WORK}/core_consumer")
    run("${WORK}/test_consumer")
    run("${WORK}/node_consumer")
  endforeach()
endforeach()
