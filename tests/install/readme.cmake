# The program that the README shows, with what it leaves to the reader.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(READ "${SOURCE}/README.md" text)
if(NOT text MATCHES "```cpp\n([^`]*)\n```")
  message(FATAL_ERROR "no program in README.md")
endif()
set(program "${CMAKE_MATCH_1}")
# The first blank line ends what stands outside of functions.
string(FIND "${program}" "\n\n" blank)
string(SUBSTRING "${program}" 0 ${blank} head)
string(SUBSTRING "${program}" ${blank} -1 body)
configure_file("${CMAKE_CURRENT_LIST_DIR}/readme.cpp.in" "${WORK}/readme.cpp"
               @ONLY)
run("${COMPILER}" -std=c++17 -Wall -Wextra -Werror -fsyntax-only -isystem
    "${INCLUDE}" "${WORK}/readme.cpp")
