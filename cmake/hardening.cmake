# What makes of a mistake with memory an end of the program instead of a way into it: what Debian builds its packages with
# (dpkg-buildflags, hardening=+all), and where the compiler has it the third level of checked calls and the protection of
# jumps. tests/e2e/archives_test.cpp looks for each in what was built.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
option(GABION_HARDENING "Build Release with the protections of compiler and linker" ON)
set(GABION_HARDENED OFF)
# Debug has no optimiser, which checked calls need; a sanitizer looks at more than all of this.
if(GABION_HARDENING AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT GABION_SANITIZE)
  set(GABION_HARDENED ON)
endif()

# gabion_harden(<flag>): the flag for every source file, where the compiler has it for this processor.
function(gabion_harden flag)
  string(MAKE_C_IDENTIFIER "GABION_HAS${flag}" known)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  check_cxx_compiler_flag(${flag} ${known})
  if(${known})
    add_compile_options(${flag})
  endif()
endfunction()

if(GABION_HARDENED)
  # Not what CMake does for position-independent code: -fPIC would keep functions of libraries from being inlined.
  add_compile_options(-fPIE)
  gabion_harden(-fstack-protector-strong)
  gabion_harden(-fstack-clash-protection)
  gabion_harden(-fcf-protection)               # x86: where a jump may arrive
  gabion_harden(-mbranch-protection=standard)  # the same for ARM
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_cxx_source_compiles("
    #include <cstdlib>
    #if __USE_FORTIFY_LEVEL != 3
    #error not known here
    #endif
    int main() {}" GABION_HAS_FORTIFY_3)
  unset(CMAKE_REQUIRED_FLAGS)
  # A distribution's flags may have set it already.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$<IF:$<BOOL:${GABION_HAS_FORTIFY_3}>,3,2>)
  add_link_options(LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
endif()
