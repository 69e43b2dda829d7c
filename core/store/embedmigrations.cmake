# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DINPUT=folder -DOUTPUT=file.cpp -DNAME=cache -P embedmigrations.cmake
# Writes the folder's NNN_what.sql, in order, as a table of Migration.
file(GLOB files ${INPUT}/*.sql)
list(SORT files)
set(rows "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(base ${file} NAME_WE)
  if(NOT base MATCHES "^([0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${file}: a migration is named NNN_what.sql")
  endif()
  # math() reads a leading zero as decimal.
  math(EXPR version "${CMAKE_MATCH_1} + 0")
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "${file}: migration ${expected} is missing")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ ${file} sql)
  string(APPEND rows "    {${version}, \"${base}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "// Made from ${NAME}/*.sql by embedmigrations.cmake.
#include \"core/store/migrations.h\"

namespace kittiwake::store
{

namespace
{

constexpr Migration steps[] = {
${rows}};

} // namespace

std::span<const Migration> ${NAME}Migrations()
{
    return steps;
}

} // namespace kittiwake::store
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
file(REMOVE ${OUTPUT}.new)
