# What the project uses from the system, each as one imported target. Static archives where Debian ships them, so that
# the program needs no shared library of ours at run time.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)

# gabion_system_library(<target> <header> <archive names...>): header and archive found by the usual search paths.
function(gabion_system_library target header)
  string(MAKE_C_IDENTIFIER "${target}" id)
  find_path(${id}_INCLUDE ${header} REQUIRED)
  find_library(${id}_LIBRARY NAMES ${ARGN} REQUIRED)
  mark_as_advanced(${id}_INCLUDE ${id}_LIBRARY)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${id}_LIBRARY}"
                        INTERFACE_INCLUDE_DIRECTORIES "${${id}_INCLUDE}")
endfunction()

gabion_system_library(gabion::tree_sitter tree_sitter/api.h libtree-sitter.a tree-sitter)
gabion_system_library(gabion::re2 re2/re2.h libre2.a re2)
gabion_system_library(gabion::yaml yaml-cpp/yaml.h libyaml-cpp.a yaml-cpp)
gabion_system_library(gabion::gmp gmp.h libgmp.a gmp)
gabion_system_library(gabion::mpfr mpfr.h libmpfr.a mpfr)
gabion_system_library(gabion::utf8proc utf8proc.h libutf8proc.a utf8proc)
gabion_system_library(gabion::nettle nettle/sha2.h libnettle.a nettle)
target_link_libraries(gabion::mpfr INTERFACE gabion::gmp)
target_link_libraries(gabion::re2 INTERFACE Threads::Threads)

add_library(gabion_json_interface INTERFACE)
target_link_libraries(gabion_json_interface INTERFACE nlohmann_json::nlohmann_json)
add_library(gabion::json ALIAS gabion_json_interface)
add_library(gabion_cli11_interface INTERFACE)
target_link_libraries(gabion_cli11_interface INTERFACE CLI11::CLI11)
add_library(gabion::cli11 ALIAS gabion_cli11_interface)

# The public suffix list, compiled in by libpsl, and internationalised domain names.
gabion_system_library(gabion::unistring unistr.h libunistring.a unistring)
gabion_system_library(gabion::idn2 idn2.h libidn2.a idn2)
gabion_system_library(gabion::psl libpsl.h libpsl.a psl)
target_link_libraries(gabion::idn2 INTERFACE gabion::unistring)
target_link_libraries(gabion::psl INTERFACE gabion::idn2)
