# How the targets of this project are made: the same warnings, sanitizers and
# include root for each of them.

include(CheckCXXCompilerFlag)

check_cxx_compiler_flag(-fno-semantic-interposition VIGIL_NO_INTERPOSITION)

# Compile options for everything built here; nothing of it reaches a consumer.
function(vigil_target_options target)
  # What is not public is spelled from the root: "src/table/slab.hpp". First,
  # because a project around this one may have folders of the same names.
  target_include_directories(${target} BEFORE PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_options(
    ${target}
    PRIVATE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual)
  if(VIGIL_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(VIGIL_SANITIZE)
    list(JOIN VIGIL_SANITIZE "," sanitizers)
    target_compile_options(
      ${target} PRIVATE -fsanitize=${sanitizers} -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${sanitizers})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # GCC documents this warning as unreliable in instrumented code.
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
    endif()
  endif()
endfunction()

# vigil_library(<room> SOURCES <file>... LINKS <target>...
#               PRIVATE_LINKS <target>...)
#
# Makes the library vigil_<room>, known to consumers as vigil::<room>, which
# brings the room's public headers, <vigil/...>, and what they need. It is code
# for any position, because it becomes a part of shared objects, too: extensions
# of other languages. Without leave to replace single functions at load time that
# costs no instruction (docs/performance.md).
function(vigil_library room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;PRIVATE_LINKS")
  set(target vigil_${room})
  vigil_room(${room} SOURCES ${arg_SOURCES} LINKS ${arg_LINKS})
  target_link_libraries(${target} PRIVATE ${arg_PRIVATE_LINKS})
  add_library(vigil::${room} ALIAS ${target})
  set_target_properties(
    ${target} PROPERTIES EXPORT_NAME ${room} POSITION_INDEPENDENT_CODE ON)
  if(VIGIL_NO_INTERPOSITION)
    target_compile_options(${target} PRIVATE -fno-semantic-interposition)
  endif()
  target_include_directories(
    ${target} PUBLIC "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>"
                     "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
endfunction()

# vigil_room(<room> SOURCES <file>... LINKS <target>...)
#
# Makes the library vigil_<room>, for this project alone.
function(vigil_room room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  set(target vigil_${room})
  add_library(${target} STATIC ${arg_SOURCES})
  vigil_target_options(${target})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_link_libraries(${target} PUBLIC ${arg_LINKS})
endfunction()

# vigil_executable(<target> SOURCES <file>... LINKS <target>...)
function(vigil_executable target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINKS} Threads::Threads)
  vigil_target_options(${target})
endfunction()

# Precompiles CAF's headers for a target. Only a matter of build time: every file
# still includes what it uses, which the build with AddressSanitizer proves,
# because it has none. It pays where most files include most of CAF. Targets do
# not share it: code for any position needs one of its own.
function(vigil_precompile_caf target)
  if(VIGIL_PCH)
    target_precompile_headers(${target} PRIVATE <caf/all.hpp> <caf/io/all.hpp>)
    # A compiler that cannot use the file reads the headers instead.
    set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
  endif()
endfunction()
