# Warnings, hardening and speed of work; every target sees these.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                    -Wnon-virtual-dtor -Wno-missing-field-initializers -fno-omit-frame-pointer -fPIE -pthread -g1)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
else()
  add_link_options(-fuse-ld=lld)
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

# One header for all targets: what nearly every file includes and nothing that changes.
add_library(precompiled STATIC cmake/precompiled.cpp)
target_precompile_headers(precompiled PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional>
  <span> <string> <string_view> <thread> <tuple> <utility> <vector>)
