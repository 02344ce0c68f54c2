#include "terraform/region_facts.h"

#include <array>
#include <string>
#include <vector>

namespace gabion::terraform {
namespace {

/// Partitions by the prefix of their regions' names; the first that fits counts.
struct Partition {
  std::string_view prefix;
  std::string_view name;
  std::string_view dns_suffix;
  std::string_view reverse_dns_prefix;
};
constexpr std::array<Partition, 8> kPartitions{{
    {"cn-", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"},
    {"us-gov-", "aws-us-gov", "amazonaws.com", "com.amazonaws"},
    {"us-iso-", "aws-iso", "c2s.ic.gov", "gov.ic.c2s"},
    {"us-isob-", "aws-iso-b", "sc2s.sgov.gov", "gov.sgov.sc2s"},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "uk.adc-e.cloud"},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov", "gov.ic.hci.csp"},
    {"eusc-", "aws-eusc", "amazonaws.eu", "eu.amazonaws"},
    {"", "aws", "amazonaws.com", "com.amazonaws"},
}};

const Partition& partition_of(std::string_view region) {
  for (const Partition& partition : kPartitions) {
    if (region.starts_with(partition.prefix)) {
      return partition;
    }
  }
  return kPartitions.back();
}

}  // namespace

bool is_region_data(const ResourceDeclaration& declaration) {
  return declaration.mode == model::Mode::kData &&
         (declaration.type == "aws_region" || declaration.type == "aws_partition");
}

eval::Value with_region_facts(const EvaluatedBody& evaluated, const eval::Value& provider_region, std::string_view type,
                              const eval::Symbol& owner, eval::Context& context) {
  eval::Value region = provider_region;
  for (const std::string_view name : {"region", "name"}) {
    if (const model::Attribute* given = evaluated.body.attribute(name); given != nullptr && !given->value.is_null()) {
      region = given->value;
    }
  }
  // An endpoint asks for the region behind a host name.
  if (!region.is_string() || evaluated.body.attribute("endpoint") != nullptr) {
    return evaluated.value;
  }
  std::vector<eval::Member> members;
  const auto add = [&](std::string_view name, std::string_view text) {
    members.push_back({name, eval::make_string(context.arena, text).with_origin(region.origin())});
  };
  if (type == "aws_region") {
    for (const std::string_view name : {"name", "region", "id"}) {
      add(name, region.text());
    }
  } else {
    const Partition& partition = partition_of(region.text());
    add("partition", partition.name);
    add("id", partition.name);
    add("dns_suffix", partition.dns_suffix);
    add("reverse_dns_prefix", partition.reverse_dns_prefix);
  }
  const auto written = evaluated.value.members();
  members.insert(members.end(), written.begin(), written.end());
  return eval::make_object(context.arena, members, eval::Rest::kComputed, &owner);
}

}  // namespace gabion::terraform
