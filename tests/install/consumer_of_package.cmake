# The consumer, built against the installed package alone.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

configure(consumer "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DVIGIL=${VERSION}")
run("${CMAKE_COMMAND}" --build "${WORK}")
run("${WORK}/core_consumer")
run("${WORK}/node_consumer")
