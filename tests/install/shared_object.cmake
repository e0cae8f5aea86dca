# Shared objects out of vigil::actors, loaded by a program of C, which has neither
# C++ nor vigil, and by Python where there is one. Two in one program have nothing
# to do with each other.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

configure(shared_object "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DVIGIL=${VERSION}")
run("${CMAKE_COMMAND}" --build "${WORK}")
run("${WORK}/host" "${WORK}/one.so" "${WORK}/other.so")

find_program(python python3)
if(python)
  set(load "import ctypes, sys"
           "sys.exit(ctypes.CDLL(sys.argv[1]).run_a_node())")
  list(JOIN load "\n" program)
  run("${python}" -c "${program}" "${WORK}/one.so")
else()
  message("no Python is here")
endif()
