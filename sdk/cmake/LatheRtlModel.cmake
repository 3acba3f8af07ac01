# lathe_add_rtl_model(NAME PLUGIN folder [MACHINE name] [LATHE program] [TRACE] [COVERAGE])
#
# Builds the RTL of a plugin, with the parameters of one of its machines, into a shared library with
# the C interface of simulators/rtl/runtime/LatheModel.h, and adds the target NAME for it:
# target_link_libraries(program PRIVATE NAME), or dlopen $<TARGET_FILE:NAME>. `lathe build` does the
# work, so that the model is the one that `lathe run` uses, from the same cache.
#   PLUGIN    folder with lathe-plugin.yaml; relative to the current source folder
#   MACHINE   one of its machines; default its first
#   LATHE     the program; default the target or command `lathe`
#   TRACE     waveforms can be opened
#   COVERAGE  coverage can be written
# In an installed copy the package's configuration has set the folder of LatheModel.h.
if(NOT LATHE_MODEL_INCLUDE)
  set(LATHE_MODEL_INCLUDE ${CMAKE_CURRENT_LIST_DIR}/../../simulators/rtl/runtime)
endif()

# The program to run: `given`, else the installed package's, else the target or command `lathe`.
function(lathe_program variable given)
  set(program lathe)
  if(TARGET Lathe::lathe)
    set(program Lathe::lathe)
  endif()
  if(given)
    set(program ${given})
  endif()
  set(${variable} ${program} PARENT_SCOPE)
endfunction()

function(lathe_add_rtl_model name)
  cmake_parse_arguments(ARG "TRACE;COVERAGE" "PLUGIN;MACHINE;LATHE" "" ${ARGN})
  if(NOT ARG_PLUGIN OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "lathe_add_rtl_model(NAME PLUGIN folder [MACHINE name] [LATHE program] "
                        "[TRACE] [COVERAGE])")
  endif()
  get_filename_component(plugin ${ARG_PLUGIN} ABSOLUTE)
  lathe_program(lathe "${ARG_LATHE}")
  set(target ${plugin}/)
  if(ARG_MACHINE)
    set(target ${plugin}@${ARG_MACHINE})
  endif()
  set(flags "")
  if(ARG_TRACE)
    list(APPEND flags --trace)
  endif()
  if(ARG_COVERAGE)
    list(APPEND flags --coverage)
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${plugin}/*.sv ${plugin}/*.v ${plugin}/*.vlt
       ${plugin}/*.svh ${plugin}/*.td ${plugin}/*.yaml)
  set(model ${CMAKE_CURRENT_BINARY_DIR}/lib${name}.so)
  add_custom_command(OUTPUT ${model} COMMAND ${lathe} build ${target} ${flags} -o ${model}
                     DEPENDS ${sources} COMMENT "RTL model ${name}" VERBATIM)
  add_custom_target(${name}-build DEPENDS ${model})
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${model} IMPORTED_NO_SONAME ON
                                           INTERFACE_INCLUDE_DIRECTORIES ${LATHE_MODEL_INCLUDE})
  add_dependencies(${name} ${name}-build)
endfunction()
