# The consumer with vigil as a part of its own project: all of both is
# configured; what needs CAF is not built, because that takes a minute.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# Looks at the commands that compile the two projects: fails unless those of
# vigil hold `of_vigil`, those of the consumer `of_consumer`, and there are files
# of the libraries alone.
function(expect_flags of_consumer of_vigil)
  file(READ "${WORK}/compile_commands.json" commands)
  string(JSON count LENGTH "${commands}")
  math(EXPR last "${count} - 1")
  set(parts)
  foreach(i RANGE ${last})
    string(JSON file GET "${commands}" ${i} file)
    string(JSON command GET "${commands}" ${i} command)
    string(REGEX MATCHALL " -O[^ ]*" flags "${command}")
    cmake_path(IS_PREFIX CMAKE_CURRENT_LIST_DIR "${file}" own)
    cmake_path(IS_PREFIX WORK "${file}" generated)
    if(own)
      list(APPEND parts consumer)
      expect_equal("flags of ${file}" "${of_consumer}" "${flags}")
    elseif(NOT generated)
      cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${SOURCE}")
      string(REGEX REPLACE "/.*" "" room "${file}")
      list(APPEND parts ${room})
      expect_equal("flags of ${file}" "${of_vigil}" "${flags}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES parts)
  list(SORT parts)
  expect_equal("parts of the build" "actors;consumer;messages;src;testkit" "${parts}")
endfunction()

# Whatever name an internal header of vigil has, the consumer has one of that
# name as well, which must not find its way into vigil.
set(doubles "${WORK}/doubles")
foreach(room messages src actors testkit)
  list_files(files "${SOURCE}/${room}")
  list(FILTER files INCLUDE REGEX "\\.hpp$")
  list(FILTER files EXCLUDE REGEX "^include/")
  foreach(file IN LISTS files)
    file(WRITE "${doubles}/${room}/${file}" "#error \"not a header of vigil\"\n")
  endforeach()
endforeach()

# A consumer that says nothing of build types gets a vigil that is optimized.
configure(consumer "-DVIGIL_SOURCE=${SOURCE}" "-DDOUBLES=${doubles}")
expect_flags("" " -O3")

# What it says goes for vigil too.
configure(consumer -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0)
expect_flags(" -O0" " -O0")

run("${CMAKE_COMMAND}" --build "${WORK}" --target core_consumer)
run("${WORK}/core_consumer")

# The consumer installs its own program, and nothing of vigil.
run("${CMAKE_COMMAND}" --install "${WORK}" --prefix "${WORK}/prefix")
list_files(installed "${WORK}/prefix")
expect_equal("installed by the consumer" bin/core_consumer "${installed}")

# It may use another compiler and a later standard.
find_program(CLANG clang++-14)
if(CLANG)
  set(WORK "${WORK}/clang")
  set(COMPILER "${CLANG}")
  configure(consumer "-DVIGIL_SOURCE=${SOURCE}" -DCMAKE_CXX_STANDARD=20)
  run("${CMAKE_COMMAND}" --build "${WORK}" --target core_consumer)
  run("${WORK}/core_consumer")
else()
  message("clang++-14 is not here")
endif()
