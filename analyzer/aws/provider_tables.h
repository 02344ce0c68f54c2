// How the provider's schema lies in the program: tables of bytes without pointers, written by provider_factc.cpp while
// the project is built and read by provider_schema.cpp. All numbers are little-endian and of fixed width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gabion::aws {

/// Resource and data source records: order of the name (8), its offset (3), its length (1), number of the body (2).
inline constexpr std::size_t kProviderTypeBytes = 14;
/// What the names of all types begin with.
inline constexpr std::string_view kProviderTypePrefix = "aws_";
/// The eight bytes of a name behind the prefix as a number, which compares as they do; zeros stand for what is not
/// there.
[[nodiscard]] constexpr std::uint64_t provider_type_order(std::string_view name) {
  std::uint64_t order = 0;
  for (std::size_t i = 0; i < sizeof(order); ++i) {
    const std::size_t at = kProviderTypePrefix.size() + i;
    order = order << 8U | (at < name.size() ? static_cast<unsigned char>(name[at]) : 0U);
  }
  return order;
}
/// Names and types: offset of the text (3), its length (2).
inline constexpr std::size_t kProviderTextBytes = 5;
/// Attributes of a body: number of the name (2), of the type (2), flags (1).
inline constexpr std::size_t kProviderAttributeBytes = 5;
/// Blocks of a body: number of the name (2), of the body (2), nesting, least and largest number of items (1 each).
inline constexpr std::size_t kProviderBlockBytes = 7;

struct ProviderTables {
  std::string_view version;
  std::string_view text;
  std::string_view names;  ///< of attributes and blocks
  std::string_view types;
  std::string_view bodies;     ///< offset into body_data (3) each
  std::string_view body_data;  ///< number of attributes (2), of blocks (2), then both, each sorted by name
  std::string_view resources;  ///< sorted by name
  std::string_view data_sources;
};

[[nodiscard]] ProviderTables provider_tables();

}  // namespace gabion::aws
