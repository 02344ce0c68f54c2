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
  # Addresses to adjust at start-up are many: as bits instead of 24 bytes each.
  include(CheckLinkerFlag)
  check_linker_flag(CXX -Wl,-z,pack-relative-relocs GABION_HAS_PACKED_RELOCATIONS)
  if(GABION_HAS_PACKED_RELOCATIONS)
    target_link_options(gabion PRIVATE -Wl,-z,pack-relative-relocs)
  endif()
  if(GABION_STATIC)
    # Nothing to load at start-up, and the file runs on any Linux of the same architecture.
    target_link_options(gabion PRIVATE $<IF:$<BOOL:${GABION_HARDENED}>,-static-pie,-static>)
  elseif(GABION_HARDENED)
    target_link_options(gabion PRIVATE -pie)
  endif()
  install(TARGETS gabion RUNTIME)
  # Completions where the shells look for those of programs below the same prefix; written by the program itself.
  foreach(completions bash:bash-completion/completions/gabion zsh:zsh/site-functions/_gabion
                      fish:fish/vendor_completions.d/gabion.fish)
    string(REGEX MATCH "^([a-z]+):(.+)/([^/]+)$" whole ${completions})
    set(file ${PROJECT_BINARY_DIR}/completions/${CMAKE_MATCH_1}/${CMAKE_MATCH_3})
    set(directory ${CMAKE_INSTALL_DATADIR}/${CMAKE_MATCH_2})
    install(CODE "
      file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/completions/${CMAKE_MATCH_1})
      execute_process(COMMAND $<TARGET_FILE:gabion> completions ${CMAKE_MATCH_1}
                      OUTPUT_FILE ${file} COMMAND_ERROR_IS_FATAL ANY)")
    install(FILES ${file} DESTINATION ${directory})
  endforeach()
endif()

install(FILES ${PROJECT_SOURCE_DIR}/docs/gabion.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
