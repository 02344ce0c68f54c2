#include <algorithm>

#include "engine/fix_maker.h"
#include "engine/iam_functions.h"
#include "source/file_system.h"

namespace gabion::engine {

using eval::Truth;
using eval::Value;

namespace {

/// The attribute of a body, or of the blocks in it, whose value that is.
const model::Attribute* holder(const model::Body& body, const Value& value, const model::Body*& where, int depth = 0) {
  constexpr int kMaxDepth = 64;
  for (const model::Attribute& attribute : body.attributes) {
    if (&attribute.value.node() == &value.node()) {
      where = &body;
      return &attribute;
    }
  }
  for (const model::Block& block : body.blocks) {
    if (block.body != nullptr && depth < kMaxDepth) {
      if (const model::Attribute* found = holder(*block.body, value, where, depth + 1)) {
        return found;
      }
    }
  }
  return nullptr;
}

}  // namespace

bool FixMaker::find_holder(const Value& value, const model::Resource*& owner, std::string& path, std::string& plain) {
  const auto look = [&](const model::Resource& resource) {
    const model::Body* where = nullptr;
    const model::Attribute* attribute = holder(*resource.body, value, where);
    if (attribute == nullptr) {
      return false;
    }
    owner = &resource;
    path = joined_path(path_of(*resource.body, *where, true).value_or(""), attribute->name());
    plain = joined_path(path_of(*resource.body, *where, false).value_or(""), attribute->name());
    return true;
  };
  if (look(resource_)) {
    return true;
  }
  const auto all = rule_.configuration.resources();
  return std::any_of(all.begin(), all.end(),
                     [&](const model::Resource& other) { return other.mode == model::Mode::kManaged && look(other); });
}

bool FixMaker::policy(const PreparedPolicyFix& fix, FixBuilder& builder) {
  const Value value = eval::evaluate(*fix.of, scope_, context_);
  const std::shared_ptr<const iam::PolicyReading> read = rule_.views.plain_reading_of(value);
  const iam::PolicyReading& reading = *read;
  if (reading.documents.size() != 1 || reading.complete != Truth::kYes) {
    problem_ = "the policy is not known as one document";
    return false;
  }
  const iam::PolicyDocument& document = reading.documents.front();
  std::vector<ChangedStatement> changed;
  if (fix.where != nullptr) {
    const Value statements =
        policy_statements(value, context_, [&](const Value& policy) { return rule_.views.plain_reading_of(policy); });
    if (!statements.is_sequence()) {
      problem_ = "not all statements of the policy are known";
      return false;
    }
    for (std::size_t i = 0; i < statements.elements().size(); ++i) {
      const Value& statement = statements.elements()[i];
      const FixScope scope(scope_, resource_, added_, data_, &statement);
      const Value chosen = eval::evaluate(*fix.where, scope, context_);
      if (!chosen.is_bool() || !chosen.boolean()) {
        continue;
      }
      ChangedStatement one{i, {}};
      one.change.drop = fix.data->drop;
      if (!entries(fix.set, scope, one.change.set) || !entries(fix.add, scope, one.change.add) ||
          !entries(fix.remove, scope, one.change.remove) || !entries(fix.replace, scope, one.change.replace)) {
        problem_ = "what to write into the policy is not known";
        return false;
      }
      if (fix.split != nullptr && !split(*fix.split, statement, scope, one.change)) {
        problem_ = "what to make a statement of its own is not known";
        return false;
      }
      if (!one.change.empty()) {
        changed.push_back(std::move(one));
      }
    }
  }
  std::vector<FixValue> appended;
  if (fix.append != nullptr) {
    bool left_out = false;
    const auto more = value_of(*fix.append, fix_scope_, left_out);
    if (!more) {
      problem_ = "what to write into the policy is not known";
      return false;
    }
    if (!left_out) {
      appended = more->kind == FixValue::Kind::kList ? more->elements : std::vector<FixValue>{*more};
      paste_ = one_line_text(*more);
      appended_ += paste_;
      for (const FixValue& statement : appended) {
        for (const FixMember& element : statement.members) {
          conditions_ += element.name == "Condition" ? one_line_text(element.value) : std::string();
        }
      }
    }
  }
  std::optional<FixValue> version;
  if (fix.version != nullptr) {
    bool left_out = false;
    version = value_of(*fix.version, fix_scope_, left_out);
    if (left_out) {
      version.reset();
    }
  }
  if (changed.empty() && appended.empty() && !version) {
    return false;
  }
  // References are those of the judged resource's module, and mean nothing in another one.
  const bool refers =
      std::any_of(appended.begin(), appended.end(), [](const FixValue& one) { return !one.self_contained(); }) ||
      std::any_of(changed.begin(), changed.end(),
                  [](const ChangedStatement& one) { return !one.change.self_contained(); });
  std::string problem;
  std::vector<findings::Edit> edits = edit_policy(
      document, {std::move(changed), std::move(appended), std::move(version)}, syntax_, rule_.artifacts, problem);
  if (edits.empty()) {
    problem_ = remember(value, document, fix) ? problem : problem_;
    return false;
  }
  const bool elsewhere = std::any_of(edits.begin(), edits.end(), [&](const findings::Edit& edit) {
    return source::directory_of(rule_.artifacts.get(edit.region.artifact).path()) != module_.directory;
  });
  if (elsewhere && refers) {
    if (remember(value, document, fix)) {
      problem_ = "the policy is written outside of the module, where its resources have no name";
    }
    return false;
  }
  builder.add_edits(std::move(edits), "change the policy");
  return remember(value, document, fix);
}

bool FixMaker::split(const syntax::hcl::Expression& expression, const Value& statement, const eval::Scope& scope,
                     PolicyChange& change) {
  bool left_out = false;
  const auto parts = value_of(expression, scope, left_out);
  if (!parts) {
    return false;
  }
  if (left_out) {
    return true;
  }
  const auto whole = fix_value(statement, place());
  if (!whole) {
    return false;
  }
  for (const FixValue& part : parts->kind == FixValue::Kind::kList ? parts->elements : std::vector<FixValue>{*parts}) {
    split_off(part, *whole, change);
  }
  return true;
}

bool FixMaker::entries(const std::vector<PreparedName>& given, const eval::Scope& scope, std::vector<FixMember>& out) {
  for (const PreparedName& name : given) {
    bool left_out = false;
    auto value = value_of(*name.expression, scope, left_out);
    if (!value) {
      return false;
    }
    if (!left_out) {
      out.emplace_back(std::string(name.name), std::move(*value));
    }
  }
  return true;
}

bool FixMaker::remember(const Value& value, const iam::PolicyDocument& document, const PreparedPolicyFix& fix) {
  const model::Resource* owner = nullptr;
  std::string path;
  std::string plain;
  if (!find_holder(value, owner, path, plain)) {
    problem_ = "it was not found which resource holds the policy";
    return false;
  }
  changes_.push_back({std::string(owner->type), plain, false, std::string(owner->address), {}});
  std::optional<iam::Formula> keeps;
  if (fix.keeps != nullptr) {
    iam::ParsedFormula parsed = iam::read_formula(eval::evaluate(*fix.keeps, fix_scope_, context_));
    if (!parsed.formula) {
      problem_ = "the rule does not say what must stay allowed: " + parsed.error;
      return false;
    }
    keeps = std::move(parsed.formula);
  }
  changes_policy_ = true;
  if (!proved_) {
    return true;
  }
  auto before = std::make_shared<PolicyBefore>();
  before->memory = std::make_shared<source::Arena>(std::size_t{4} * 1024);
  eval::SymbolTable symbols(*before->memory);
  before->root = rule_.configuration.directory();
  before->address = owner->address;
  before->path = path;
  before->kind = iam::policy_kind_from_name(fix.data->kind.text).value_or(iam::PolicyKind::kIdentity);
  before->widens = fix.data->widens;
  before->document = moved_to(document, symbols, &rule_.artifacts);
  if (keeps) {
    before->keeps = moved_to(*keeps, symbols, &rule_.artifacts);
  }
  policies_.push_back(std::move(before));
  return true;
}

}  // namespace gabion::engine
