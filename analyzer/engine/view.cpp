#include "engine/view.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/permissions.h"
#include "engine/policy_memo.h"
#include "engine/policy_reading.h"
#include "engine/reference_index.h"
#include "source/file_system.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

/// Attributes that name a resource, whichever its type is.
constexpr std::array<std::string_view, 3> kNamingAttributes = {"id", "name", "identifier"};
/// Attributes that name a resource of one type, and refer to it in others.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kOwnNames = {
    {{"bucket", "aws_s3_bucket"},
     {"bucket", "aws_s3_directory_bucket"},
     {"cluster_identifier", "aws_docdb_cluster"},
     {"cluster_identifier", "aws_neptune_cluster"},
     {"cluster_identifier", "aws_rds_cluster"},
     {"cluster_identifier", "aws_redshift_cluster"},
     {"family", "aws_ecs_task_definition"},
     {"function_name", "aws_lambda_function"},
     {"global_cluster_identifier", "aws_rds_global_cluster"},
     {"key_id", "aws_kms_external_key"},
     {"key_id", "aws_kms_key"},
     {"key_id", "aws_kms_replica_key"},
     {"repository", "aws_codeartifact_repository"},
     {"replication_group_id", "aws_elasticache_replication_group"}}};

/// By first letters, the lengths that attributes have of which some resource goes by.
constexpr std::array<std::uint32_t, 26> kLengthsOfNames = [] {
  std::array<std::uint32_t, 26> lengths{};
  const auto add = [&](std::string_view name) {
    lengths[static_cast<std::size_t>(name.front() - 'a')] |= 1U << name.size();
  };
  std::ranges::for_each(kNamingAttributes, add);
  std::ranges::for_each(kOwnNames, add, &std::pair<std::string_view, std::string_view>::first);
  add("arn");
  return lengths;
}();

constexpr bool has_length_of_name(std::string_view attribute) {
  constexpr std::size_t kLongest = 31;
  const std::size_t letter = attribute.empty() ? kLengthsOfNames.size() : static_cast<std::size_t>(attribute[0]) - 'a';
  return letter < kLengthsOfNames.size() && attribute.size() <= kLongest &&
         (kLengthsOfNames[letter] >> attribute.size() & 1U) != 0;
}

Truth symbol_refers_to(const eval::Symbol& symbol, const model::Resource& target) {
  switch (symbol.reason) {
    case eval::Reason::kComputed:
    case eval::Reason::kData:
      if (symbol.subject == target.address) {
        return Truth::kYes;
      }
      if (without_keys(symbol.subject) == target.config_address) {
        // Same block, other instance: the same one only where one of the keys is not known.
        const bool open = symbol.subject.find("[*]") != std::string_view::npos ||
                          target.address.find("[*]") != std::string_view::npos;
        return open ? Truth::kYes : Truth::kNo;
      }
      return symbol.subject.empty() ? Truth::kUnknown : Truth::kNo;
    case eval::Reason::kVariable:
    case eval::Reason::kModule:
    case eval::Reason::kFunction:
    case eval::Reason::kFile:
    case eval::Reason::kInstance:
    case eval::Reason::kInvalid:
    case eval::Reason::kBudget:
    case eval::Reason::kUnsupported:
    case eval::Reason::kConfiguration:
      return Truth::kUnknown;
  }
  return Truth::kUnknown;
}

Truth known_text_refers_to(const Value& value, const model::Resource& target) {
  for (const model::Attribute& attribute : target.body->attributes) {
    if (!names_itself(target, attribute.name())) {
      continue;
    }
    if (attribute.value.is_string() && attribute.value.text() == value.text()) {
      return Truth::kYes;
    }
  }
  return Truth::kNo;
}

/// The same in another memory, for what does not last as long.
eval::Context in_arena(source::Arena& arena, const eval::Context& context) {
  eval::Context made{arena, context.symbols, context.budget, context.limits};
  made.patterns = context.patterns;
  made.for_rules = context.for_rules;
  return made;
}

}  // namespace

std::vector<std::string_view> address_parts(std::string_view address) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']') {
      --depth;
    } else if (c == '.' && depth == 0) {
      parts.push_back(address.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(address.substr(begin));
  return parts;
}

std::string without_keys(std::string_view address) {
  std::string result;
  for (const std::string_view part : address_parts(address)) {
    result += result.empty() ? "" : ".";
    result += part.substr(0, part.find('['));
  }
  return result;
}

bool names_itself(const model::Resource& resource, std::string_view attribute) {
  // Each attribute of what is referred to is asked about, and few look like these.
  if (!has_length_of_name(attribute)) {
    return false;
  }
  // What is read is what its arguments say; what is made has no ARN to give.
  return std::find(kNamingAttributes.begin(), kNamingAttributes.end(), attribute) != kNamingAttributes.end() ||
         (attribute == "arn" && resource.mode == model::Mode::kData) ||
         std::find(kOwnNames.begin(), kOwnNames.end(), std::pair(attribute, resource.type)) != kOwnNames.end();
}

bool is_unknown_name_of(const Value& value, const model::Resource& target) {
  return std::ranges::any_of(target.body->attributes, [&](const model::Attribute& attribute) {
    return names_itself(target, attribute.name()) && attribute.value.is_unknown() &&
           eval::equals(attribute.value, value) == Truth::kYes;
  });
}

Truth refers_to(const Value& value, const model::Resource& target) {
  if (value.is_string()) {
    return value.text().empty() ? Truth::kNo : known_text_refers_to(value, target);
  }
  if (!value.is_unknown()) {
    return Truth::kNo;
  }
  // An unknown that is the target's own name (bucket = var.name on both sides) refers to it too.
  if (is_unknown_name_of(value, target)) {
    return Truth::kYes;
  }
  const eval::Unknown& unknown = value.unknown();
  if (!unknown.alternatives.empty()) {
    Truth any = Truth::kNo;
    for (const Value& alternative : unknown.alternatives) {
      any = any | refers_to(alternative, target);
    }
    return any;
  }
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr && !detail->parts.empty()) {
    // "${aws_s3_bucket.b.id}" refers; "${aws_s3_bucket.b.id}-logs" is another thing's name.
    const Value* only = nullptr;
    for (const eval::Part& part : detail->parts) {
      if (part.value == nullptr ? !part.text.empty() : only != nullptr) {
        return Truth::kNo;
      }
      only = part.value != nullptr ? part.value : only;
    }
    return only == nullptr ? Truth::kNo : refers_to(*only, target);
  }
  return symbol_refers_to(*unknown.symbol, target);
}

Views::Views(const model::Configuration& configuration, eval::Context& context)
    : configuration_(configuration),
      context_(context),
      lasting_(context),
      subject_context_(in_arena(subject_arena_, context)),
      subject_(subject_context_) {}

Views::~Views() = default;

const Permissions& Views::permissions(const source::ArtifactStore& artifacts) {
  if (permissions_ == nullptr) {
    permissions_ =
        std::make_unique<Permissions>(configuration_, artifacts, references(), policies(), readings_, policy_options());
  }
  return *permissions_;
}

const iam::ReadOptions& Views::policy_options() {
  if (!policy_options_) {
    policy_options_ = policy_reading(configuration_);
  }
  return *policy_options_;
}

Value Views::resource(const model::Resource& resource) {
  const Value* const known = lasting_.find(resource);
  return known != nullptr ? *known : lasting_.make(resource);
}

Value Views::subject(const model::Resource& resource) {
  if (const Value* const known = lasting_.find(resource)) {
    return *known;
  }
  const Value* const known = subject_.find(resource);
  return known != nullptr ? *known : subject_.make(resource);
}

void Views::end_subject() {
  subject_.clear();
  subject_arena_.clear();
}

Value Views::block(const model::ConfigurationBlock& block) {
  if (const auto known = configuration_blocks_.find(&block); known != configuration_blocks_.end()) {
    return known->second;
  }
  const Value view = lasting_.make(block);
  blocks_by_node_.emplace(&view.node(), &block);
  return configuration_blocks_.emplace(&block, view).first->second;
}

Value Views::file(const model::SourceFile& file) {
  if (const auto known = files_.find(&file); known != files_.end()) {
    return known->second;
  }
  const std::string_view path = file.artifact->path();
  const auto text = [&](std::string_view name, std::string_view value) {
    return eval::Member{name, eval::make_string(context_.arena, value), {}};
  };
  const auto flag = [](std::string_view name, bool value) { return eval::Member{name, eval::make_bool(value), {}}; };
  const Value tracked = file.tracked
                            ? eval::make_bool(*file.tracked)
                            : eval::make_unknown(context_.arena, eval::kBoolType,
                                                 context_.symbols.intern({.reason = eval::Reason::kFile,
                                                                          .text = "what git tracks",
                                                                          .subject = {},
                                                                          .path = {},
                                                                          .region = {file.artifact->id(), 0, 0}}));
  const std::vector<eval::Member> members = {
      text("path", path),      text("name", source::name_of(path)), text("directory", source::directory_of(path)),
      text("kind", file.kind), flag("repository", file.repository), flag("ignored", file.ignored),
      {"tracked", tracked, {}}};
  const Value view = eval::make_object(context_.arena, members, eval::Rest::kNull);
  files_by_node_.emplace(&view.node(), &file);
  return files_.emplace(&file, view).first->second;
}

const model::SourceFile* Views::file_of(const Value& view) const {
  const auto known = files_by_node_.find(&view.node());
  return known == files_by_node_.end() ? nullptr : known->second;
}

const secrets::Detector& Views::detector() {
  std::unique_ptr<const secrets::Detector>& detector = shared_detector_ != nullptr ? *shared_detector_ : detector_;
  if (detector == nullptr) {
    detector = std::make_unique<const secrets::Detector>();
  }
  return *detector;
}

ReferenceIndex& Views::references() {
  if (references_ == nullptr) {
    references_ = std::make_unique<ReferenceIndex>(configuration_, *this);
  }
  return *references_;
}

PolicyMemo& Views::policies() {
  if (shared_policies_ != nullptr) {
    return *shared_policies_;
  }
  if (policies_ == nullptr) {
    policies_ = std::make_unique<PolicyMemo>();
  }
  return *policies_;
}

ViewStore::Attribute* Views::viewed(const Value& policy) {
  ViewStore::Attribute* const passing = subject_.attribute(policy);
  return passing != nullptr ? passing : lasting_.attribute(policy);
}

Views::Reading Views::reading_of(const Value& policy, const iam::ReadOptions& options) {
  ViewStore::Attribute* const attribute = viewed(policy);
  if (attribute != nullptr && attribute->reading != nullptr) {
    return attribute->reading;
  }
  // What is put together in a configuration lasts as long as that; an origin that a view gave, or what a rule made,
  // not.
  Reading reading = attribute != nullptr && PolicyReadings::put_together(policy) ? readings_.read(policy, options)
                                                                                 : readings_.find(policy);
  if (reading == nullptr) {
    reading = std::make_shared<const iam::PolicyReading>(iam::read_policy(policy, options));
  }
  if (attribute != nullptr) {
    attribute->reading = reading;
  }
  return reading;
}

Views::Reading Views::known_reading_of(const Value& policy) {
  const ViewStore::Attribute* const attribute = viewed(policy);
  return attribute == nullptr ? nullptr : attribute->reading != nullptr ? attribute->reading : attribute->plain_reading;
}

Views::Reading Views::plain_reading_of(const Value& policy) {
  ViewStore::Attribute* const attribute = viewed(policy);
  if (attribute != nullptr && attribute->plain_reading != nullptr) {
    return attribute->plain_reading;
  }
  Reading reading = readings_.find_unresolved(policy);
  if (reading == nullptr) {
    reading = std::make_shared<const iam::PolicyReading>(iam::read_policy(policy));
  }
  if (attribute != nullptr) {
    attribute->plain_reading = reading;
  }
  return reading;
}

PolicyQuestion Views::question_about(const Value& policy, const iam::ReadOptions& options) {
  ViewStore::Attribute* const attribute = viewed(policy);
  if (attribute != nullptr && attribute->question != nullptr) {
    return {*attribute->question, options};
  }
  PolicyQuestion question(options);
  question.add(policy);
  policies().shorten(question);
  if (attribute != nullptr) {
    attribute->question = std::make_shared<const PolicyQuestion>(question);
  }
  return question;
}

const Value& Views::blocks(std::string_view kind) {
  if (const auto known = by_kind_.find(kind); known != by_kind_.end()) {
    return known->second;
  }
  std::vector<Value> result;
  for (const model::Module& module : configuration_.modules()) {
    for (const model::ConfigurationBlock& block : module.blocks) {
      if (block.kind == kind) {
        result.push_back(this->block(block));
      }
    }
  }
  return by_kind_.emplace(context_.arena.copy(kind), eval::make_tuple(context_.arena, result)).first->second;
}

const Views::Instances& Views::instances(std::string_view type) {
  if (const auto known = by_type_.find(type); known != by_type_.end()) {
    return known->second;
  }
  Instances result;
  std::vector<Value> all;
  for (const model::ResourceId id : configuration_.of_type(type)) {
    const model::Resource& instance = configuration_.resource(id);
    all.push_back(resource(instance));
    if (!instance.certain) {
      result.uncertain.push_back(&instance);
    }
  }
  result.all = eval::make_tuple(context_.arena, all);
  result.count = all.size();
  return by_type_.emplace(context_.arena.copy(type), std::move(result)).first->second;
}

const model::ConfigurationBlock* Views::configuration_block_of(const Value& view) const {
  const auto known = blocks_by_node_.find(&view.node());
  return known == blocks_by_node_.end() ? nullptr : known->second;
}

const model::ConfigurationBlock* Views::provider(const std::string& name) {
  if (!providers_) {
    providers_.emplace();
    for (const model::Module& module : configuration_.modules()) {
      for (const model::ConfigurationBlock& block : module.blocks) {
        if (block.kind == "provider") {
          std::string full = module.address.empty() ? std::string() : std::string(module.address) + ".";
          full += block.name;
          full += block.alias.empty() ? "" : "." + std::string(block.alias);
          providers_->emplace(std::move(full), &block);
        }
      }
    }
  }
  const auto known = providers_->find(name);
  return known == providers_->end() ? nullptr : known->second;
}

const model::Resource* Views::resource_of(const Value& view) const {
  const model::Resource* const subject = subject_.resource_of(view);
  return subject != nullptr ? subject : lasting_.resource_of(view);
}

const syntax::hcl::Block* content_of(const model::Block& block) {
  if (block.syntax == nullptr || !block.generated) {
    return block.syntax;
  }
  for (const syntax::hcl::Block& nested : block.syntax->body->blocks) {
    if (nested.type == "content") {
      return &nested;
    }
  }
  return nullptr;
}

const syntax::hcl::Block* Views::block_of(const Value& view) const {
  if (const model::Resource* resource = resource_of(view); resource != nullptr) {
    return resource->syntax;
  }
  const model::Block* const passing = subject_.block_of(view);
  const model::Block* const known = passing != nullptr ? passing : lasting_.block_of(view);
  return known == nullptr ? nullptr : content_of(*known);
}

const model::Body* Views::body_of(const Value& view) const {
  const model::Body* const passing = subject_.body_of(view);
  return passing != nullptr ? passing : lasting_.body_of(view);
}

}  // namespace gabion::engine
