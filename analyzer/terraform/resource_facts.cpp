#include "terraform/resource_facts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "aws/identity.h"
#include "aws/provider_schema.h"

namespace gabion::terraform {
namespace {

using eval::CharacterSet;
using eval::Value;

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";

CharacterSet set_of(std::initializer_list<std::string_view> texts) {
  CharacterSet set;
  for (const std::string_view text : texts) {
    for (const char c : text) {
      set.set(static_cast<unsigned char>(c));
    }
  }
  return set;
}

/// Characters of a value that is written in the configuration.
std::optional<CharacterSet> characters_of_value(const Value& value) {
  if (value.is_string() || value.is_number() || value.is_bool()) {
    return set_of({eval::primitive_text(value)});
  }
  if (!value.is_unknown()) {
    return std::nullopt;
  }
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr && !detail->parts.empty()) {
    CharacterSet set;
    for (const eval::Part& part : detail->parts) {
      // Parts are flat, so this goes one level deep.
      const auto inner = part.value == nullptr ? std::optional(set_of({part.text})) : characters_of_value(*part.value);
      if (!inner) {
        return std::nullopt;
      }
      set |= *inner;
    }
    return set;
  }
  const eval::Symbol* symbol = value.unknown().symbol;
  return symbol->facts != nullptr && !symbol->path.empty()
             ? symbol->facts->questions->characters(*symbol->facts, symbol->path)
             : std::nullopt;
}

/// The argument of that name: nothing when it is not given or null.
const Value* argument(const ResourceFacts& facts, std::string_view name) {
  const model::Attribute* written = facts.body.attribute(name);
  return written != nullptr && !written->value.is_null() ? &written->value : nullptr;
}

/// Characters of an argument, or of what stands in its place when it is not given.
std::optional<CharacterSet> characters_of_argument(const ResourceFacts& facts, std::string_view name,
                                                   std::string_view otherwise) {
  const Value* given = argument(facts, name);
  return given == nullptr ? std::optional(set_of({otherwise})) : characters_of_value(*given);
}

std::optional<CharacterSet> both(const std::optional<CharacterSet>& a, const std::optional<CharacterSet>& b) {
  return a && b ? std::optional(*a | *b) : std::nullopt;
}

std::optional<CharacterSet> of_random(const ResourceFacts& facts, std::string_view path) {
  const std::string_view type = facts.type();
  if (type == "random_pet" && path == "id") {
    return both(both(characters_of_argument(facts, "separator", "-"), characters_of_argument(facts, "prefix", "")),
                set_of({kLower, kUpper}));
  }
  if (type == "random_uuid" && (path == "id" || path == "result")) {
    return set_of({"0123456789abcdef-"});
  }
  if (type == "random_integer" && (path == "id" || path == "result")) {
    return set_of({kDigits, "-"});
  }
  if (type == "random_id") {
    const auto prefix = characters_of_argument(facts, "prefix", "");
    if (path == "hex") {
      return both(prefix, set_of({"0123456789abcdef"}));
    }
    if (path == "dec") {
      return both(prefix, set_of({kDigits}));
    }
    const CharacterSet base64 = set_of({kLower, kUpper, kDigits, path == "b64_std" ? "+/=" : "-_"});
    return path == "id" ? std::optional(base64) : (path.starts_with("b64_") ? both(prefix, base64) : std::nullopt);
  }
  if ((type == "random_string" || type == "random_password") && (path == "id" || path == "result")) {
    const auto without = [&](std::string_view name) {
      const Value* given = argument(facts, name);
      return given != nullptr && given->is_bool() && !given->boolean();
    };
    return without("special")
               ? std::optional(set_of({kDigits, without("lower") ? "" : kLower, without("upper") ? "" : kUpper}))
               : std::nullopt;
  }
  return std::nullopt;
}

/// Characters of what fills a field of an ARN: an argument, or a name that the provider makes up.
std::optional<CharacterSet> of_field(const ResourceFacts& facts, std::string_view field) {
  if (field == "partition" || field == "region") {
    return set_of({kLower, kDigits, "-"});
  }
  if (field == "account") {
    return set_of({kDigits});
  }
  if (field == "id" || field == "key_id" || field == "suffix" || field == "uuid") {
    return set_of({kLower, kUpper, kDigits, "-_"});
  }
  if (field.starts_with('/')) {
    return both(of_field(facts, field.substr(1)), set_of({"/"}));
  }
  if (field == "version" || field == "stamp") {
    return set_of({kDigits, field == "stamp" ? "T:.-" : "$LATEST"});
  }
  if (field == "rest") {
    return std::nullopt;
  }
  const std::size_t bar = field.find('|');
  const std::string_view name = field.substr(0, bar);
  const Value* given = argument(facts, name);
  // To the provider an empty name is none.
  if (given != nullptr && !(given->is_string() && given->text().empty())) {
    return characters_of_value(*given);
  }
  if (bar != std::string_view::npos) {
    return set_of({field.substr(bar + 1)});
  }
  // The provider adds digits and letters to a prefix; its own is "terraform-" or "tf-".
  const auto prefix = characters_of_argument(facts, std::string(name) + "_prefix", "terraform-");
  return both(prefix, set_of({"0123456789abcdef"}));
}

std::optional<CharacterSet> of_aws(const ResourceFacts& facts, std::string_view path) {
  if (path == "account_id" && facts.type() == "aws_caller_identity") {
    return set_of({kDigits});
  }
  if (facts.type() == "aws_region" && (path == "name" || path == "id" || path == "region")) {
    return set_of({kLower, kDigits, "-"});
  }
  if (facts.type() == "aws_s3_bucket" && (path == "id" || path == "bucket" || path == "arn")) {
    // AWS makes no bucket of another name; the ARN adds its punctuation.
    return set_of({kLower, kDigits, path == "arn" ? ".-:" : ".-"});
  }
  const aws::IdentityTemplate* identity = aws::identity_of(facts.type(), path);
  if (identity == nullptr || facts.body.syntax == nullptr) {
    return std::nullopt;
  }
  std::optional<CharacterSet> set = CharacterSet();
  for (std::string_view text = identity->text; !text.empty();) {
    const std::size_t open = text.find('{');
    set = both(set, set_of({text.substr(0, open)}));
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = text.find('}', open);
    set = both(set, of_field(facts, text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return set;
}

/// What AWS lets a name be made of, which narrows what a variable in it can hold.
std::optional<CharacterSet> of_name(const ResourceFacts& facts, std::string_view field) {
  if (field == "function_name") {
    return set_of({kLower, kUpper, kDigits, "-_"});
  }
  return field == "name" && facts.type().starts_with("aws_iam_")
             ? std::optional(set_of({kLower, kUpper, kDigits, "_+=,.@-"}))
             : std::nullopt;
}

/// Adds a field of the ARN of what this configuration makes.
void add_field(const ResourceFacts& facts, std::string_view field, std::vector<eval::FactPiece>& out) {
  if (field == "partition") {
    out.push_back({.text = "aws"});
    out.push_back({.characters = set_of({kLower, "-"})});
    return;
  }
  if (field == "region") {
    out.push_back({.characters = set_of({kLower})});
    out.push_back({.text = "-"});
    out.push_back({.characters = set_of({kLower, kDigits, "-"})});
    return;
  }
  const auto set = of_field(facts, field);
  if (field == "account" || field.starts_with('/')) {
    out.push_back({.characters = set});
    return;
  }
  const std::size_t bar = field.find('|');
  const Value* given = argument(facts, field.substr(0, bar));
  if (given == nullptr && bar != std::string_view::npos) {
    out.push_back({.text = field.substr(bar + 1)});
    return;
  }
  // To the provider an empty name is none.
  const bool written = given != nullptr && (given->is_string() ? !given->text().empty() : given->is_unknown());
  out.push_back({.value = written ? given : nullptr, .characters = set ? set : of_name(facts, field)});
}

/// An ARN, put together as AWS does. Of what is looked up only the form is told: its names are those of others, and a
/// policy may be one of AWS, whose ARN has another form.
std::vector<eval::FactPiece> pieces(const eval::SymbolFacts& self, std::string_view path) {
  const auto& facts = static_cast<const ResourceFacts&>(self);
  const bool looked_up = facts.block->type == "data";
  if (!path.ends_with("arn") || facts.body.syntax == nullptr || (looked_up && facts.type() == "aws_iam_policy")) {
    return {};
  }
  const aws::IdentityTemplate* identity = aws::identity_of(facts.type(), path);
  std::vector<eval::FactPiece> result;
  for (std::string_view text = identity == nullptr ? "" : identity->text; !text.empty();) {
    const std::size_t open = text.find('{');
    if (open != 0) {
      result.push_back({.text = text.substr(0, open)});
    }
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = text.find('}', open);
    if (looked_up) {
      result.emplace_back();
    } else {
      add_field(facts, text.substr(open + 1, close - open - 1), result);
    }
    text.remove_prefix(close + 1);
  }
  return result;
}

std::optional<CharacterSet> characters(const eval::SymbolFacts& self, std::string_view path) {
  const auto& facts = static_cast<const ResourceFacts&>(self);
  if (facts.type().starts_with("aws_")) {
    return of_aws(facts, path);
  }
  return facts.type().starts_with("random_") ? of_random(facts, path) : std::nullopt;
}

/// Attributes that name the thing itself.
constexpr std::array<std::string_view, 7> kOwnNames = {"name",     "bucket", "identifier",   "cluster_identifier",
                                                       "key_name", "key_id", "target_key_id"};

/// What the resources of the random provider compute is text, but for random_integer and the bytes of a random_bytes.
bool is_random_text(std::string_view type, std::string_view path) {
  if (type == "random_uuid" || type == "random_string" || type == "random_password") {
    return path == "result";
  }
  return type == "random_id" && (path == "hex" || path == "dec" || path == "b64_url" || path == "b64_std");
}

/// The provider finds a name for what has none, and AWS an id: neither is ever null.
bool is_text(const eval::SymbolFacts& self, std::string_view path) {
  const auto& facts = static_cast<const ResourceFacts&>(self);
  if (is_random_text(facts.type(), path)) {
    return true;
  }
  if (!facts.type().starts_with("aws_") || std::ranges::find(kOwnNames, path) == kOwnNames.end()) {
    return false;
  }
  for (const auto& body : {aws::provider_resource(facts.type()), aws::provider_data_source(facts.type())}) {
    const auto attribute = body ? body->attribute(path) : std::nullopt;
    if (attribute && attribute->computed && attribute->type == "string") {
      return true;
    }
  }
  return false;
}

}  // namespace

ResourceFacts resource_facts(const hcl::Block& block) {
  static constexpr eval::SymbolFacts::Questions kQuestions{&characters, &is_text, &pieces};
  ResourceFacts facts;
  facts.questions = &kQuestions;
  facts.block = &block;
  return facts;
}

}  // namespace gabion::terraform
