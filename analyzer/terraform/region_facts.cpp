#include "terraform/region_facts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "aws/partition.h"

namespace gabion::terraform {
namespace {

using eval::Value;

/// `of` applied to a text, or to each of its alternatives; unknown texts that have none give an unknown of that name.
template <class Function>
Value map_text(const Value& text, std::string_view name, eval::Context& context, const Function& of) {
  if (text.is_string()) {
    return eval::make_string(context.arena, of(text.text())).with_origin(text.origin());
  }
  const eval::Symbol* symbol =
      context.symbols.derive(std::string(name) + " of " + eval::identity_text(text), *text.unknown().symbol);
  std::vector<Value> results;
  for (const Value& one : text.unknown().alternatives) {
    if (!one.is_string()) {
      results.clear();
      break;
    }
    results.push_back(eval::make_string(context.arena, of(one.text())));
  }
  return results.empty() ? eval::make_unknown(context.arena, eval::kStringType, symbol)
                         : eval::make_alternatives(context.arena, results, symbol);
}

}  // namespace

bool tells_account(std::string_view type) {
  return type == "aws_region" || type == "aws_partition" || type == "aws_caller_identity" ||
         type == "aws_service_principal";
}

Value partition_of(const Value& region, std::string_view assumed, eval::Context& context) {
  const auto of_region = [](std::string_view name) { return aws::partition_of_region(name).name; };
  if (region.is_string()) {
    return map_text(region, "partition", context, of_region);
  }
  if (region.is_unknown()) {
    const auto alternatives = region.unknown().alternatives;
    if (!alternatives.empty() && std::ranges::all_of(alternatives, [](const Value& one) { return one.is_string(); })) {
      return map_text(region, "partition", context, of_region);
    }
    // "us-gov-${var.side}": what is known of it belongs to one partition.
    const aws::Partition& begun = aws::partition_of_region(eval::known_prefix(region));
    if (&begun != &aws::standard_partition()) {
      return eval::make_string(context.arena, begun.name).with_origin(region.origin());
    }
  }
  return eval::make_string(context.arena, assumed.empty() ? aws::standard_partition().name : assumed);
}

std::span<const eval::Member> account_facts(const model::Body& body, const model::ProviderFacts& facts,
                                            std::string_view type, eval::Context& context) {
  std::vector<eval::Member> computed;
  const auto add = [&](std::string_view name, const Value& value) {
    if (!value.is_null()) {
      computed.push_back({name, value});
    }
  };
  if (type == "aws_region") {
    // An endpoint asks for the region behind a host name.
    Value region = body.attribute("endpoint") == nullptr ? facts.region : Value{};
    for (const std::string_view name : {"region", "name"}) {
      if (const model::Attribute* given = body.attribute(name); given != nullptr && !given->value.is_null()) {
        region = given->value;
      }
    }
    for (const std::string_view name : {"name", "region", "id"}) {
      add(name, region);
    }
  } else if (type == "aws_partition") {
    const auto fact = [&](std::string_view name, std::string_view aws::Partition::*field) {
      add(name, map_text(facts.partition, name, context, [&](std::string_view partition) {
            const aws::Partition* found = aws::find_partition(partition);
            return found != nullptr ? found->*field : std::string_view{};
          }));
    };
    const bool known = !facts.partition.is_string() || aws::find_partition(facts.partition.text()) != nullptr;
    add("partition", facts.partition);
    add("id", facts.partition);
    if (known) {
      fact("dns_suffix", &aws::Partition::dns_suffix);
      fact("reverse_dns_prefix", &aws::Partition::reverse_dns_prefix);
    }
  } else if (type == "aws_service_principal") {
    const model::Attribute* service = body.attribute("service_name");
    const model::Attribute* region = body.attribute("region");
    const Value partition =
        region == nullptr || region->value.is_null() ? facts.partition : partition_of(region->value, {}, context);
    // Other partitions have services with names of another form.
    const aws::Partition& standard = aws::standard_partition();
    if (partition.is_string() && partition.text() == standard.name && service != nullptr &&
        service->value.is_string()) {
      const std::string name = std::string(service->value.text()) + "." + std::string(standard.dns_suffix);
      add("name", eval::make_string(context.arena, name));
      add("suffix", eval::make_string(context.arena, standard.dns_suffix));
    }
  } else {
    add("account_id", facts.account);
    add("id", facts.account);
  }
  return context.arena.copy(computed);
}

}  // namespace gabion::terraform
