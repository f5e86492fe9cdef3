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
add_library(precompiled STATIC cmake/precompiled.cpp)
target_precompile_headers(precompiled PRIVATE ${standard_headers})

# What every slice above the platform is made of: its routes and its rows.
set(slice_headers ${CMAKE_SOURCE_DIR}/src/platform/http/route.hpp
                  ${CMAKE_SOURCE_DIR}/src/platform/db/transaction.hpp)
add_library(precompiled_slices STATIC cmake/precompiled.cpp)
target_precompile_headers(precompiled_slices PRIVATE ${standard_headers} ${slice_headers})
target_include_directories(precompiled_slices PRIVATE src)

# What all tests include. Never optimised: GoogleTest's templates take the compiler longer than the
# tests run, and the code under test is optimised in its own libraries.
foreach(kind IN ITEMS tests slice_tests)
  add_library(precompiled_${kind} STATIC cmake/precompiled.cpp)
  target_precompile_headers(precompiled_${kind} PRIVATE
    ${standard_headers} <gtest/gtest.h> <gmock/gmock.h>)
  target_link_libraries(precompiled_${kind} PRIVATE GTest::gmock)
  target_compile_options(precompiled_${kind} PRIVATE -O0)
endforeach()
target_precompile_headers(precompiled_slice_tests PRIVATE ${slice_headers})
target_include_directories(precompiled_slice_tests PRIVATE src)

# What platform/http is made of.
add_library(precompiled_http STATIC cmake/precompiled.cpp)
target_precompile_headers(precompiled_http PRIVATE
  ${standard_headers} <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/post.hpp>
  <boost/asio/basic_stream_socket.hpp> <boost/asio/basic_waitable_timer.hpp>
  <boost/beast/http/basic_parser.hpp>)
