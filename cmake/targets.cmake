# Helpers that define the project's own targets, so that every one has the same flags.
set(GABION_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast)
if(GABION_WERROR)
  list(APPEND GABION_WARNINGS -Werror)
endif()

# gabion_library(<folder> [DEPENDS folders...] [LIBRARIES targets...]): static library gabion_<folder> of all sources
# below analyzer/<folder>; an interface library while the folder has none.
function(gabion_library folder)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/analyzer/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(main|heap|rulec|factc|provider_factc)\\.cpp$")
  if(sources)
    add_library(gabion_${folder} STATIC ${sources})
    set(scope PUBLIC)
    target_compile_options(gabion_${folder} PRIVATE ${GABION_WARNINGS})
  else()
    add_library(gabion_${folder} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(gabion_${folder} ${scope} ${PROJECT_SOURCE_DIR}/analyzer)
  foreach(dependency IN LISTS arg_DEPENDS)
    target_link_libraries(gabion_${folder} ${scope} gabion_${dependency})
  endforeach()
  if(arg_LIBRARIES)
    target_link_libraries(gabion_${folder} ${scope} ${arg_LIBRARIES})
  endif()
endfunction()

# gabion_test(<name> SOURCES files... LIBRARIES targets... [ARGS arguments...]): a GoogleTest program and its ctest entry.
function(gabion_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_compile_options(${name} PRIVATE ${GABION_WARNINGS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/analyzer ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE GABION_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             GABION_TESTDATA_DIR="${PROJECT_SOURCE_DIR}/testdata")
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  # A program all of whose tests were skipped (no oracle, no corpora here) is shown as skipped. The output of one with a
  # failure ends otherwise.
  set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION
                       "PASSED  . 0 tests\\.\n.  SKIPPED .*SKIPPED . [^\n]*\n*$")
  if(arg_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  endif()
endfunction()
