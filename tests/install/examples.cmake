# The examples, as programs that have nothing but the package; those that are
# tests with each framework.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

configure(examples "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DVIGIL=${VERSION}"
          "-DEXAMPLES=${SOURCE}/examples")
run("${CMAKE_COMMAND}" --build "${WORK}")
file(GLOB sources "${SOURCE}/examples/*.cpp")
foreach(source IN LISTS sources)
  cmake_path(GET source STEM name)
  run("${WORK}/${name}")
  if(name MATCHES "_test$")
    run("${WORK}/${name}_catch2")
    run("${WORK}/${name}_gtest")
  endif()
endforeach()
