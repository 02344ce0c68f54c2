# Compiles the AWS provider's schema into the program: facts/provider.facts becomes constant tables.
set(provider_facts ${PROJECT_SOURCE_DIR}/analyzer/aws/facts/provider.facts)
add_executable(provider_factc ${PROJECT_SOURCE_DIR}/analyzer/aws/provider_factc.cpp)
target_compile_options(provider_factc PRIVATE ${GABION_WARNINGS})
target_include_directories(provider_factc PRIVATE ${PROJECT_SOURCE_DIR}/analyzer)
set(generated_provider_facts ${PROJECT_BINARY_DIR}/aws_provider_facts.cpp)
add_custom_command(
  OUTPUT ${generated_provider_facts}
  COMMAND provider_factc ${generated_provider_facts} ${provider_facts}
  DEPENDS provider_factc ${provider_facts}
  COMMENT "Compiling the AWS provider's schema"
  VERBATIM)
target_sources(gabion_aws PRIVATE ${generated_provider_facts})
set_source_files_properties(${generated_provider_facts} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
