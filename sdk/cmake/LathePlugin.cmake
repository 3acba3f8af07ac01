# lathe_add_plugin(NAME [FOLDER folder] [MODELS machine...] [LATHE program])
#
# A plugin as part of a CMake project, built against an installed Lathe or beside its sources.
#   NAME      a target of the build that checks the description and every machine: `lathe check`
#   FOLDER    with lathe-plugin.yaml; relative to the current source folder; default: that folder
#   MODELS    machines whose RTL model is built as well: the targets NAME_MACHINE, shared libraries
#             with the C interface of LatheModel.h
#   LATHE     the program; default the one of the package
# With testing enabled, the test NAME runs the plugin's tests: `lathe test`. Installing puts the plugin
# where a Lathe with the same prefix finds it: share/lathe/targets/NAME.
function(lathe_add_plugin name)
  cmake_parse_arguments(ARG "" "FOLDER;LATHE" "MODELS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "lathe_add_plugin(NAME [FOLDER folder] [MODELS machine...] [LATHE program])")
  endif()
  get_filename_component(folder "${ARG_FOLDER}" ABSOLUTE)
  if(NOT EXISTS ${folder}/lathe-plugin.yaml)
    message(FATAL_ERROR "lathe_add_plugin: '${folder}' has no lathe-plugin.yaml")
  endif()
  lathe_program(lathe "${ARG_LATHE}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.td ${folder}/*.yaml ${folder}/*.sv ${folder}/*.v
       ${folder}/*.svh ${folder}/*.vlt ${folder}/*.lathe)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.checked)
  add_custom_command(OUTPUT ${stamp} COMMAND ${lathe} check ${folder}/
                     COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
                     DEPENDS ${sources} COMMENT "Checking the plugin ${name}" VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${stamp})
  foreach(machine ${ARG_MODELS})
    lathe_add_rtl_model(${name}_${machine} PLUGIN ${folder} MACHINE ${machine} LATHE ${lathe})
  endforeach()
  if(BUILD_TESTING)
    add_test(NAME ${name} COMMAND ${lathe} test ${folder})
  endif()
  install(DIRECTORY ${folder}/ DESTINATION share/lathe/targets/${name}
          PATTERN "build*" EXCLUDE PATTERN ".*" EXCLUDE PATTERN "CMakeLists.txt" EXCLUDE)
endfunction()
