// Provider configurations as a ModuleInstance finds them: its own, those handed over by the call, or inherited ones.

#include <algorithm>
#include <array>

#include "aws/partition.h"
#include "source/ascii.h"
#include "terraform/expansion.h"
#include "terraform/module_instance.h"
#include "terraform/region_facts.h"

namespace gabion::terraform {
namespace {

/// "aws.east" of a reference or a string.
std::string provider_text(const hcl::Expression& expression) {
  if (const auto text = literal_text(expression)) {
    return std::string(*text);
  }
  if (expression.kind == hcl::ExpressionKind::kTraversal) {
    const auto& reference = hcl::as<hcl::Traversal>(expression);
    return std::string(reference.root) + "." + std::string(reference.steps.front().name);
  }
  return {};
}

/// The number of an account; who finds none may write something else in its place.
bool is_account(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  return text.size() == kDigits && std::ranges::all_of(text, source::is_digit);
}

/// Account and partition in the ARN of the role that the provider works as; empty when none is known.
struct AssumedRole {
  std::string_view partition;
  std::string_view account;
};
AssumedRole assumed_role(std::string_view arn) {
  std::array<std::string_view, 5> fields{};
  for (std::string_view& field : fields) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) {
      return {};
    }
    field = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  return fields[0] == "arn" ? AssumedRole{fields[1], fields[4]} : AssumedRole{};
}

}  // namespace

const hcl::Block* ModuleInstance::provider_block(std::string_view provider) const {
  const std::string_view name = provider.substr(0, provider.find('.'));
  const std::string_view alias = name.size() == provider.size() ? std::string_view{} : provider.substr(name.size() + 1);
  for (const hcl::Block* block : module_.other_blocks) {
    if (block->type != "provider" || block->labels.empty() || block->labels[0].text() != name) {
      continue;
    }
    const hcl::Attribute* given = block->body->attribute("alias");
    const std::string_view known =
        given == nullptr ? std::string_view{} : literal_text(*given->expression).value_or(std::string_view{});
    if (known == alias) {
      return block;
    }
  }
  return nullptr;
}

std::string ModuleInstance::callers_provider(std::string_view provider) const {
  const hcl::Attribute* providers = call_->block->body->attribute("providers");
  if (providers == nullptr || providers->expression->kind != hcl::ExpressionKind::kObject) {
    // Only configurations without alias are inherited.
    return provider.find('.') == std::string_view::npos ? std::string(provider) : std::string{};
  }
  for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(*providers->expression).items) {
    if (provider_text(*item.key) == provider) {
      return provider_text(*item.value);
    }
  }
  return {};
}

/// The facts of a provider configuration, as this module has it in `block` (null: it is not configured at all).
const model::ProviderFacts* ModuleInstance::configured_facts(std::string_view provider, const hcl::Block* block,
                                                             eval::Context& context) const {
  const Options& options = expansion_.library().options();
  source::Arena& arena = context.arena;
  auto* facts = arena.make<model::ProviderFacts>();
  facts->name = arena.copy(qualified(provider));
  AssumedRole role;
  if (block != nullptr && !in_provider_) {
    in_provider_ = true;
    if (const hcl::Attribute* region = block->body->attribute("region")) {
      facts->region = eval::evaluate(*region->expression, *this, context);
    }
    // The provider refuses to work in any other account.
    if (const hcl::Attribute* allowed = block->body->attribute("allowed_account_ids")) {
      const eval::Value accounts = eval::evaluate(*allowed->expression, *this, context);
      if (accounts.is_sequence() && accounts.elements().size() == 1) {
        const eval::Value account = eval::convert(accounts.elements()[0], eval::kStringType, context);
        facts->account = !account.is_string() || is_account(account.text()) ? account : eval::Value{};
      }
    }
    for (const hcl::Block& nested : block->body->blocks) {
      const hcl::Attribute* arn = nested.type == "assume_role" ? nested.body->attribute("role_arn") : nullptr;
      const eval::Value written = arn != nullptr ? eval::evaluate(*arn->expression, *this, context) : eval::Value{};
      role = written.is_string() ? assumed_role(written.text()) : AssumedRole{};
      if (is_account(role.account)) {
        facts->account = eval::make_string(arena, role.account).with_origin(written.origin());
      }
    }
    in_provider_ = false;
  }
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const auto given = options.environment.find(name);
    if (facts->region.is_null() && given != options.environment.end() && !given->second.empty()) {
      facts->region =
          eval::make_string(arena, given->second)
              .with_origin(eval::make_origin(arena, eval::OriginKind::kEnvironment, source::Region{}, name));
    }
  }
  if (facts->region.is_null() && !options.aws.region.empty()) {
    facts->region = eval::make_string(arena, options.aws.region);
  }
  if (!facts->account.is_string() && !facts->account.is_unknown()) {
    facts->account = options.aws.account_id.empty() ? eval::Value{} : eval::make_string(arena, options.aws.account_id);
  }
  if (facts->region.is_error()) {
    facts->region = expansion_.invalid("region of " + std::string(facts->name));
  }
  std::string_view assumed = !role.partition.empty() ? role.partition : std::string_view(options.aws.partition);
  if (assumed.empty() && !options.aws.region.empty()) {
    assumed = aws::partition_of_region(options.aws.region).name;
  }
  facts->partition = partition_of(facts->region, assumed, context);
  return facts;
}

const model::ProviderFacts& ModuleInstance::aws_facts(std::string_view provider, eval::Context& context) const {
  if (const auto known = aws_facts_.find(provider); known != aws_facts_.end()) {
    return *known->second;
  }
  const hcl::Block* block = provider_block(provider);
  const std::string handed_over = block == nullptr && caller_ != nullptr ? callers_provider(provider) : std::string{};
  if (!handed_over.empty()) {
    return *aws_facts_.emplace(provider, &caller_->aws_facts(handed_over, context)).first->second;
  }
  const bool nested = in_provider_;  // a provider that depends on itself: nothing to remember
  const model::ProviderFacts* facts = configured_facts(provider, block, context);
  return nested ? *facts : *aws_facts_.emplace(provider, facts).first->second;
}

}  // namespace gabion::terraform
