# How the targets of this project are made: the same warnings, sanitizers and
# include root for each of them.

# Compile options for everything built here; nothing of it reaches a consumer.
function(vigil_target_options target)
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

# vigil_library(<room> SOURCES <file>... LINKS <target>...)
#
# Makes the library vigil_<room>, known to consumers as vigil::<room>. A room
# without a source file yet becomes a header-only library.
function(vigil_library room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  set(target vigil_${room})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    vigil_target_options(${target})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(vigil::${room} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${room})
  target_compile_features(${target} ${scope} cxx_std_17)
  target_link_libraries(${target} ${scope} ${arg_LINKS})
  # Includes are spelled from the root: "messages/pid.hpp". Installed headers
  # keep their folders below include/vigil, so the same spelling works there.
  target_include_directories(
    ${target}
    ${scope} "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/vigil>")
endfunction()

# vigil_executable(<target> SOURCES <file>... LINKS <target>...)
function(vigil_executable target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINKS} Threads::Threads)
  vigil_target_options(${target})
endfunction()

# Precompiles CAF's headers for a target, once for all targets that ask. Only a
# matter of build time: every file still includes what it uses, which the static
# analysis proves, because it runs without.
function(vigil_precompile_caf target)
  get_target_property(type ${target} TYPE)
  if(NOT VIGIL_PCH OR type STREQUAL "INTERFACE_LIBRARY")
    return()
  endif()
  # A compiler that cannot use the file reads the headers instead.
  set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
  get_property(first GLOBAL PROPERTY vigil_caf_pch)
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE <caf/all.hpp> <caf/io/all.hpp>)
    set_property(GLOBAL PROPERTY vigil_caf_pch ${target})
  endif()
endfunction()
