# The program `gabion` and what is installed with it.
include(GNUInstallDirs)

if(EXISTS ${PROJECT_SOURCE_DIR}/analyzer/cli/main.cpp)
  add_executable(gabion ${PROJECT_SOURCE_DIR}/analyzer/cli/main.cpp)
  if(NOT GABION_SANITIZE)  # a sanitizer looks at each block itself
    target_sources(gabion PRIVATE ${PROJECT_SOURCE_DIR}/analyzer/cli/heap.cpp)
  endif()
  target_compile_options(gabion PRIVATE ${GABION_WARNINGS})
  target_link_libraries(gabion PRIVATE gabion_cli)
  target_compile_definitions(gabion_cli PUBLIC GABION_VERSION="${PROJECT_VERSION}")
  if(GABION_STATIC)
    # Nothing to load at start-up, and the file runs on any Linux of the same architecture.
    target_link_options(gabion PRIVATE -static)
  endif()
  install(TARGETS gabion RUNTIME)
endif()

install(FILES ${PROJECT_SOURCE_DIR}/docs/gabion.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
