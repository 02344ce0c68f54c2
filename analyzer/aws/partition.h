// The partitions of AWS: separate clouds whose ARNs and host names differ (China, GovCloud, ...). Facts only; used
// where a region or a setting tells which partition a configuration is meant for.
#pragma once

#include <string_view>

namespace gabion::aws {

struct Partition {
  std::string_view name;                ///< second field of ARNs: "aws", "aws-cn"
  std::string_view region_prefix;       ///< start of the names of its regions; empty for "aws"
  std::string_view dns_suffix;          ///< "amazonaws.com"
  std::string_view reverse_dns_prefix;  ///< "com.amazonaws"
};

/// The partition that most configurations are written for.
[[nodiscard]] const Partition& standard_partition();
/// The partition that a region belongs to, by its name.
[[nodiscard]] const Partition& partition_of_region(std::string_view region);
/// The partition of that name, or null.
[[nodiscard]] const Partition* find_partition(std::string_view name);

}  // namespace gabion::aws
