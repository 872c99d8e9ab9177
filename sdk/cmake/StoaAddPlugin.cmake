# stoa_add_plugin(<target> SOURCES … [MANIFEST plugin.json] [SQL_DIR sql] [MIGRATIONS_DIR migrations]
#                 [OPENAPI openapi.json] [UI_DIR <built files>] [UI_DEPENDS …] [LINK …] [OUTPUT_DIRECTORY …])
#
# A Stoa plugin as one shared library that exports stoa_plugin_v1 and nothing else. plugin.json is the only source of its
# id and versions; migrations, OpenAPI part and browser files are embedded; each sql/<name>.sql becomes the constant
# stoa::<id>::sql::<name> of the generated header "<id>_sql.hpp". The library is named <id>.so.
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

  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_generated)
  file(MAKE_DIRECTORY ${out})
  file(GLOB sql CONFIGURE_DEPENDS ${ARG_SQL_DIR}/*.sql)
  file(GLOB migrations CONFIGURE_DEPENDS ${ARG_MIGRATIONS_DIR}/*.sql)
  set(openapi "")
  if(EXISTS ${ARG_OPENAPI})
    set(openapi ${ARG_OPENAPI})
  endif()
  add_custom_command(
    OUTPUT ${out}/${id}_sql.hpp ${out}/embedded.S ${out}/description.c
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${ARG_MANIFEST} -DSQL_DIR=${ARG_SQL_DIR} -DMIGRATIONS_DIR=${ARG_MIGRATIONS_DIR}
      -DOPENAPI=${openapi} -DUI_DIR=${ARG_UI_DIR} -DOUT=${out} -P ${STOA_SDK_CMAKE_DIR}/StoaEmbed.cmake
    DEPENDS ${ARG_MANIFEST} ${sql} ${migrations} ${openapi} ${ARG_UI_DEPENDS} ${STOA_SDK_CMAKE_DIR}/StoaEmbed.cmake
    COMMENT "Embedding the parts of plugin ${id}"
    VERBATIM)

  add_library(${target} MODULE ${ARG_SOURCES} ${out}/${id}_sql.hpp ${out}/embedded.S ${out}/description.c)
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
