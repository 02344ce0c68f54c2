#include "aws/provider_schema.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "aws/provider_tables.h"

namespace gabion::aws {
namespace {

template <std::size_t... kPlaces>
std::uint64_t number(const char* at, std::index_sequence<kPlaces...> /*places*/) {
  return ((std::uint64_t{static_cast<unsigned char>(at[kPlaces])} << (8U * kPlaces)) | ...);
}

/// A number of so many bytes, which is one load.
template <std::size_t kBytes>
std::uint64_t number(std::string_view table, std::size_t at) {
  return number(table.data() + at, std::make_index_sequence<kBytes>());
}

/// A text by its number in a table of texts.
std::string_view text(std::string_view table, std::size_t index) {
  const std::size_t at = index * kProviderTextBytes;
  return provider_tables().text.substr(number<3>(table, at), number<2>(table, at + 3));
}

/// Where the data of a body lies.
struct Place {
  std::size_t attributes = 0;  ///< offset of the first
  std::size_t attribute_count = 0;
  std::size_t blocks = 0;
  std::size_t block_count = 0;
};

Place place_of(std::size_t body) {
  const ProviderTables tables = provider_tables();
  const std::size_t at = number<3>(tables.bodies, body * 3);
  Place place;
  place.attribute_count = number<2>(tables.body_data, at);
  place.block_count = number<2>(tables.body_data, at + 2);
  place.attributes = at + 4;
  place.blocks = place.attributes + place.attribute_count * kProviderAttributeBytes;
  return place;
}

/// Offset of the record of that name, or npos.
std::size_t find(std::size_t first, std::size_t count, std::size_t bytes, std::string_view name) {
  const ProviderTables tables = provider_tables();
  while (count > 0) {
    const std::size_t half = count / 2;
    const std::size_t at = first + half * bytes;
    const std::string_view found = text(tables.names, number<2>(tables.body_data, at));
    const int order = found.compare(name);
    if (order == 0) {
      return at;
    }
    if (order < 0) {
      first = at + bytes;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return std::string_view::npos;
}

std::optional<ProviderBody> find_type(std::string_view table, std::string_view type) {
  if (!type.starts_with(kProviderTypePrefix)) {
    return std::nullopt;
  }
  const ProviderTables tables = provider_tables();
  const std::uint64_t order = provider_type_order(type);
  std::size_t first = 0;
  std::size_t last = table.size() / kProviderTypeBytes;
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const std::size_t at = middle * kProviderTypeBytes;
    const std::uint64_t found = number<8>(table, at);
    bool before = found < order;
    if (found == order) {
      const std::string_view name = tables.text.substr(number<3>(table, at + 8), number<1>(table, at + 11));
      const int compared = name.compare(type);
      if (compared == 0) {
        return ProviderBody(number<2>(table, at + 12));
      }
      before = compared < 0;
    }
    (before ? first : last) = before ? middle + 1 : middle;
  }
  return std::nullopt;
}

/// What `terraform plan` replaces a resource for, found out with the provider of these facts; * is every attribute.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kReplacing = {{
    {"aws_db_instance", "storage_encrypted"},
    {"aws_docdb_cluster", "storage_encrypted"},
    {"aws_ebs_volume", "encrypted"},
    {"aws_ebs_volume", "kms_key_id"},
    {"aws_ecr_repository", "encryption_configuration"},
    {"aws_efs_file_system", "encrypted"},
    {"aws_eks_cluster", "access_config.bootstrap_cluster_creator_admin_permissions"},
    {"aws_elasticache_replication_group", "at_rest_encryption_enabled"},
    {"aws_iam_user_login_profile", "password_length"},
    {"aws_iam_user_login_profile", "password_reset_required"},
    {"aws_instance", "ebs_block_device.encrypted"},
    {"aws_instance", "root_block_device.encrypted"},
    {"aws_launch_configuration", "*"},
    {"aws_neptune_cluster", "storage_encrypted"},
    {"aws_rds_cluster", "storage_encrypted"},
}};

}  // namespace

std::optional<ProviderAttribute> ProviderBody::attribute(std::string_view name) const {
  const ProviderTables tables = provider_tables();
  const Place place = place_of(index_);
  const std::size_t at = find(place.attributes, place.attribute_count, kProviderAttributeBytes, name);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t flags = number<1>(tables.body_data, at + 4);
  return ProviderAttribute{text(tables.names, number<2>(tables.body_data, at)),
                           text(tables.types, number<2>(tables.body_data, at + 2)), (flags & 1U) != 0,
                           (flags & 2U) != 0, (flags & 4U) != 0};
}

std::optional<ProviderBlock> ProviderBody::block(std::string_view name) const {
  const ProviderTables tables = provider_tables();
  const Place place = place_of(index_);
  const std::size_t at = find(place.blocks, place.block_count, kProviderBlockBytes, name);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  return ProviderBlock{static_cast<Nesting>(number<1>(tables.body_data, at + 4)),
                       static_cast<std::uint8_t>(number<1>(tables.body_data, at + 5)),
                       static_cast<std::uint8_t>(number<1>(tables.body_data, at + 6)),
                       ProviderBody(number<2>(tables.body_data, at + 2))};
}

std::size_t ProviderBody::attribute_count() const {
  return place_of(index_).attribute_count;
}
std::size_t ProviderBody::block_count() const {
  return place_of(index_).block_count;
}

std::string_view provider_version() {
  return provider_tables().version;
}

std::optional<ProviderBody> provider_resource(std::string_view type) {
  return find_type(provider_tables().resources, type);
}

std::optional<ProviderBody> provider_data_source(std::string_view type) {
  return find_type(provider_tables().data_sources, type);
}

bool takes_region(std::string_view type) {
  static constexpr std::array<std::string_view, 7> kGlobal = {
      "aws_account_", "aws_caller_identity", "aws_cloudfront_", "aws_globalaccelerator_",
      "aws_iam_",     "aws_organizations_",  "aws_partition"};
  return type.starts_with("aws_") &&
         std::ranges::none_of(kGlobal, [&](std::string_view global) { return type.starts_with(global); });
}

bool forces_replacement(std::string_view type, std::string_view path) {
  return std::any_of(kReplacing.begin(), kReplacing.end(), [&](const auto& entry) {
    return entry.first == type && (entry.second == "*" || path == entry.second ||
                                   (path.starts_with(entry.second) && path[entry.second.size()] == '.'));
  });
}

}  // namespace gabion::aws
