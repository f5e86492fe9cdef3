# Warnings, hardening and speed of work; every target sees these.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion
                    -Wnon-virtual-dtor -Wno-missing-field-initializers -fno-omit-frame-pointer -fPIE -pthread -g1)
# Where many files are compiled together, the names of one seem to shadow those of others.
if(NOT REFERRAL_FILES_AT_ONCE GREATER 3)
  add_compile_options(-Wshadow)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
  # Half a gigabyte before the compiler looks for garbage of its own: an eighth less time, two fifths
  # more memory (1.6 GB at most).
  add_compile_options(--param=ggc-min-heapsize=500000 --param=ggc-min-expand=200)
  # Files that are compiled together (cmake/layers.cmake) all look like headers to this warning.
  add_compile_options(-Wno-subobject-linkage)
else()
  add_link_options(-fuse-ld=lld)
  # ccache cannot use a precompiled header that remembers when its files were made.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)

set(REFERRAL_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")
option(REFERRAL_FUZZ "Build the fuzzers (clang only)" OFF)
if(REFERRAL_SANITIZE)
  add_compile_options(-fsanitize=${REFERRAL_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${REFERRAL_SANITIZE})
else()
  add_compile_options(-fstack-protector-strong)
  add_link_options(-Wl,-z,relro,-z,now)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_definitions(_FORTIFY_SOURCE=2)
  endif()
endif()

# Headers that are parsed once: what nearly every file includes and nothing that changes. A file
# still includes what it uses; tools/layers.py reads its words, not what is at hand.
set(standard_headers
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional>
  <span> <string> <string_view> <thread> <tuple> <utility> <vector> <boost/json.hpp> <fmt/format.h>)
# What every slice above the platform is made of: its routes and its rows.
set(slice_headers ${CMAKE_SOURCE_DIR}/src/platform/http/route.hpp
                  ${CMAKE_SOURCE_DIR}/src/platform/db/transaction.hpp)
# What platform/http is made of.
set(http_headers
  <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/post.hpp>
  <boost/asio/basic_stream_socket.hpp> <boost/asio/basic_waitable_timer.hpp>
  <boost/beast/http/basic_parser.hpp>)

function(precompile name)
  add_library(${name} STATIC cmake/precompiled.cpp)
  target_precompile_headers(${name} PRIVATE ${standard_headers} ${ARGN})
  target_include_directories(${name} PRIVATE src)
endfunction()

# Files that are compiled together parse a header once anyhow.
if(NOT REFERRAL_FILES_AT_ONCE GREATER 3)
  precompile(precompiled)
  precompile(precompiled_slices ${slice_headers})
  precompile(precompiled_http ${http_headers})
endif()

# What all tests include. Never optimised: GoogleTest's templates take the compiler longer than the
# tests run, and the code under test is optimised in its own libraries. Without lines for debuggers:
# a failed assertion says its own.
set(test_options -O0 -g0)
precompile(precompiled_tests <gtest/gtest.h> <gmock/gmock.h>)
precompile(precompiled_slice_tests ${slice_headers} <gtest/gtest.h> <gmock/gmock.h>)
foreach(target IN ITEMS precompiled_tests precompiled_slice_tests)
  target_link_libraries(${target} PRIVATE GTest::gmock)
  target_compile_options(${target} PRIVATE ${test_options})
endforeach()

# Lets a target's files use what a target above has parsed, if that is there.
function(share_headers target parsed)
  if(TARGET ${parsed})
    target_precompile_headers(${target} REUSE_FROM ${parsed})
  endif()
endfunction()
