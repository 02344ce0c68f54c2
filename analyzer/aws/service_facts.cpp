#include "aws/service_facts.h"

#include <algorithm>
#include <array>
#include <span>

#include "aws/fact_reader.h"
#include "aws/text_memo.h"

namespace gabion::aws {
namespace {

// Fields of a service record.
constexpr std::size_t kFirstActionAt = 3;
constexpr std::size_t kFirstTypeAt = 5;
constexpr std::size_t kEveryAt = 7;
constexpr std::size_t kKeysAt = 10;

std::size_t field(std::size_t service, std::size_t at, std::size_t bytes) {
  return fixed_number(fact_tables().services, service * kServiceBytes + at, bytes);
}

FactCursor service_data(std::size_t service) {
  return {fact_tables().service_data, field(service, 0, kOffsetBytes)};
}

std::size_t index(ServiceId id) {
  return static_cast<std::size_t>(id);
}
std::size_t index(ActionId id) {
  return static_cast<std::size_t>(id);
}
std::size_t index(ResourceTypeId id) {
  return static_cast<std::size_t>(id);
}

FactCursor action_data(ActionId action) {
  const FactTables& tables = fact_tables();
  return {tables.action_data, offset_at(tables.actions, index(action))};
}

/// What an action has besides its name.
FactCursor shape_of(ActionId action) {
  FactCursor data = action_data(action);
  data.skip_text();
  return {fact_tables().shapes, data.number()};
}

FactCursor type_data(ResourceTypeId type) {
  const FactTables& tables = fact_tables();
  return {tables.type_data, offset_at(tables.types, index(type))};
}

void add_key_set(std::size_t place, std::vector<std::size_t>& out) {
  FactCursor set(fact_tables().key_sets, place);
  std::size_t number = 0;
  for (std::size_t left = set.number(); left > 0; --left) {
    number += set.number();
    out.push_back(number);
  }
}

/// Places of the key sets of a type.
std::size_t key_set_of(ResourceTypeId type) {
  FactCursor data = type_data(type);
  data.skip_text();
  data.skip_text();
  return data.number();
}

std::vector<std::size_t> key_numbers(ActionId action) {
  std::vector<std::size_t> numbers;
  const std::size_t service = index(service_of(action));
  add_key_set(field(service, kEveryAt, kOffsetBytes), numbers);
  FactCursor shape = shape_of(action);
  static_cast<void>(shape.byte());
  const std::size_t first_type = field(service, kFirstTypeAt, 2);
  for (std::size_t left = shape.number(); left > 0; --left) {
    add_key_set(key_set_of(static_cast<ResourceTypeId>(first_type + shape.number() / 2)), numbers);
  }
  add_key_set(shape.number(), numbers);
  std::ranges::sort(numbers);
  // std::ranges::unique does not compile here with clang 14.
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

ConditionKey key_at(std::size_t number) {
  const FactTables& tables = fact_tables();
  FactCursor data(tables.key_data, offset_at(tables.keys, number));
  ConditionKey key;
  key.name = data.text();
  key.type = static_cast<ValueType>(data.byte());
  return key;
}

std::vector<ConditionKey> keys_at(std::span<const std::size_t> numbers) {
  std::vector<ConditionKey> out;
  out.reserve(numbers.size());
  std::ranges::transform(numbers, std::back_inserter(out), key_at);
  return out;
}

bool equal_folded(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return folded(x) == folded(y); });
}

struct GlobalKey {
  std::string_view name;
  ValueType type;
};

// Source: IAM User Guide, "AWS global condition context keys".
constexpr std::array<GlobalKey, 62> kGlobalKeys = {{
    {"aws:AssumedRoot", ValueType::kBool},
    {"aws:CalledVia", ValueType::kStrings},
    {"aws:CalledViaAWSMCP", ValueType::kString},
    {"aws:CalledViaFirst", ValueType::kString},
    {"aws:CalledViaLast", ValueType::kString},
    {"aws:ChatbotSourceArn", ValueType::kArn},
    {"aws:CurrentTime", ValueType::kDate},
    {"aws:EpochTime", ValueType::kNumeric},
    {"aws:FederatedProvider", ValueType::kString},
    {"aws:IsMcpServiceAction", ValueType::kBool},
    {"aws:MultiFactorAuthAge", ValueType::kNumeric},
    {"aws:MultiFactorAuthPresent", ValueType::kBool},
    {"aws:PrincipalAccount", ValueType::kString},
    {"aws:PrincipalArn", ValueType::kArn},
    {"aws:PrincipalIsAWSService", ValueType::kBool},
    {"aws:PrincipalOrgID", ValueType::kString},
    {"aws:PrincipalOrgPaths", ValueType::kStrings},
    {"aws:PrincipalServiceName", ValueType::kString},
    {"aws:PrincipalServiceNamesList", ValueType::kStrings},
    {"aws:PrincipalTag/${TagKey}", ValueType::kString},
    {"aws:PrincipalType", ValueType::kString},
    {"aws:Referer", ValueType::kString},
    {"aws:RequestTag/${TagKey}", ValueType::kString},
    {"aws:RequestedRegion", ValueType::kString},
    {"aws:ResourceAccount", ValueType::kString},
    {"aws:ResourceOrgID", ValueType::kString},
    {"aws:ResourceOrgPaths", ValueType::kStrings},
    {"aws:ResourceTag/${TagKey}", ValueType::kString},
    {"aws:SecureTransport", ValueType::kBool},
    {"aws:SourceAccount", ValueType::kString},
    {"aws:SourceArn", ValueType::kArn},
    {"aws:SourceIdentity", ValueType::kString},
    {"aws:SourceIp", ValueType::kIp},
    {"aws:SourceOrgID", ValueType::kString},
    {"aws:SourceOrgPaths", ValueType::kStrings},
    {"aws:SourceOwner", ValueType::kString},
    {"aws:SourceVpc", ValueType::kString},
    {"aws:SourceVpcArn", ValueType::kArn},
    {"aws:SourceVpce", ValueType::kString},
    {"aws:TagKeys", ValueType::kStrings},
    {"aws:TokenIssueTime", ValueType::kDate},
    {"aws:UserAgent", ValueType::kString},
    {"aws:ViaAWSMCPService", ValueType::kBool},
    {"aws:ViaAWSService", ValueType::kBool},
    {"aws:VpceAccount", ValueType::kString},
    {"aws:VpceOrgID", ValueType::kString},
    {"aws:VpceOrgPaths", ValueType::kStrings},
    {"aws:VpcSourceIp", ValueType::kIp},
    {"aws:userid", ValueType::kString},
    {"aws:username", ValueType::kString},
    // Credentials of services that run code, and of sessions.
    {"aws:Ec2InstanceSourceVpc", ValueType::kString},
    {"aws:Ec2InstanceSourcePrivateIPv4", ValueType::kIp},
    {"ec2:RoleDelivery", ValueType::kNumeric},
    {"ec2:SourceInstanceArn", ValueType::kArn},
    {"glue:RoleAssumedBy", ValueType::kString},
    {"glue:CredentialIssuingService", ValueType::kString},
    {"identitystore:UserId", ValueType::kString},
    {"lambda:SourceFunctionArn", ValueType::kArn},
    {"codebuild:BuildArn", ValueType::kArn},
    {"codebuild:ProjectArn", ValueType::kArn},
    {"ssm:SourceInstanceArn", ValueType::kArn},
    {"ecs:task-definition", ValueType::kString},
}};

std::optional<ActionId> look_up_action(std::string_view name) {
  const std::size_t colon = name.find(':');
  const auto service = colon == std::string_view::npos ? std::nullopt : find_service(name.substr(0, colon));
  if (!service) {
    return std::nullopt;
  }
  const FactTables& tables = fact_tables();
  const std::string_view rest = name.substr(colon + 1);
  const std::size_t last = field(index(*service) + 1, kFirstActionAt, 2);
  const std::size_t found =
      lower_bound_of(tables.actions, tables.action_data, field(index(*service), kFirstActionAt, 2), last, rest);
  const auto action = static_cast<ActionId>(found);
  return found < last && action_data(action).compare_folded(rest) == 0 ? std::optional(action) : std::nullopt;
}

}  // namespace

std::string_view name(AccessLevel level) {
  constexpr std::array<std::string_view, 5> kNames = {"list", "read", "write", "permissions-management", "tagging"};
  return kNames[static_cast<std::size_t>(level)];
}

std::size_t service_count() {
  return fact_tables().services.size() / kServiceBytes - 1;
}

std::optional<ServiceId> find_service(std::string_view prefix) {
  std::size_t first = 0;
  std::size_t last = service_count();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const int order = service_data(middle).compare_folded(prefix);
    if (order == 0) {
      return static_cast<ServiceId>(middle);
    }
    (order < 0 ? first : last) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

std::string prefix_of(ServiceId service) {
  return service_data(index(service)).text();
}

std::string title_of(ServiceId service) {
  FactCursor data = service_data(index(service));
  data.skip_text();
  return data.text();
}

std::vector<ActionId> actions_of(ServiceId service) {
  std::vector<ActionId> out;
  const std::size_t last = field(index(service) + 1, kFirstActionAt, 2);
  for (std::size_t i = field(index(service), kFirstActionAt, 2); i < last; ++i) {
    out.push_back(static_cast<ActionId>(i));
  }
  return out;
}

std::vector<ActionId> actions_starting_with(ServiceId service, std::string_view start) {
  const FactTables& tables = fact_tables();
  const std::size_t last = field(index(service) + 1, kFirstActionAt, 2);
  const std::size_t first =
      lower_bound_of(tables.actions, tables.action_data, field(index(service), kFirstActionAt, 2), last, start);
  // No name has this byte: whatever goes on after the text is before it.
  const std::size_t end = lower_bound_of(tables.actions, tables.action_data, first, last, std::string(start) + '\xff');
  std::vector<ActionId> out;
  out.reserve(end - first);
  for (std::size_t i = first; i < end; ++i) {
    out.push_back(static_cast<ActionId>(i));
  }
  return out;
}

std::vector<ResourceTypeId> resource_types_of(ServiceId service) {
  std::vector<ResourceTypeId> out;
  const std::size_t last = field(index(service) + 1, kFirstTypeAt, 2);
  for (std::size_t i = field(index(service), kFirstTypeAt, 2); i < last; ++i) {
    out.push_back(static_cast<ResourceTypeId>(i));
  }
  return out;
}

std::vector<ConditionKey> condition_keys_of(ServiceId service) {
  std::vector<std::size_t> numbers;
  add_key_set(field(index(service), kKeysAt, kOffsetBytes), numbers);
  return keys_at(numbers);
}

std::size_t action_count() {
  return fact_tables().actions.size() / kOffsetBytes;
}

std::optional<ActionId> find_action(std::string_view name) {
  return remembered<look_up_action>(name);
}

std::string name_of(ActionId action) {
  return prefix_of(service_of(action)) + ":" + short_name_of(action);
}

std::string short_name_of(ActionId action) {
  return action_data(action).text();
}

void read_short_name(ActionId action, std::string& out) {
  action_data(action).text(out);
}

ServiceId service_of(ActionId action) {
  std::size_t first = 0;
  std::size_t last = service_count();
  while (last - first > 1) {
    const std::size_t middle = first + (last - first) / 2;
    (field(middle, kFirstActionAt, 2) <= index(action) ? first : last) = middle;
  }
  return static_cast<ServiceId>(first);
}

AccessLevel access_level(ActionId action) {
  return static_cast<AccessLevel>(shape_of(action).byte());
}

std::vector<ActionResource> resources_of(ActionId action) {
  FactCursor shape = shape_of(action);
  static_cast<void>(shape.byte());
  const std::size_t first = field(index(service_of(action)), kFirstTypeAt, 2);
  std::vector<ActionResource> out;
  for (std::size_t left = shape.number(); left > 0; --left) {
    const std::size_t coded = shape.number();
    out.push_back({static_cast<ResourceTypeId>(first + coded / 2), coded % 2 != 0});
  }
  return out;
}

bool supports_resource_level(ActionId action) {
  FactCursor shape = shape_of(action);
  static_cast<void>(shape.byte());
  return shape.number() != 0;
}

std::vector<ConditionKey> condition_keys_of(ActionId action) {
  return keys_at(key_numbers(action));
}

std::vector<ActionId> dependent_actions(ActionId action) {
  FactCursor shape = shape_of(action);
  static_cast<void>(shape.byte());
  for (std::size_t left = shape.number(); left > 0; --left) {
    static_cast<void>(shape.number());
  }
  static_cast<void>(shape.number());
  std::vector<ActionId> out;
  for (std::size_t left = shape.number(); left > 0; --left) {
    out.push_back(static_cast<ActionId>(shape.number()));
  }
  return out;
}

std::string name_of(ResourceTypeId type) {
  return type_data(type).text();
}

std::string arn_format(ResourceTypeId type) {
  FactCursor data = type_data(type);
  data.skip_text();
  return data.text();
}

std::vector<ConditionKey> condition_keys_of(ResourceTypeId type) {
  std::vector<std::size_t> numbers;
  add_key_set(key_set_of(type), numbers);
  return keys_at(numbers);
}

std::optional<ConditionKey> find_global_key(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(kGlobalKeys, [&](const GlobalKey& key) { return is_key(key.name, name); });
  return found == kGlobalKeys.end()
             ? std::nullopt
             : std::optional(ConditionKey{.name = std::string(found->name), .type = found->type});
}

std::vector<ConditionKey> global_keys() {
  std::vector<ConditionKey> out;
  std::ranges::transform(kGlobalKeys, std::back_inserter(out), [](const GlobalKey& key) {
    return ConditionKey{.name = std::string(key.name), .type = key.type};
  });
  return out;
}

bool is_key(std::string_view key, std::string_view name) {
  // Placeholders: "${TagKey}", and "<key>" in those of S3. What stands for one is not empty.
  const std::size_t open = std::min(key.find("${"), key.find('<'));
  if (open == std::string_view::npos) {
    return equal_folded(key, name);
  }
  const std::size_t close = key.find_first_of("}>", open);
  const std::string_view before = key.substr(0, open);
  const std::string_view after = close == std::string_view::npos ? std::string_view{} : key.substr(close + 1);
  if (name.size() <= before.size() || !equal_folded(name.substr(0, before.size()), before)) {
    return false;
  }
  // Any place may be the end of the placeholder: the rest may hold another one.
  for (std::size_t end = before.size() + 1; end <= name.size(); ++end) {
    if (is_key(after, name.substr(end))) {
      return true;
    }
  }
  return false;
}

bool accepts_key(ActionId action, std::string_view key) {
  if (find_global_key(key)) {
    return true;
  }
  const std::vector<std::size_t> numbers = key_numbers(action);
  return std::ranges::any_of(numbers, [&](std::size_t number) { return is_key(key_at(number).name, key); });
}

}  // namespace gabion::aws
