# SPDX-License-Identifier: GPL-3.0-or-later
# Compiler choice, warnings and hardening that hold for every target.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "GCC ${CMAKE_CXX_COMPILER_VERSION} silently miscompiles C++20 coroutines that Kittiwake relies on. "
    "Use clang 16 or newer (cmake --preset release), or GCC 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_AUTOMOC OFF)

option(KITTIWAKE_WERROR "Treat warnings as errors" ON)
set(KITTIWAKE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (address,undefined or thread)")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Precompiled headers and several build folders share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(kittiwake_options INTERFACE)
target_include_directories(kittiwake_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(kittiwake_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_KEYWORDS
  QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400
  $<$<CONFIG:Release,RelWithDebInfo>:QT_NO_DEBUG>)
if(MSVC)
  target_compile_options(kittiwake_options INTERFACE /W4 /permissive- /utf-8 /guard:cf
    $<$<BOOL:${KITTIWAKE_WERROR}>:/WX>)
else()
  target_compile_options(kittiwake_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion
    -Wno-sign-conversion -Wformat=2 -Wimplicit-fallthrough -Wcast-align -Wundef
    -fno-exceptions -fstack-protector-strong
    $<$<BOOL:${KITTIWAKE_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(kittiwake_options INTERFACE -Wthread-safety -Xclang -fno-pch-timestamp)
  endif()
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    target_compile_options(kittiwake_options INTERFACE -fstack-clash-protection -fcf-protection)
    target_link_options(kittiwake_options INTERFACE -Wl,-z,relro,-z,now)
  endif()
  if(NOT KITTIWAKE_SANITIZE)
    target_compile_definitions(kittiwake_options INTERFACE
      $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
  endif()
endif()
if(KITTIWAKE_SANITIZE)
  target_compile_options(kittiwake_options INTERFACE
    -fsanitize=${KITTIWAKE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(kittiwake_options INTERFACE -fsanitize=${KITTIWAKE_SANITIZE})
endif()
