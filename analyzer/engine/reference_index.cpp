#include "engine/reference_index.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_set>

#include "engine/bucket_names.h"
#include "engine/policy_uses.h"
#include "engine/view.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;
using model::ResourceId;

/// Alternatives and parts nest no deeper in values than values do.
constexpr int kMaxDepth = eval::kMaxValueDepth;

void collect(const Value& value, std::string_view path, std::vector<Value>& found, int depth) {
  constexpr int kMaxSteps = 16;
  if (depth > kMaxSteps) {
    return;
  }
  if (path.empty()) {
    found.push_back(value);
    return;
  }
  for (const Value& element : value.held()) {
    collect(element, path, found, depth + 1);
  }
  const std::size_t dot = path.find('.');
  if (const Value* member = value.held_member(path.substr(0, dot))) {
    collect(*member, dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1), found, depth + 1);
    return;
  }
  if (value.is_unknown()) {
    if (value.unknown().element != nullptr) {
      collect(*value.unknown().element, path, found, depth + 1);
    } else {
      found.push_back(value);
    }
  }
}

/// Truth of "the value, or an element of the list that it is, refers to the target".
Truth refers(const Value& value, const model::Resource& target) {
  Truth any = value.is_sequence() ? Truth::kNo : refers_to(value, target);
  for (const Value& element : value.held()) {
    any = any | refers(element, target);
  }
  return any;
}

bool is_open(std::string_view address) {
  return address.find("[*]") != std::string_view::npos;
}

void append_symbol(const eval::Symbol* symbol, std::string& out) {
  // Symbols are interned: their address is their identity. Zeros around it keep it apart from text.
  std::array<char, sizeof(symbol) + 2> bytes{};
  std::memcpy(bytes.data() + 1, &symbol, sizeof(symbol));
  out.append(bytes.data(), bytes.size());
}

/// Text that is the same for symbolic strings that are surely equal: their literal text with the symbols between.
void append_pieces(const Value& value, std::string& out, int depth) {
  if (!value.is_unknown()) {
    out += eval::primitive_text(value);
    return;
  }
  if (value.detail() == nullptr || value.detail()->parts.empty() || depth > kMaxDepth) {
    append_symbol(value.unknown().symbol, out);
    return;
  }
  for (const eval::Part& part : value.detail()->parts) {
    if (part.value == nullptr) {
      out += part.text;
    } else {
      append_pieces(*part.value, out, depth + 1);
    }
  }
}

/// Keys of which two values have one in common whenever equals() finds that they are surely equal, and one is unknown.
void add_identities(const Value& value, std::vector<std::string>& keys, int depth) {
  append_pieces(value, keys.emplace_back(), 0);
  if (!value.is_unknown() || depth > kMaxDepth) {
    return;
  }
  append_symbol(value.unknown().symbol, keys.emplace_back());
  for (const Value& alternative : value.unknown().alternatives) {
    add_identities(alternative, keys, depth + 1);
  }
}

std::vector<std::string> identities(const Value& value) {
  std::vector<std::string> keys;
  add_identities(value, keys, 0);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// The value that a symbolic string is nothing but, or null.
const Value* only_part(const eval::StringDetail& detail) {
  const Value* only = nullptr;
  for (const eval::Part& part : detail.parts) {
    if (part.value == nullptr ? !part.text.empty() : only != nullptr) {
      return nullptr;
    }
    only = part.value != nullptr ? part.value : only;
  }
  return only;
}

bool names_object(const eval::Symbol& symbol) {
  return symbol.reason == eval::Reason::kComputed || symbol.reason == eval::Reason::kData;
}

}  // namespace

bool may_refer_to_any(const Value& value) {
  if (!value.is_unknown()) {
    return false;
  }
  const eval::Unknown& unknown = value.unknown();
  if (!unknown.alternatives.empty()) {
    return std::any_of(unknown.alternatives.begin(), unknown.alternatives.end(), may_refer_to_any);
  }
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr && !detail->parts.empty()) {
    const Value* only = only_part(*detail);
    return only != nullptr && may_refer_to_any(*only);
  }
  return !names_object(*unknown.symbol) || unknown.symbol->subject.empty();
}

std::vector<const model::ConfigurationBlock*> absent_calls(const model::Configuration& configuration) {
  std::unordered_set<const syntax::hcl::Block*> here;
  for (const model::Module& module : configuration.modules()) {
    here.insert(module.call_syntax);
  }
  std::vector<const model::ConfigurationBlock*> absent;
  for (const model::Module& module : configuration.modules()) {
    for (const model::ConfigurationBlock& block : module.blocks) {
      if (block.kind == "module" && !here.contains(block.syntax)) {
        absent.push_back(&block);
      }
    }
  }
  return absent;
}

std::vector<Value> values_at(const Value& view, std::string_view path) {
  std::vector<Value> found;
  collect(view, path, found, 0);
  return found;
}

/// Resources by what names them.
struct ReferenceIndex::Named {
  ByText by_text;      ///< naming attributes that are known
  ByText by_identity;  ///< naming attributes that are not
  ByText by_address;
  ByText by_block;  ///< instances of one block, by its address
  ByText open;      ///< those of them of which a key is not known
};

/// Resources by what their values at one path name.
struct ReferenceIndex::Naming {
  ByText by_text;
  ByText by_identity;
  ByText by_subject;
  ByText by_block;  ///< by the address of the subject's block
  ByText open;      ///< those whose subject has keys that are not known
  Ids any;          ///< with a value that may refer to any resource
};

ReferenceIndex::ReferenceIndex(const model::Configuration& configuration, Views& views)
    : configuration_(configuration), views_(views) {}

ReferenceIndex::~ReferenceIndex() = default;

PolicyUses& ReferenceIndex::policy_uses() {
  if (policy_uses_ == nullptr) {
    policy_uses_ = std::make_unique<PolicyUses>(configuration_);
  }
  return *policy_uses_;
}

const BucketNames& ReferenceIndex::bucket_names() {
  if (bucket_names_ == nullptr) {
    bucket_names_ = std::make_unique<const BucketNames>(configuration_);
  }
  return *bucket_names_;
}

void ReferenceIndex::add_id(ByText& to, std::string_view text, ResourceId id) {
  Ids& ids = to[text];
  if (ids.empty() || ids.back() != id) {
    ids.push_back(id);
  }
}

void ReferenceIndex::add_id_of_copy(ByText& to, std::string_view text, ResourceId id) {
  const auto found = to.find(text);
  add_id(to, found == to.end() ? texts_.copy(text) : found->first, id);
}

void ReferenceIndex::find(const ByText& in, std::string_view text, std::vector<std::span<const ResourceId>>& found) {
  if (const auto known = in.find(text); known != in.end()) {
    found.emplace_back(known->second);
  }
}

const ReferenceIndex::Named& ReferenceIndex::named() {
  if (named_ != nullptr) {
    return *named_;
  }
  named_ = std::make_unique<Named>();
  for (const model::Resource& resource : configuration_.resources()) {
    add_id(named_->by_address, resource.address, resource.id);
    add_id(named_->by_block, resource.config_address, resource.id);
    if (is_open(resource.address)) {
      add_id(named_->open, resource.config_address, resource.id);
    }
    for (const model::Attribute& attribute : resource.body->attributes) {
      if (!names_itself(resource, attribute.name())) {
        continue;
      }
      if (attribute.value.is_string()) {
        add_id(named_->by_text, attribute.value.text(), resource.id);
      } else if (attribute.value.is_unknown()) {
        for (const std::string& key : identities(attribute.value)) {
          add_id_of_copy(named_->by_identity, key, resource.id);
        }
      }
    }
  }
  return *named_;
}

void ReferenceIndex::look_up(const Value& value, std::vector<std::span<const ResourceId>>& found, int depth) {
  const Named& names = named();
  if (value.is_string()) {
    find(names.by_text, value.text(), found);
    return;
  }
  if (!value.is_unknown() || depth > kMaxDepth) {
    return;
  }
  for (const std::string& key : identities(value)) {
    find(names.by_identity, key, found);
  }
  for (const Value& alternative : value.unknown().alternatives) {
    look_up(alternative, found, depth + 1);
  }
  if (!value.unknown().alternatives.empty()) {
    return;
  }
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr && !detail->parts.empty()) {
    if (const Value* only = only_part(*detail)) {
      look_up(*only, found, depth + 1);
    }
    return;
  }
  const eval::Symbol& symbol = *value.unknown().symbol;
  if (names_object(symbol) && !symbol.subject.empty()) {
    find(names.by_address, symbol.subject, found);
    find(is_open(symbol.subject) ? names.by_block : names.open, without_keys(symbol.subject), found);
  }
}

const model::Resource* ReferenceIndex::named_by(const Value& value) {
  if (!value.is_unknown()) {
    return nullptr;
  }
  std::vector<std::span<const ResourceId>> found;
  for (const std::string& key : identities(value)) {
    find(named().by_identity, key, found);
  }
  const model::Resource* first = nullptr;
  for (const std::span<const ResourceId> ids : found) {
    for (const ResourceId id : ids) {
      const model::Resource& candidate = configuration_.resource(id);
      if ((first == nullptr || id < first->id) && is_unknown_name_of(value, candidate)) {
        first = &candidate;
      }
    }
  }
  return first;
}

ResolvedReference ReferenceIndex::resolve(const Value& value) {
  ResolvedReference result;
  if (!value.is_string() && !value.is_unknown()) {
    return result;
  }
  std::vector<std::span<const ResourceId>> found;
  look_up(value, found, 0);
  for (const std::span<const ResourceId> ids : found) {
    for (const ResourceId id : ids) {
      if (result.resource != nullptr && id >= result.resource->id) {
        break;
      }
      const model::Resource& candidate = configuration_.resource(id);
      if (refers_to(value, candidate) == Truth::kYes) {
        result.resource = &candidate;
        break;
      }
    }
  }
  // What is in error, such as the name of a resource that nobody declares, names none of those that there are.
  const bool in_error = value.is_unknown() && value.unknown().symbol->reason == eval::Reason::kInvalid;
  result.open =
      result.resource == nullptr && !in_error && !configuration_.resources().empty() && may_refer_to_any(value);
  return result;
}

std::vector<ResourceId> ReferenceIndex::candidates(std::string_view type, const Value& value) {
  const std::span<const ResourceId> all = configuration_.of_type(type);
  std::vector<std::span<const ResourceId>> found;
  const auto look_at = [&](const Value& one) {
    if (one.is_string() || one.is_unknown()) {
      look_up(one, found, 0);
    }
    return !may_refer_to_any(one);
  };
  if (!(value.is_sequence() ? std::ranges::all_of(value.elements(), look_at) : look_at(value))) {
    return {all.begin(), all.end()};
  }
  std::vector<ResourceId> named;
  for (const std::span<const ResourceId> ids : found) {
    named.insert(named.end(), ids.begin(), ids.end());
  }
  std::ranges::sort(named);
  named.erase(std::unique(named.begin(), named.end()), named.end());
  std::vector<ResourceId> result;
  std::ranges::set_intersection(named, all, std::back_inserter(result));
  return result;
}

void ReferenceIndex::add(const Value& value, ResourceId id, Naming& to, int depth) {
  if (depth > kMaxDepth) {
    return;
  }
  if (value.is_string()) {
    if (!value.text().empty()) {
      add_id_of_copy(to.by_text, value.text(), id);
    }
    return;
  }
  for (const Value& element : value.held()) {
    add(element, id, to, depth + 1);
  }
  if (!value.is_unknown()) {
    return;
  }
  if (may_refer_to_any(value) && (to.any.empty() || to.any.back() != id)) {
    to.any.push_back(id);
  }
  for (const std::string& key : identities(value)) {
    add_id_of_copy(to.by_identity, key, id);
  }
  const eval::Unknown& unknown = value.unknown();
  if (!unknown.alternatives.empty()) {
    for (const Value& alternative : unknown.alternatives) {
      // A list among alternatives refers to nothing, as refers_to() sees it.
      if (!alternative.is_sequence()) {
        add(alternative, id, to, depth + 1);
      }
    }
    return;
  }
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr && !detail->parts.empty()) {
    if (const Value* only = only_part(*detail)) {
      add(*only, id, to, depth + 1);
    }
    return;
  }
  const eval::Symbol& symbol = *unknown.symbol;
  if (names_object(symbol) && !symbol.subject.empty()) {
    add_id_of_copy(to.by_subject, symbol.subject, id);
    const std::string block = without_keys(symbol.subject);
    add_id_of_copy(to.by_block, block, id);
    if (is_open(symbol.subject)) {
      add_id_of_copy(to.open, block, id);
    }
  }
}

const ReferenceIndex::Naming& ReferenceIndex::naming(std::string_view type, std::string_view path) {
  const std::pair<std::string, std::string> key(type, path);
  if (const auto known = naming_.find(key); known != naming_.end()) {
    return *known->second;
  }
  auto made = std::make_unique<Naming>();
  for (const ResourceId id : configuration_.of_type(type)) {
    for (const Value& value : values_at(views_.resource(configuration_.resource(id)), path)) {
      add(value, id, *made, 0);
    }
  }
  return *naming_.emplace(key, std::move(made)).first->second;
}

namespace {

/// Do resources of these types say at these paths whose part they are, as aws_s3_bucket_policy does with `bucket`, and
/// aws_eks_addon with `cluster_name`? What only uses the target names it otherwise (`target_bucket`), or is called
/// otherwise.
bool are_parts(const model::Resource& target, std::span<const std::string_view> types,
               std::span<const std::string_view> paths) {
  const std::size_t last = target.type.rfind('_') + 1;
  const std::string_view service = target.type.substr(0, last);
  const std::string_view whose = target.type.substr(last);
  const bool by_name = std::ranges::any_of(
      paths, [&](std::string_view path) { return path.starts_with(whose) && path.substr(whose.size()) == "_name"; });
  return std::ranges::any_of(types,
                             [&](std::string_view type) {
                               const bool named_after = type.size() > target.type.size() &&
                                                        type.starts_with(target.type) &&
                                                        type[target.type.size()] == '_';
                               return named_after || (by_name && type.starts_with(service));
                             }) &&
         std::ranges::any_of(paths, [&](std::string_view path) { return path.starts_with(whose); });
}

/// Parts name what they are parts of by its name or id. Who is given an ARN allows something on it, or encrypts with
/// it.
bool is_arn(const Value& value) {
  if (value.is_string()) {
    return value.text().starts_with("arn:");
  }
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr && !detail->parts.empty()) {
    const Value* only = only_part(*detail);
    return only == nullptr || is_arn(*only);  // parts nest no deeper than values do
  }
  return value.is_unknown() && value.unknown().alternatives.empty() && value.unknown().symbol->path.ends_with("arn");
}

}  // namespace

void ReferenceIndex::know_absent_modules() {
  given_.emplace();
  for (const model::ConfigurationBlock* const call : absent_calls(configuration_)) {
    const auto add = [&](const auto& self, const Value& value, int depth) -> void {
      if (depth > kMaxDepth) {
        return;
      }
      if ((value.is_string() || value.is_unknown()) && !is_arn(value)) {
        given_->emplace_back(value, call);
      }
      for (const Value& element : value.held()) {
        self(self, element, depth + 1);
      }
      for (const eval::Member& member : value.held_members()) {
        self(self, member.value, depth + 1);
      }
    };
    for (const model::Attribute& argument : call->body.attributes) {
      add(add, argument.value, 0);
    }
  }
}

const model::ConfigurationBlock* ReferenceIndex::given_to(const model::Resource& target) {
  if (!given_) {
    know_absent_modules();
  }
  const auto taker = [&]() -> const model::ConfigurationBlock* {
    const auto found =
        std::ranges::find_if(*given_, [&](const auto& given) { return refers_to(given.first, target) == Truth::kYes; });
    return found == given_->end() ? nullptr : found->second;
  };
  // Several rules ask about each resource that has parts. What stands in for one has no number of its own.
  const auto resources = configuration_.resources();
  const auto number = static_cast<std::size_t>(target.id);
  if (number >= resources.size() || &resources[number] != &target) {
    return taker();
  }
  const auto [known, is_new] = given_to_.try_emplace(target.id, nullptr);
  if (is_new) {
    known->second = taker();
  }
  return known->second;
}

Referrers ReferenceIndex::referrers(const model::Resource& target, std::span<const std::string_view> types,
                                    std::span<const std::string_view> paths, const Exists& exists) {
  const auto certain = [&](const model::Resource& candidate) {
    return candidate.certain || (exists && exists(candidate));
  };
  // What the target goes by.
  std::vector<std::string_view> texts;
  std::vector<std::string> keys;
  for (const model::Attribute& attribute : target.body->attributes) {
    if (names_itself(target, attribute.name())) {
      if (attribute.value.is_string() && !attribute.value.text().empty()) {
        texts.push_back(attribute.value.text());
      } else if (attribute.value.is_unknown()) {
        add_identities(attribute.value, keys, 0);
      }
    }
  }
  const bool open = is_open(target.address);

  Referrers result;
  // Per type: candidates that may surely refer to it, and those that may refer to any resource.
  std::vector<Ids> candidates;
  std::vector<std::vector<const Ids*>> any;
  const auto truth_of = [&](const model::Resource& candidate) {
    const Value view = views_.resource(candidate);
    Truth truth = Truth::kNo;
    const eval::Symbol* cause = nullptr;
    for (const std::string_view path : paths) {
      for (const Value& value : values_at(view, path)) {
        const Truth one = refers(value, target);
        if (one == Truth::kUnknown && cause == nullptr) {
          cause = eval::first_unknown(value);
        }
        truth = truth | one;
      }
    }
    return std::pair(truth, cause);
  };
  for (const std::string_view type : types) {
    std::vector<std::span<const ResourceId>> found;
    std::vector<const Ids*>& open_ones = any.emplace_back();
    for (const std::string_view path : paths) {
      const Naming& index = naming(type, path);
      for (const std::string_view text : texts) {
        find(index.by_text, text, found);
      }
      for (const std::string& key : keys) {
        find(index.by_identity, key, found);
      }
      find(index.by_subject, target.address, found);
      find(open ? index.by_block : index.open, target.config_address, found);
      if (!index.any.empty()) {
        open_ones.push_back(&index.any);
      }
    }
    Ids& ids = candidates.emplace_back();
    for (const std::span<const ResourceId> some : found) {
      ids.insert(ids.end(), some.begin(), some.end());
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const ResourceId id : ids) {
      const model::Resource& candidate = configuration_.resource(id);
      if (certain(candidate) && truth_of(candidate).first == Truth::kYes) {
        result.sure.push_back(&candidate);
      }
    }
  }
  if (!result.sure.empty()) {
    return result;
  }
  // The first that may, and the first reason, in the order of a walk over all.
  for (std::size_t at = 0; at < types.size(); ++at) {
    std::vector<std::span<const ResourceId>> sources{candidates[at]};
    for (const Ids* ids : any[at]) {
      sources.emplace_back(*ids);
    }
    while (result.possible == nullptr || (result.cause == nullptr && result.doubtful == nullptr)) {
      std::span<const ResourceId>* next = nullptr;
      for (std::span<const ResourceId>& source : sources) {
        if (!source.empty() && (next == nullptr || source.front() < next->front())) {
          next = &source;
        }
      }
      if (next == nullptr) {
        break;
      }
      const ResourceId id = next->front();
      for (std::span<const ResourceId>& source : sources) {
        if (!source.empty() && source.front() == id) {
          source = source.subspan(1);
        }
      }
      const model::Resource& candidate = configuration_.resource(id);
      const auto [truth, cause] = truth_of(candidate);
      if (cause != nullptr && result.cause == nullptr && result.doubtful == nullptr) {
        result.cause = cause;
      }
      if (truth != Truth::kNo) {
        result.possible = result.possible == nullptr ? &candidate : result.possible;
        if (result.cause == nullptr && result.doubtful == nullptr && !certain(candidate)) {
          result.doubtful = &candidate;
        }
      }
    }
  }
  if (result.possible == nullptr && are_parts(target, types, paths)) {
    result.absent_module = given_to(target);
  }
  return result;
}

}  // namespace gabion::engine
