#[[
FindCAF
-------

Finds the C++ Actor Framework. CAF's own package is used where there is one;
otherwise, as on Debian and Ubuntu, whose libcaf-dev ships none for 0.17, the
headers and libraries are looked up here.

Components: core, io, openssl; name each that is used. Without a list, core and
io.

Imported targets: CAF::core, CAF::io, CAF::openssl
Variables:        CAF_FOUND, CAF_VERSION
Hints:            CAF_ROOT (a prefix), CAF_INCLUDE_DIR, CAF_<COMPONENT>_LIBRARY
#]]

include(FindPackageHandleStandardArgs)

if(NOT CAF_FIND_COMPONENTS)
  set(CAF_FIND_COMPONENTS core io)
  set(CAF_FIND_REQUIRED_core TRUE)
  set(CAF_FIND_REQUIRED_io TRUE)
endif()

find_package(CAF ${CAF_FIND_VERSION_COMPLETE} CONFIG QUIET
             COMPONENTS ${CAF_FIND_COMPONENTS})
if(CAF_FOUND)
  foreach(component IN LISTS CAF_FIND_COMPONENTS)
    if(TARGET CAF::${component})
      set(CAF_${component}_FOUND TRUE)
    endif()
  endforeach()
  find_package_handle_standard_args(CAF CONFIG_MODE HANDLE_VERSION_RANGE
                                    HANDLE_COMPONENTS)
  return()
endif()

find_path(CAF_INCLUDE_DIR NAMES caf/config.hpp)
mark_as_advanced(CAF_INCLUDE_DIR)

# CAF_VERSION in the header is one number: 1706 is 0.17.6.
unset(CAF_VERSION)
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" line
       REGEX "^#define CAF_VERSION [0-9]+" LIMIT_COUNT 1)
  if(line MATCHES "CAF_VERSION ([0-9]+)")
    math(EXPR major "${CMAKE_MATCH_1} / 10000")
    math(EXPR minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${major}.${minor}.${patch}")
  endif()
endif()

set(required_variables CAF_INCLUDE_DIR)
foreach(component IN LISTS CAF_FIND_COMPONENTS)
  string(TOUPPER ${component} upper)
  find_library(CAF_${upper}_LIBRARY NAMES caf_${component})
  mark_as_advanced(CAF_${upper}_LIBRARY)
  if(CAF_INCLUDE_DIR AND CAF_${upper}_LIBRARY)
    set(CAF_${component}_FOUND TRUE)
  endif()
  if(CAF_FIND_REQUIRED_${component})
    list(APPEND required_variables CAF_${upper}_LIBRARY)
  endif()
endforeach()

find_package_handle_standard_args(
  CAF
  REQUIRED_VARS ${required_variables}
  VERSION_VAR CAF_VERSION
  HANDLE_VERSION_RANGE HANDLE_COMPONENTS)

if(CAF_FOUND)
  foreach(component IN LISTS CAF_FIND_COMPONENTS)
    if(CAF_${component}_FOUND AND NOT TARGET CAF::${component})
      string(TOUPPER ${component} upper)
      add_library(CAF::${component} UNKNOWN IMPORTED)
      # An imported target's headers are system headers to the compiler.
      set_target_properties(
        CAF::${component}
        PROPERTIES IMPORTED_LOCATION "${CAF_${upper}_LIBRARY}"
                   INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
      if(NOT component STREQUAL "core" AND TARGET CAF::core)
        set_property(
          TARGET CAF::${component}
          APPEND
          PROPERTY INTERFACE_LINK_LIBRARIES CAF::core)
      endif()
      if(component STREQUAL "openssl" AND TARGET CAF::io)
        set_property(
          TARGET CAF::openssl
          APPEND
          PROPERTY INTERFACE_LINK_LIBRARIES CAF::io)
      endif()
    endif()
  endforeach()
endif()
