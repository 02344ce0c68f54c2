# Flags that hold for the whole build: optimisation, sanitizers, what the linker may drop.
set(GABION_SANITIZE "" CACHE STRING "Sanitizers for every target, as for -fsanitize= (address,undefined or thread)")
option(GABION_CLANG_TIDY "Run clang-tidy on every source file while it is compiled" OFF)

# -O3 is CMake's choice for Release; it makes this program larger and no faster.
if(CMAKE_CXX_FLAGS_RELEASE STREQUAL "-O3 -DNDEBUG")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
endif()
if(CMAKE_C_FLAGS_RELEASE STREQUAL "-O3 -DNDEBUG")
  set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
endif()
add_compile_options($<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
add_link_options($<$<CONFIG:Release>:LINKER:--gc-sections>)
# Tells programs of different sources apart: what one remembers in the cache is not for another.
add_link_options(LINKER:--build-id=sha1)

# g++ 12 sees overlapping copies in std::string's operator+ where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()

if(GABION_SANITIZE)
  add_compile_options(-fsanitize=${GABION_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # The part of libFuzzer that only instruments has no run-time library of its own.
  string(REPLACE "fuzzer-no-link," "" linked "${GABION_SANITIZE}")
  add_link_options(-fsanitize=${linked})
  set(GABION_STATIC OFF)  # a sanitizer's run-time library needs a dynamic program
endif()

if(GABION_CLANG_TIDY)
  find_program(GABION_CLANG_TIDY_PROGRAM NAMES clang-tidy REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY ${GABION_CLANG_TIDY_PROGRAM} --quiet)
endif()
