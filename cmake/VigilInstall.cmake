# What an installed vigil consists of: the public headers, the libraries, the
# command, and a package for find_package(vigil) with vigil::messages,
# vigil::core, vigil::actors and, for tests, vigil::testkit and
# vigil::testkit_actors.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/vigil")

install(TARGETS vigil_messages vigil_core vigil_actors vigil_testkit
                vigil_testkit_actors
        EXPORT vigilTargets)
if(TARGET vigil)
  install(TARGETS vigil)
endif()
# The public headers of each room, laid together.
foreach(room messages src actors testkit)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${room}/include/"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
endforeach()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/vigilConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/vigilConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/vigilConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/vigilConfig.cmake"
        "${PROJECT_BINARY_DIR}/vigilConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/FindCAF.cmake"
  DESTINATION "${package_dir}")
install(
  EXPORT vigilTargets
  NAMESPACE vigil::
  DESTINATION "${package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}")
