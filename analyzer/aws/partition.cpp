#include "aws/partition.h"

#include <algorithm>
#include <array>

namespace gabion::aws {
namespace {

/// The first whose prefix fits a region counts.
constexpr std::array<Partition, 8> kPartitions{{
    {"aws-cn", "cn-", "amazonaws.com.cn", "cn.com.amazonaws"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "com.amazonaws"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "gov.ic.c2s"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "gov.sgov.sc2s"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "uk.adc-e.cloud"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "gov.ic.hci.csp"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "eu.amazonaws"},
    {"aws", "", "amazonaws.com", "com.amazonaws"},
}};

}  // namespace

const Partition& standard_partition() {
  return kPartitions.back();
}

const Partition& partition_of_region(std::string_view region) {
  // The prefix of the last one is empty, so there always is one.
  return *std::ranges::find_if(kPartitions, [&](const Partition& p) { return region.starts_with(p.region_prefix); });
}

const Partition* find_partition(std::string_view name) {
  const auto* found = std::ranges::find(kPartitions, name, &Partition::name);
  return found != kPartitions.end() ? &*found : nullptr;
}

}  // namespace gabion::aws
