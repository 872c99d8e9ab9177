# stoa_add_plugin(<target> SOURCES … [MANIFEST plugin.json] [SQL_DIR sql] [MIGRATIONS_DIR migrations]
#                 [OPENAPI openapi.json] [UI_DIR <browser files>] [UI_DEPENDS <what builds them>] [LINK …] [OUTPUT_DIRECTORY …])
#
# A Stoa plugin as one shared library that exports stoa_plugin_v1 and nothing else. plugin.json is the only source of its
# id and versions; migrations, OpenAPI part and browser files are embedded; each sql/<name>.sql becomes the constant
# stoa::<id>::sql::<name> of the generated header "<id>_sql.hpp" (in C: <id>_sql_<name> of "<id>_sql.h"). The library is named <id>.so.
include_guard(GLOBAL)
include(CheckCXXCompilerFlag)
include(CheckCCompilerFlag)

set(STOA_SDK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "Where stoa_add_plugin finds its parts")

function(stoa_add_plugin target)
  cmake_parse_arguments(ARG "" "MANIFEST;SQL_DIR;MIGRATIONS_DIR;OPENAPI;UI_DIR;OUTPUT_DIRECTORY" "SOURCES;UI_DEPENDS;LINK" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "stoa_add_plugin(${target}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  foreach(pair "MANIFEST=plugin.json" "SQL_DIR=sql" "MIGRATIONS_DIR=migrations" "OPENAPI=openapi.json")
    string(REGEX MATCH "^([A-Z_]+)=(.*)$" _ ${pair})
    if(NOT ARG_${CMAKE_MATCH_1})
      set(ARG_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
    endif()
    get_filename_component(ARG_${CMAKE_MATCH_1} ${ARG_${CMAKE_MATCH_1}} ABSOLUTE)
  endforeach()
  if(NOT EXISTS ${ARG_MANIFEST})
    message(FATAL_ERROR "stoa_add_plugin(${target}): no manifest ${ARG_MANIFEST}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARG_MANIFEST})
  file(READ ${ARG_MANIFEST} manifest)
  string(JSON id ERROR_VARIABLE error GET "${manifest}" id)
  if(error)
    message(FATAL_ERROR "${ARG_MANIFEST}: ${error}")
  endif()

  if(ARG_UI_DIR)
    get_filename_component(ARG_UI_DIR ${ARG_UI_DIR} ABSOLUTE)
    if(NOT ARG_UI_DEPENDS)
      file(GLOB_RECURSE ARG_UI_DEPENDS CONFIGURE_DEPENDS ${ARG_UI_DIR}/*)
    endif()
  endif()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_generated)
  file(MAKE_DIRECTORY ${out})
  file(GLOB sql CONFIGURE_DEPENDS ${ARG_SQL_DIR}/*.sql)
  file(GLOB migrations CONFIGURE_DEPENDS ${ARG_MIGRATIONS_DIR}/*.sql)
  set(openapi "")
  if(EXISTS ${ARG_OPENAPI})
    set(openapi ${ARG_OPENAPI})
  endif()
  add_custom_command(
    OUTPUT ${out}/${id}_sql.hpp ${out}/${id}_sql.h ${out}/embedded.S ${out}/description.c
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${ARG_MANIFEST} -DSQL_DIR=${ARG_SQL_DIR} -DMIGRATIONS_DIR=${ARG_MIGRATIONS_DIR}
      -DOPENAPI=${openapi} -DUI_DIR=${ARG_UI_DIR} -DOUT=${out} -P ${STOA_SDK_CMAKE_DIR}/StoaEmbed.cmake
    DEPENDS ${ARG_MANIFEST} ${sql} ${migrations} ${openapi} ${ARG_UI_DEPENDS} ${STOA_SDK_CMAKE_DIR}/StoaEmbed.cmake
    COMMENT "Embedding the parts of plugin ${id}"
    VERBATIM)

  add_library(${target} MODULE ${ARG_SOURCES} ${out}/${id}_sql.hpp ${out}/${id}_sql.h ${out}/embedded.S ${out}/description.c)
  set_property(SOURCE ${out}/embedded.S PROPERTY LANGUAGE C)
  set_property(SOURCE ${out}/embedded.S PROPERTY COMPILE_OPTIONS "-xassembler-with-cpp")
  target_include_directories(${target} PRIVATE ${out})
  target_link_libraries(${target} PRIVATE StoaSdk::headers ${ARG_LINK})
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${id} SUFFIX ".so" POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(ARG_OUTPUT_DIRECTORY)
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY})
  endif()
  # Sanitizer runtimes are found when the host loads the plugin, not when it is linked.
  if(NOT CMAKE_SHARED_LINKER_FLAGS MATCHES "sanitize" AND NOT STOA_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  target_link_options(${target} PRIVATE -Wl,--version-script=${STOA_SDK_CMAKE_DIR}/plugin.map)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${STOA_SDK_CMAKE_DIR}/plugin.map)
  # A STB_GNU_UNIQUE symbol would pin the library in memory for ever; clang has no such flag and needs none.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(CXX IN_LIST languages)
    check_cxx_compiler_flag(-fno-gnu-unique STOA_HAS_NO_GNU_UNIQUE)
    if(STOA_HAS_NO_GNU_UNIQUE)
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
    endif()
  endif()
endfunction()

# stoa_add_plugin_test(<target> PLUGIN <target of stoa_add_plugin> SOURCES … [LINK …])
#
# A test program run by ctest, linked with the test host (stoa/testing.hpp). STOA_TEST_PLUGIN is the path of the plugin's file.
function(stoa_add_plugin_test target)
  cmake_parse_arguments(ARG "" "PLUGIN" "SOURCES;LINK" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES OR NOT TARGET "${ARG_PLUGIN}")
    message(FATAL_ERROR "stoa_add_plugin_test(${target}): PLUGIN names a target of stoa_add_plugin, SOURCES the test's files")
  endif()
  add_executable(${target} ${ARG_SOURCES})
  target_compile_features(${target} PRIVATE cxx_std_17)
  target_compile_definitions(${target} PRIVATE STOA_TEST_PLUGIN="$<TARGET_FILE:${ARG_PLUGIN}>")
  target_link_libraries(${target} PRIVATE StoaSdk::testing ${ARG_LINK})
  add_dependencies(${target} ${ARG_PLUGIN})
  add_test(NAME ${target} COMMAND ${target})
endfunction()
