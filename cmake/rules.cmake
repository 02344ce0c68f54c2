# Compiles rules/ into the program: every rule file is checked at build time and becomes a table of constants.
file(GLOB_RECURSE rule_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/rules/*.yaml)
add_executable(rulec ${PROJECT_SOURCE_DIR}/analyzer/engine/rulec.cpp
               ${PROJECT_SOURCE_DIR}/analyzer/engine/rule_compiler.cpp
               ${PROJECT_SOURCE_DIR}/analyzer/engine/yaml_check.cpp)
target_compile_options(rulec PRIVATE ${GABION_WARNINGS})
target_link_libraries(rulec PRIVATE gabion_syntax gabion::yaml)
set(generated_rules ${PROJECT_BINARY_DIR}/builtin_rules.cpp)
add_custom_command(
  OUTPUT ${generated_rules}
  COMMAND rulec ${generated_rules} ${rule_files}
  DEPENDS rulec ${rule_files}
  COMMENT "Compiling rules"
  VERBATIM)
add_library(gabion_rules STATIC ${generated_rules})
target_include_directories(gabion_rules PRIVATE ${PROJECT_SOURCE_DIR}/analyzer)
target_link_libraries(gabion_rules PUBLIC gabion_engine)
# Preparing a run adds the built-in rules, wherever the engine is used.
target_link_libraries(gabion_engine PUBLIC gabion_rules)
