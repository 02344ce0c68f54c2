#include "cache/program_id.h"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <utility>

namespace gabion::cache {
namespace {

/// Looks for the note among those of one segment.
std::string build_id_in(const char* notes, std::size_t size) {
  const auto padded = [](std::size_t length) { return (length + 3U) & ~std::size_t{3}; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes, sizeof(note));
    const std::size_t name = sizeof(note);
    const std::size_t contents = name + padded(note.n_namesz);
    const std::size_t end = contents + padded(note.n_descsz);
    if (end > size) {
      break;
    }
    constexpr std::size_t kName = 4;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == kName && std::memcmp(notes + name, "GNU", kName) == 0) {
      return {notes + contents, note.n_descsz};
    }
    notes += end;
    size -= end;
  }
  return {};
}

/// Called for the program itself first, and not again.
int visit(dl_phdr_info* object, std::size_t /*size*/, void* result) {
  for (ElfW(Half) i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) {
      continue;
    }
    // NOLINTNEXTLINE(performance-no-int-to-ptr,cppcoreguidelines-pro-type-reinterpret-cast): an address is a number
    // here
    const auto* const notes = reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);
    std::string id = build_id_in(notes, segment.p_memsz);
    if (!id.empty()) {
      *static_cast<std::string*>(result) = std::move(id);
      break;
    }
  }
  return 1;
}

}  // namespace

std::string program_id() {
  std::string id;
  ::dl_iterate_phdr(visit, &id);
  return id;
}

}  // namespace gabion::cache
