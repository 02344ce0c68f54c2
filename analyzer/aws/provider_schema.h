// What the AWS provider knows: resource types and data sources with their attributes and blocks, and which attributes
// cannot change without a new resource. Facts, compiled in from the schema that the provider publishes; fixes ask them
// before they write something. Looking up costs a binary search, starting nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gabion::aws {

struct ProviderAttribute {
  std::string_view name;
  std::string_view type;  ///< as Terraform writes it, without blanks: "string", "list(string)"
  bool required = false;
  bool optional = false;
  bool computed = false;

  /// Can it be written in a configuration?
  [[nodiscard]] bool configurable() const { return required || optional; }
};

enum class Nesting : std::uint8_t { kSingle, kList, kSet, kMap, kGroup };

struct ProviderBlock;

/// The attributes and blocks of a resource type, or of a block.
class ProviderBody {
 public:
  explicit ProviderBody(std::size_t index) : index_(index) {}

  [[nodiscard]] std::optional<ProviderAttribute> attribute(std::string_view name) const;
  [[nodiscard]] std::optional<ProviderBlock> block(std::string_view name) const;
  [[nodiscard]] std::size_t attribute_count() const;
  [[nodiscard]] std::size_t block_count() const;

 private:
  std::size_t index_;
};

struct ProviderBlock {
  Nesting nesting = Nesting::kList;
  std::uint8_t min_items = 0;
  std::uint8_t max_items = 0;  ///< 0: any number
  ProviderBody body;
};

/// The provider's source address and version that the facts are of: "registry.terraform.io/hashicorp/aws 5.100.0".
[[nodiscard]] std::string_view provider_version();
/// The body of a resource type, or of a data source; nothing when the provider has none of that name.
[[nodiscard]] std::optional<ProviderBody> provider_resource(std::string_view type);
[[nodiscard]] std::optional<ProviderBody> provider_data_source(std::string_view type);

/// Does the type take a `region` argument, which says that what it stands for is in another Region than the provider's?
/// Since version 6 of the provider all types do but those of services without Regions
/// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support).
[[nodiscard]] bool takes_region(std::string_view type);

/// Does changing the attribute (dotted path) make a new resource? The schema does not tell; known of the attributes
/// that fixes of rules touch.
[[nodiscard]] bool forces_replacement(std::string_view type, std::string_view path);

}  // namespace gabion::aws
