# Run by stoa_add_plugin: writes <id>_sql.hpp, <id>_sql.h, embedded.S and description.c into OUT.
cmake_minimum_required(VERSION 3.25)

file(READ ${MANIFEST} manifest)
foreach(name id version)
  string(JSON ${name} ERROR_VARIABLE error GET "${manifest}" ${name})
  if(error)
    message(FATAL_ERROR "${MANIFEST}: ${error}")
  endif()
endforeach()
if(NOT id MATCHES "^[a-z][a-z0-9_]+$")
  message(FATAL_ERROR "${MANIFEST}: the id \"${id}\" must match [a-z][a-z0-9_]+")
endif()

# A change of the browser side alone compiles nothing anew: Ninja sees that these stayed as they were.
function(write_if_changed path content)
  set(old "")
  if(EXISTS ${path})
    file(READ ${path} old)
  endif()
  if(NOT old STREQUAL content)
    file(WRITE ${path} "${content}")
  endif()
endfunction()

# ---- SQL
set(header "// Generated from sql/*.sql.\n#pragma once\n\n#include <string_view>\n\nnamespace stoa::${id}::sql {\n")
set(c_header "/* Generated from sql/ for C. */\n#pragma once\n\n")
file(GLOB files ${SQL_DIR}/*.sql)
foreach(file ${files})
  get_filename_component(name ${file} NAME)
  string(REGEX REPLACE "\\.sql$" "" name ${name})
  string(REPLACE "." "_" name ${name})
  file(READ ${file} text)
  string(STRIP "${text}" text)
  string(APPEND header "inline constexpr std::string_view ${name} = R\"stoa(${text})stoa\";\n")
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n" text "${text}")
  string(APPEND c_header "#define ${id}_sql_${name} \"${text}\"\n")
endforeach()
string(APPEND header "}  // namespace stoa::${id}::sql\n")
write_if_changed(${OUT}/${id}_sql.hpp "${header}")
write_if_changed(${OUT}/${id}_sql.h "${c_header}")

# ---- Bytes
set(asm "#if defined(__linux__)\n.section .note.GNU-stack,\"\",%progbits\n#endif\n.section .rodata\n")
set(declarations "")
set(count 0)
# Sets <result> to a C initialiser of a stoa_str that holds the file.
macro(embed file result)
  file(SIZE ${file} size)
  if(size EQUAL 0)
    set(${result} "{0, 0}")
  else()
    string(APPEND asm ".balign 8\n.globl stoa_bytes_${count}\n.hidden stoa_bytes_${count}\nstoa_bytes_${count}:\n.incbin \"${file}\"\n.byte 0\n")
    string(APPEND declarations "extern const char stoa_bytes_${count}[] __attribute__((visibility(\"hidden\")));\n")
    set(${result} "{stoa_bytes_${count}, ${size}u}")
    math(EXPR count "${count} + 1")
  endif()
endmacro()

# The manifest has a section of its own, so that a host can read it before any code of the plugin runs.
string(APPEND asm ".section .stoa.manifest,\"a\"\n")
embed(${MANIFEST} manifest_str)
string(REGEX REPLACE "\\.byte 0\n$" "" asm "${asm}")
string(APPEND asm ".section .rodata\n")
set(openapi_str "{0, 0}")
if(OPENAPI)
  embed(${OPENAPI} openapi_str)
endif()

set(items "")
set(migration_list "")
set(migration_count 0)
file(GLOB files ${MIGRATIONS_DIR}/*.sql)
list(SORT files)
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  if(NOT name MATCHES "^0*([0-9]+)_")
    message(FATAL_ERROR "${file}: a migration is named 0001_what_it_does.sql")
  endif()
  set(number ${CMAKE_MATCH_1})
  embed(${file} text)
  string(LENGTH ${name} length)
  string(APPEND items "static const stoa_migration migration_${migration_count} = {sizeof(stoa_migration), ${number}u, {\"${name}\", ${length}u}, ${text}};\n")
  string(APPEND migration_list "&migration_${migration_count}, ")
  math(EXPR migration_count "${migration_count} + 1")
endforeach()

set(asset_list "")
set(asset_count 0)
if(UI_DIR)
  file(GLOB_RECURSE files RELATIVE ${UI_DIR} ${UI_DIR}/*)
  list(SORT files)
  foreach(file ${files})
    embed(${UI_DIR}/${file} bytes)
    string(LENGTH ${file} length)
    string(APPEND items "static const stoa_asset asset_${asset_count} = {sizeof(stoa_asset), 0, {\"${file}\", ${length}u}, ${bytes}};\n")
    string(APPEND asset_list "&asset_${asset_count}, ")
    math(EXPR asset_count "${asset_count} + 1")
  endforeach()
endif()
# Always: it includes bytes that its own text does not show.
file(WRITE ${OUT}/embedded.S "${asm}")

# ---- Description and note
string(LENGTH ${id} id_length)
string(LENGTH ${version} version_length)
write_if_changed(${OUT}/description.c "/* Generated from plugin.json. */
#include \"stoa/note.h\"
#include \"stoa/stoa.h\"

${declarations}
${items}
static const stoa_migration* const migrations[] = {${migration_list}0};
static const stoa_asset* const assets[] = {${asset_list}0};

extern const stoa_plugin_desc stoa_generated_desc;
const stoa_plugin_desc stoa_generated_desc = {
    .size = sizeof(stoa_plugin_desc),
    .abi_major = STOA_ABI_MAJOR,
    .sdk_built = STOA_SDK_VERSION,
    .sdk_minimum = STOA_ABI_MAJOR * 1000000u,
    .id = {\"${id}\", ${id_length}u},
    .version = {\"${version}\", ${version_length}u},
    .manifest = ${manifest_str},
    .openapi = ${openapi_str},
    .migrations = migrations,
    .migration_count = ${migration_count}u,
    .assets = assets,
    .asset_count = ${asset_count}u,
};

STOA_NOTE(\"${id}\", \"${version}\")
")
