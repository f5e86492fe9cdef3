# Makes a library and a test program of every folder in the layers file; each sees those above it.

# A library's files are compiled several at a time: what they include and instantiate is worked
# through once for all of them, which makes a clean build more than twice as fast. A few at a time
# let one changed file be built again within seconds, as whoever develops wants it; builds that are
# made once take more (CMakePresets.json). The files below stand alone, because they have a name of
# their own that another file of their folder has too.
set(REFERRAL_FILES_AT_ONCE 3 CACHE STRING "How many files of a folder are compiled together")
set_source_files_properties(
  src/base/zone.cpp
  src/clicks/user_agent.cpp
  src/links/directory_snapshot.cpp src/links/suggestions.cpp
  src/clicks/capture_test.cpp src/clicks/classify_test.cpp src/clicks/click_id_test.cpp src/clicks/clicks_test.cpp
  src/clicks/places_test.cpp
  src/platform/db/cluster_test.cpp
  src/platform/http/limits_test.cpp src/platform/http/rate_limits_test.cpp
  src/platform/http/server_drain_test.cpp src/platform/http/server_test.cpp
  src/platform/http/tls_test.cpp
  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

set(below_slices "^(base|platform_.*|platform/.*|testing)$")

# Reads half a million lines at each start: unoptimised and with sanitizers, that is half of a start.
if(REFERRAL_SANITIZE)
  set_source_files_properties(src/clicks/networks.cpp PROPERTIES
    COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
endif()

# What -fsanitize=fuzzer-no-link means, where fuzzers have something to find: it makes a fifth more
# work for the compiler.
set(fuzzed "^(base|platform/http|platform/journal|clicks)$")
set(fuzzing -fsanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table)

# What answers a click, counts it, or is beneath. All else waits for the database most of the time
# and is optimised less, which takes the compiler a fifth less.
set(hot "^(base|platform/(log|crypto|journal|schema|db|cache|http)|programs|links|clicks)$")

function(layers_from file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} layers REGEX "^[a-z]")
  set(lower)
  foreach(layer IN LISTS layers)
    string(REPLACE "/" "_" target ${layer})
    get_filename_component(layer_name ${layer} NAME)
    file(GLOB sources CONFIGURE_DEPENDS src/${layer}/*.cpp)
    file(GLOB fixtures CONFIGURE_DEPENDS src/${layer}/*_test.hpp)
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
    list(APPEND sources ${${target}_generated})
    if(sources)
      add_library(${target} STATIC ${sources})
      set_target_properties(${target} PROPERTIES
        UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${REFERRAL_FILES_AT_ONCE})
      target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
      target_link_libraries(${target} PUBLIC ${${target}_libraries} ${lower})
      if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT layer MATCHES "${hot}")
        target_compile_options(${target} PRIVATE -O1)
      endif()
      if(REFERRAL_FUZZ AND layer MATCHES "${fuzzed}")
        target_compile_options(${target} PRIVATE ${fuzzing})
      endif()
      if(TARGET precompiled_${layer_name})
        share_headers(${target} precompiled_${layer_name})
      elseif(layer MATCHES "${below_slices}")
        share_headers(${target} precompiled)
      else()
        share_headers(${target} precompiled_slices)
      endif()
      if(NOT target STREQUAL "testing")
        set(lower ${target} ${lower})
      endif()
    endif()
    if(tests)
      tests_of(${target} "${lower}" "${fixtures}" ${tests})
    endif()
  endforeach()
endfunction()

# The tests of one folder, labelled by it. They link `testing` only when they include it, so that
# the low folders build and run alone.
function(tests_of target lower fixtures)
  add_executable(${target}_test ${ARGN})
  set_target_properties(${target}_test PROPERTIES
    UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${REFERRAL_FILES_AT_ONCE})
  target_link_libraries(${target}_test PRIVATE ${lower} GTest::gmock GTest::gtest_main)
  target_include_directories(${target}_test PRIVATE ${CMAKE_SOURCE_DIR}/src)
  if(target MATCHES "${below_slices}")
    share_headers(${target}_test precompiled_tests)
  else()
    share_headers(${target}_test precompiled_slice_tests)
  endif()
  target_compile_options(${target}_test PRIVATE ${test_options})
  foreach(source IN LISTS fixtures ARGN)
    file(STRINGS ${source} shared REGEX "^#include \"testing/")
    if(shared)
      target_link_libraries(${target}_test PRIVATE testing)
      break()
    endif()
  endforeach()
  add_test(NAME ${target} COMMAND ${target}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${target} PROPERTIES LABELS unit TIMEOUT 900)
  set_property(GLOBAL APPEND PROPERTY unit_test_programs ${target}_test)
endfunction()
