// Entries by key in a directory of the user's: what runs of the program leave for later ones. Any number of processes
// may read and write at once; an entry is there whole or not at all. Whatever else lies in the directory, is broken, or
// belongs to somebody else is as good as not there, and nothing that goes wrong here keeps anybody from going on
// without.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cache/digest.h"
#include "source/expected.h"

namespace gabion::cache {

/// What is kept at most.
struct StoreLimits {
  std::uint64_t total_bytes =
      std::uint64_t{256} * 1024 * 1024;  ///< of all entries, about; those unused longest go first
  std::uint64_t entry_bytes = std::uint64_t{32} * 1024 * 1024;  ///< a larger one is not kept
};

/// The bytes of an entry's file: a checksum of key and contents, and the contents.
[[nodiscard]] std::string sealed(const Digest& key, std::string_view contents);
/// The contents, when the bytes are those of an entry of that key; a view into them.
[[nodiscard]] std::optional<std::string_view> unsealed(const Digest& key, std::string_view bytes);

/// Owns a descriptor of the directory.
class Store {
 public:
  /// Opens a directory for entries below the given one, and makes both if need be, for the user alone. An error when
  /// others could write there.
  [[nodiscard]] static source::Expected<Store> open(const std::string& directory, StoreLimits limits = {});

  Store(Store&& other) noexcept;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  Store& operator=(Store&&) = delete;
  ~Store();

  /// The contents of an entry, which counts as used now.
  [[nodiscard]] std::optional<std::string> read(const Digest& key) const;
  /// Adds or replaces an entry, and removes those unused longest when there is too much.
  [[nodiscard]] source::Expected<source::Unit> write(const Digest& key, std::string_view contents) const;

 private:
  Store(int directory, StoreLimits limits) : directory_(directory), limits_(limits) {}
  /// Takes away what is too much, but never the entry `kept`, and what killed processes left.
  void make_room(const std::string& kept) const;

  int directory_;
  StoreLimits limits_;
};

}  // namespace gabion::cache
