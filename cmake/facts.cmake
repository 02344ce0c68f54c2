# Compiles the facts about AWS into the program: text files in analyzer/aws/facts become constant tables.
set(fact_files ${PROJECT_SOURCE_DIR}/analyzer/aws/facts/services.facts
               ${PROJECT_SOURCE_DIR}/analyzer/aws/facts/managed_policies.facts)
add_executable(factc ${PROJECT_SOURCE_DIR}/analyzer/aws/factc.cpp)
target_compile_options(factc PRIVATE ${GABION_WARNINGS})
target_include_directories(factc PRIVATE ${PROJECT_SOURCE_DIR}/analyzer)
set(generated_facts ${PROJECT_BINARY_DIR}/aws_facts.cpp)
add_custom_command(
  OUTPUT ${generated_facts}
  COMMAND factc ${generated_facts} ${fact_files}
  DEPENDS factc ${fact_files}
  COMMENT "Compiling facts about AWS"
  VERBATIM)
target_sources(gabion_aws PRIVATE ${generated_facts})
# Tables are written as long texts, which compile quickly.
set_source_files_properties(${generated_facts} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
