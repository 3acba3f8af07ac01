# What `cmake --install` puts where, and the .deb that CPack makes of it.
#
#   bin/lathe  libexec/lathe/      the program and its readers
#   lib/lathe/  include/lathe/     the libraries and their headers
#   lib/cmake/Lathe/               find_package(Lathe): lathe_add_plugin, lathe_add_rtl_model
#   share/lathe/                   targets, schemas, the vocabulary of descriptions, templates
include(CMakePackageConfigHelpers)

# A library with the headers of the current source folder.
function(lathe_install_library name)
  target_include_directories(${name} INTERFACE $<INSTALL_INTERFACE:include/lathe>)
  target_include_directories(${name} SYSTEM INTERFACE $<INSTALL_INTERFACE:${LLVM_INCLUDE_DIRS}>)
  target_compile_features(${name} INTERFACE cxx_std_20)
  install(TARGETS ${name} EXPORT LatheLibraries DESTINATION lib/lathe)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB headers CONFIGURE_DEPENDS *.h *.def)
  install(FILES ${headers} DESTINATION include/lathe/${folder})
endfunction()

function(lathe_install_sdk)
  install(TARGETS lathe EXPORT LatheTools DESTINATION bin)
  install(EXPORT LatheTools NAMESPACE Lathe:: DESTINATION lib/cmake/Lathe)
  install(EXPORT LatheLibraries NAMESPACE Lathe:: DESTINATION lib/cmake/Lathe)
  configure_package_config_file(sdk/cmake/LatheConfig.cmake.in ${CMAKE_BINARY_DIR}/LatheConfig.cmake
                                INSTALL_DESTINATION lib/cmake/Lathe)
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/LatheConfigVersion.cmake
                                   COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_BINARY_DIR}/LatheConfig.cmake ${CMAKE_BINARY_DIR}/LatheConfigVersion.cmake
                sdk/cmake/LatheRtlModel.cmake sdk/cmake/LathePlugin.cmake DESTINATION lib/cmake/Lathe)
  install(FILES simulators/rtl/runtime/LatheModel.h DESTINATION include/lathe)
  install(DIRECTORY sdk/include/ DESTINATION share/lathe/include FILES_MATCHING PATTERN "*.td")
  install(DIRECTORY sdk/schema/ DESTINATION share/lathe/schema FILES_MATCHING PATTERN "*.json")
  install(DIRECTORY targets DESTINATION share/lathe)
  if(EXISTS ${CMAKE_SOURCE_DIR}/sdk/templates)
    install(DIRECTORY sdk/templates DESTINATION share/lathe)
  endif()
endfunction()

execute_process(COMMAND ${LATHE_LLVM_CONFIG} --libdir OUTPUT_VARIABLE llvm_library_dir
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lathe)
set(CPACK_PACKAGE_VENDOR "the Lathe authors")
set(CPACK_PACKAGE_CONTACT "the Lathe authors <lathe@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler and conformance tests from descriptions of accelerators")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 2)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION electronics)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip)
# dpkg-shlibdeps finds LLVM's library in a private folder only, and then names no package for it.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libllvm22)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${llvm_library_dir})
# Models of RTL are built by these; linking against the libraries takes the development packages.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "verilator, clang-22, lld-22, make")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, llvm-22-dev, libyaml-cpp-dev")
include(CPack)
