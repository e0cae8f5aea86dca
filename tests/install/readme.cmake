# The programs that the README and docs/testing.md show, built as they say and
# run: by the compiler of this build and C++17, and by Clang, if it is there, and
# C++20.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Stores in ${result} the content of the code block of this language that comes
# first in `text` behind the text `after`.
function(code_block result text after language)
  string(FIND "${text}" "${after}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "no '${after}' in the document")
  endif()
  string(SUBSTRING "${text}" ${position} -1 rest)
  if(NOT rest MATCHES "```${language}\n([^`]*)```")
    message(FATAL_ERROR "no ${language} behind '${after}' in the document")
  endif()
  set(${result}
      "${CMAKE_MATCH_1}"
      PARENT_SCOPE)
endfunction()

# write_program(<folder> <document> <block>...)
#
# Writes files of code blocks, each named as <file>=<text before it>=<language>.
function(write_program folder document)
  # As lists, the lines would lose their semicolons and brackets.
  file(READ "${SOURCE}/${document}" text)
  string(REPLACE ";" "<semicolon>" text "${text}")
  string(REPLACE "[" "<bracket>" text "${text}")
  string(REPLACE "]" "<end>" text "${text}")
  foreach(block IN LISTS ARGN)
    string(REGEX MATCH "^([^=]*)=([^=]*)=([^=]*)$" matched "${block}")
    set(name "${CMAKE_MATCH_1}")
    set(language "${CMAKE_MATCH_3}")
    code_block(content "${text}" "${CMAKE_MATCH_2}" "${language}")
    string(REPLACE "<semicolon>" ";" content "${content}")
    string(REPLACE "<bracket>" "[" content "${content}")
    string(REPLACE "<end>" "]" content "${content}")
    if(document STREQUAL README.md AND language STREQUAL cpp)
      string(REGEX MATCHALL "\n" lines "${content}")
      list(LENGTH lines count)
      if(count GREATER 30)
        message(FATAL_ERROR "${name} in ${document} has ${count} lines")
      endif()
    endif()
    file(WRITE "${WORK}/${folder}/${name}" "${content}")
  endforeach()
endfunction()

write_program(
  "first program" README.md "CMakeLists.txt=## In a program=cmake"
  "actors.cpp=: `actors.cpp`=cpp" "runtime.cpp=: `runtime.cpp`=cpp"
  "cut.cpp=: `cut.cpp`=cpp")
write_program(
  "first test" docs/testing.md "CMakeLists.txt=## From an empty folder=cmake"
  "my_test.cpp=## From an empty folder=cpp" "my_runtime_test.cpp=## A runtime=cpp")
file(APPEND "${WORK}/first test/CMakeLists.txt"
     "add_executable(my_runtime_test my_runtime_test.cpp)
target_link_libraries(my_runtime_test PRIVATE vigil::testkit)
")

# build(<result> <folder> <compiler> <standard>)
#
# Builds what lies in a folder; <result> is where.
function(build result folder compiler standard)
  set(build "${WORK}/${folder} ${standard}")
  run("${CMAKE_COMMAND}" -S "${WORK}/${folder}" -B "${build}" -G "${GENERATOR}"
      "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DCMAKE_CXX_COMPILER=${compiler}"
      "-DCMAKE_CXX_STANDARD=${standard}"
      "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
  run("${CMAKE_COMMAND}" --build "${build}")
  set(${result}
      "${build}"
      PARENT_SCOPE)
endfunction()

# build_and_run(<compiler> <standard>)
function(build_and_run compiler standard)
  build(folder "first program" "${compiler}" "${standard}")
  run("${CMAKE_CURRENT_LIST_DIR}/run_readme_programs" "${folder}"
      "${PREFIX}/bin/vigil")
  build(folder "first test" "${compiler}" "${standard}")
  run("${folder}/my_test")
  run("${folder}/my_runtime_test")
endfunction()

build_and_run("${COMPILER}" 17)
find_program(CLANG clang++-14)
if(CLANG)
  build_and_run("${CLANG}" 20)
else()
  message("clang++-14 is not here")
endif()
