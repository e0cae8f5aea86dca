# Installs the build tree to a fresh prefix, against which the others build.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(REMOVE_RECURSE "${PREFIX}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${PREFIX}")

set(public)
foreach(room messages src actors testkit)
  list_files(headers "${SOURCE}/${room}/include")
  list(APPEND public ${headers})
endforeach()
list(SORT public)
list_files(installed "${INCLUDE}")
expect_equal("below include/" "${public}" "${installed}")
