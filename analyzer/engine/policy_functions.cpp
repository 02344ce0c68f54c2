// Rule functions about IAM policies: questions to the prover, and statements as lists. Symbols that stand for names and
// ARNs of resources of the configuration are resolved first, so that a policy written with a reference and a rule that
// asks about the same resource talk of the same text.
#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "aws/identity.h"
#include "aws/partition.h"
#include "engine/functions.h"
#include "engine/iam_functions.h"
#include "engine/policy_memo.h"
#include "engine/policy_reading.h"
#include "iam/decide.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

/// A hole that AWS fills with an identifier: no wildcards, no policy variables.
iam::Text identifier_hole(std::string name) {
  iam::Hole hole;
  hole.name = std::move(name);
  hole.literal = true;
  return iam::Text(std::move(hole));
}

/// Text behind an attribute that AWS derives from others (an ARN, an id), as far as these are known. Copies remember
/// together what was asked.
class Resolver {
 public:
  explicit Resolver(const model::Configuration& configuration)
      : Resolver(configuration, 0, std::make_shared<Known>()) {}

  [[nodiscard]] std::optional<iam::Text> operator()(const eval::Symbol& symbol) const {
    if (symbol.reason != eval::Reason::kComputed && symbol.reason != eval::Reason::kData) {
      return std::nullopt;
    }
    const model::Resource* resource = configuration_.find(symbol.subject);
    if (resource == nullptr) {
      return std::nullopt;
    }
    std::optional<iam::Text> text = remembered(*resource, symbol.path);
    if (!text || resource->mode == model::Mode::kData) {
      return text;
    }
    // The name of a bucket, say, has no colon, whatever it is.
    const auto characters =
        symbol.facts == nullptr ? std::nullopt : symbol.facts->questions->characters(*symbol.facts, symbol.path);
    return characters && !characters->test(':') ? one_field(*text) : text;
  }

 private:
  /// By resource, what its attributes stand for.
  using Known =
      std::unordered_map<const model::Resource*, std::vector<std::pair<std::string, std::optional<iam::Text>>>>;

  Resolver(const model::Configuration& configuration, int depth, std::shared_ptr<Known> known)
      : configuration_(configuration), depth_(depth), known_(std::move(known)) {}

  /// Policies name the same few resources again and again. What stands inside of names is not remembered: it is
  /// followed to some depth only.
  [[nodiscard]] std::optional<iam::Text> remembered(const model::Resource& resource, std::string_view attribute) const {
    if (known_ == nullptr) {
      return behind(resource, attribute);
    }
    if (const auto found = known_->find(&resource); found != known_->end()) {
      for (const auto& [name, text] : found->second) {
        if (name == attribute) {
          return text;
        }
      }
    }
    std::optional<iam::Text> text = behind(resource, attribute);
    (*known_)[&resource].emplace_back(attribute, text);
    return text;
  }

  [[nodiscard]] std::optional<iam::Text> behind(const model::Resource& resource, std::string_view attribute) const {
    if (resource.mode == model::Mode::kData) {
      if (resource.type == "aws_caller_identity" && (attribute == "account_id" || attribute == "id")) {
        return account(resource);
      }
      if (resource.type == "aws_region" && (attribute == "name" || attribute == "region" || attribute == "id") &&
          resource.body->attributes.empty()) {
        return region(resource);
      }
      // Of a bucket that is looked up the name is given. A policy may be one that AWS manages, with an ARN of another
      // form.
      const bool bucket = resource.type == "aws_s3_bucket" && resource.body->attribute("bucket") != nullptr;
      const aws::IdentityTemplate* looked_up =
          bucket || (attribute.ends_with("arn") && resource.type != "aws_iam_policy")
              ? aws::identity_of(resource.type, attribute)
              : nullptr;
      return looked_up == nullptr ? std::nullopt : std::optional(fill(looked_up->text, resource));
    }
    const aws::IdentityTemplate* identity = aws::identity_of(resource.type, attribute);
    return identity == nullptr ? std::nullopt : std::optional(fill(identity->text, resource));
  }

  // What the provider of a resource says: all that use it have the same account and region, known or not.
  [[nodiscard]] static iam::Text partition(const model::Resource& resource) {
    return one_field(fact(resource, &model::ProviderFacts::partition, "partition of provider "));
  }
  [[nodiscard]] static iam::Text account(const model::Resource& resource) {
    const iam::Text known = fact(resource, &model::ProviderFacts::account, "account of provider ");
    return with_holes(known, [&](iam::Hole& hole) { hole.account = known.segments().size() == 1; });
  }
  [[nodiscard]] static iam::Text region(const model::Resource& resource) {
    const model::Attribute* own = resource.body->attribute("region");
    return one_field(own != nullptr && (own->value.is_string() || own->value.is_unknown())
                         ? identifier(own->value)
                         : fact(resource, &model::ProviderFacts::region, "region of provider "));
  }
  [[nodiscard]] static iam::Text fact(const model::Resource& resource, eval::Value model::ProviderFacts::*which,
                                      std::string_view name) {
    if (resource.aws == nullptr) {
      return identifier_hole(std::string(name) + std::string(resource.provider));
    }
    const Value& value = resource.aws->*which;
    return value.is_string() || value.is_unknown()
               ? identifier(value)
               : identifier_hole(std::string(name) + std::string(resource.aws->name));
  }
  /// A text that stands in one field of an ARN, whatever is not known of it.
  [[nodiscard]] static iam::Text one_field(const iam::Text& text) {
    return with_holes(text, [](iam::Hole& hole) { hole.field = true; });
  }
  /// The text of a value that AWS takes for an identifier, so that what is not known of it holds no wildcards.
  [[nodiscard]] static iam::Text identifier(const Value& value) {
    return with_holes(iam::read_text(value), [](iam::Hole& hole) { hole.literal = true; });
  }
  /// The text with `change` made to each of its holes.
  template <class Change>
  [[nodiscard]] static iam::Text with_holes(const iam::Text& text, const Change& change) {
    iam::Text result;
    for (const iam::Segment& segment : text.segments()) {
      if (!segment.is_hole) {
        result.append(segment.text);
        continue;
      }
      iam::Hole hole = *segment.hole;
      change(hole);
      result.append(std::move(hole));
    }
    return result;
  }

  [[nodiscard]] iam::Text fill(std::string_view text, const model::Resource& resource) const {
    iam::Text result;
    while (!text.empty()) {
      const std::size_t open = text.find('{');
      result.append(text.substr(0, open));
      if (open == std::string_view::npos) {
        break;
      }
      const std::size_t close = text.find('}', open);
      const std::string_view name = text.substr(open + 1, close - open - 1);
      text.remove_prefix(close + 1);
      if (name == "partition") {
        result.append(partition(resource));
      } else if (name.starts_with('/')) {
        result.append(behind_slash(name.substr(1), resource));
      } else if (resource.mode == model::Mode::kData) {
        result.append(looked_up(name, resource));
      } else if (name == "account") {
        result.append(account(resource));
      } else if (name == "region") {
        result.append(region(resource));
      } else {
        result.append(attribute(name, resource));
      }
    }
    return result;
  }

  /// A value with a slash in front, unless it begins with one: the ARN of the parameter "/a" is that of "a". Where it
  /// is not known how the value begins, nothing is known of it.
  [[nodiscard]] iam::Text behind_slash(std::string_view name, const model::Resource& resource) const {
    iam::Text result("/");
    const iam::Text value = resource.mode == model::Mode::kData ? looked_up(name, resource) : attribute(name, resource);
    if (value.segments().empty() || value.segments().front().is_hole) {
      result.append(identifier_hole(std::string(resource.address) + "." + std::string(name)));
      return result;
    }
    if (value.segments().front().text.starts_with('/')) {
      return value;
    }
    result.append(value);
    return result;
  }

  /// What is looked up may be in any account and Region (but for IAM, which tells of the own account), have any path,
  /// and be looked up by something else than its name.
  [[nodiscard]] iam::Text looked_up(std::string_view name, const model::Resource& resource) const {
    if (name == "bucket") {
      return attribute(name, resource);
    }
    if (name == "account" && resource.type.starts_with("aws_iam_")) {
      return account(resource);
    }
    const std::size_t bar = name.find('|');
    const iam::Text hole = identifier_hole(std::string(resource.address) + "." + std::string(name.substr(0, bar)));
    if (name == "account" || name == "region") {
      return with_holes(one_field(hole), [&](iam::Hole& one) { one.account = name == "account"; });
    }
    // A path begins with its default, a slash.
    iam::Text text(bar == std::string_view::npos ? std::string_view() : name.substr(bar + 1));
    text.append(hole);
    return text;
  }

  /// A name may hold what AWS tells as well, such as the id of the account.
  [[nodiscard]] iam::Text attribute(std::string_view name, const model::Resource& resource) const {
    constexpr int kDeepest = 4;
    const std::size_t bar = name.find('|');
    const model::Attribute* written = resource.body->attribute(name.substr(0, bar));
    // To the provider an empty name is none: it makes one up.
    const bool given = written != nullptr && !(written->value.is_string() && written->value.text().empty());
    if (given && (written->value.is_string() || written->value.is_unknown())) {
      iam::ReadOptions options;
      if (depth_ < kDeepest) {
        options.resolve = Resolver(configuration_, depth_ + 1, nullptr);
      }
      return iam::read_text(written->value, options);
    }
    if (bar != std::string_view::npos) {
      return iam::Text(name.substr(bar + 1));
    }
    // The provider begins the name that it makes up with the prefix that it is given.
    const model::Attribute* prefix = resource.body->attribute(std::string(name) + "_prefix");
    iam::Text made_up = prefix != nullptr && (prefix->value.is_string() || prefix->value.is_unknown())
                            ? identifier(prefix->value)
                            : iam::Text();
    made_up.append(identifier_hole(std::string(resource.address) + "." + std::string(name)));
    return made_up;
  }

  const model::Configuration& configuration_;
  int depth_;                     ///< how many names it is inside of
  std::shared_ptr<Known> known_;  ///< null inside of names
};

/// What an answer hangs on: an unknown of the configuration, or what the proof says of itself.
const eval::Symbol* cause_of(const iam::Proof& proof, const Value& policy, source::Region call,
                             eval::Context& context) {
  for (const iam::Hole& hole : proof.holes) {
    if (hole.symbol != nullptr) {
      return hole.symbol;
    }
  }
  // What AWS leaves open is open whatever the policy says. Otherwise the policy is to blame, as far as it is not known.
  if (!proof.because.starts_with("it hangs on ")) {
    if (const eval::Symbol* unknown = eval::first_unknown(policy); unknown != nullptr) {
      return unknown;
    }
  }
  const bool sentence = proof.because.starts_with("it ");  // see depends_on
  return context.symbols.intern(
      {.reason = sentence ? eval::Reason::kData : eval::Reason::kUnsupported,
       .text = proof.because.empty() ? "the question about the policy" : std::string_view(proof.because),
       .subject = {},
       .path = {},
       .region = call});
}

/// The statement of one document that lets the witness through.
void find_culprit(const Value& policy, const iam::Proof& proof, iam::PolicyKind kind, const PolicySource& source,
                  Evidence& evidence) {
  const auto look = [&](const Value& value) {
    const auto shared = source(value);
    const iam::PolicyReading& reading = *shared;
    for (const iam::PolicyDocument& document : reading.documents) {
      for (const iam::Statement& statement : document.statements) {
        if (statement.effect == iam::Effect::kAllow && statement.region.valid() &&
            iam::matches(statement, document, kind, *proof.witness)) {
          evidence.culprit = statement.region;
          return;
        }
      }
    }
    // With holes in the statement no concrete request matches it; the prover knows which one it was.
    if (!evidence.culprit.valid() && proof.statement && reading.documents.size() == 1 &&
        *proof.statement < reading.documents[0].statements.size()) {
      evidence.culprit = reading.documents[0].statements[*proof.statement].region;
    }
  };
  if (policy.is_sequence()) {
    for (const Value& one : policy.elements()) {
      look(one);
    }
  } else {
    look(policy);
  }
}

enum class Asked : char { kDenies = 'd', kNeverAllows = 'n', kAllows = 'a' };

/// Asks the prover and keeps what it found for the finding.
Value ask(const eval::Call& call, RuleContext& rule, eval::Context& context, Asked asked) {
  const iam::ReadOptions& options = rule.views.policy_options();
  const Value& policy = call.arguments[0];
  PolicyQuestion question = rule.views.question_about(policy, options);
  const std::size_t policy_size = question.text().size();
  question.add(static_cast<char>(asked));
  for (const Value& argument : call.arguments.subspan(1)) {
    question.add(argument);
  }
  rule.views.policies().shorten(question, policy_size);
  std::optional<RememberedProof> found = rule.views.policies().find(question);
  if (!found) {
    const auto rest = call.arguments.subspan(1);
    const bool known = std::ranges::all_of(rest, [](const Value& argument) { return argument.wholly_known(); });
    const auto read = rule.views.policies().read(question.text().substr(policy_size), known, [&] {
      return read_question(call.arguments[1], call.arguments[2],
                           call.arguments.size() > 3 ? &call.arguments[3] : nullptr, options);
    });
    if (!read->question) {
      return unreadable(*read, call.arguments[2], call, context);
    }
    const auto prove = asked == Asked::kDenies        ? &iam_denies
                       : asked == Asked::kNeverAllows ? &iam_never_allows
                                                      : &iam_allows;
    found = RememberedProof{.kind = read->question->kind, .proof = prove(policy, *read->question, policy_source(rule))};
    rule.views.policies().remember(question, *found);
  }
  const iam::Proof& proof = found->proof;
  if (proof.answer == Truth::kUnknown) {
    eval::Unknown unknown;
    unknown.symbol = cause_of(proof, policy, call.region, context);
    unknown.not_null = true;
    return eval::make_unknown(context.arena, eval::kBoolType, unknown);
  }
  if (proof.witness) {
    rule.evidence.witness = to_witness(proof, nullptr, found->kind);
    rule.evidence.because = proof.because;
    rule.evidence.culprit = {};
    if (asked != Asked::kDenies) {
      find_culprit(policy, proof, found->kind, policy_source(rule), rule.evidence);
    }
  }
  return eval::make_bool(proof.answer == Truth::kYes);
}

Value denies(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return ask(call, rule, context, Asked::kDenies);
}
Value never_allows(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return ask(call, rule, context, Asked::kNeverAllows);
}
Value allows(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return ask(call, rule, context, Asked::kAllows);
}
Value statements(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return rule.views.statements_of(call.arguments[0], context, [&](eval::Context& lasting) {
    return policy_statements(call.arguments[0], lasting, policy_source(rule));
  });
}

/// The text that names a bucket: its `bucket` attribute, or the name that the provider will choose.
Value bucket_name(const model::Resource& bucket, eval::Context& context) {
  const model::Attribute* name = bucket.body->attribute("bucket");
  const bool none = name == nullptr || name->value.is_null() || (name->value.is_string() && name->value.text().empty());
  if (!none) {
    return name->value;
  }
  const eval::Symbol* symbol = context.symbols.intern({.reason = eval::Reason::kComputed,
                                                       .text = std::string(bucket.address) + ".bucket",
                                                       .subject = bucket.address,
                                                       .path = "bucket",
                                                       .region = bucket.header});
  return eval::make_unknown(context.arena, eval::kStringType, symbol);
}

/// bucket_arn(bucket): ARN of the bucket that a name, id, reference or bucket resource means.
Value bucket_arn(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  Value bucket = call.arguments[0];
  if (const model::Resource* resource = rule.views.resource_of(bucket); resource != nullptr) {
    bucket = bucket_name(*resource, context);
  }
  // Where the partition is open, so is the ARN; then it is taken for the standard one.
  const model::ProviderFacts* facts = rule.subject != nullptr ? rule.subject->aws : nullptr;
  const bool known_partition = facts != nullptr && facts->partition.is_string();
  const std::string start =
      "arn:" + std::string(known_partition ? facts->partition.text() : aws::standard_partition().name) + ":s3:::";
  if (bucket.is_string()) {
    return eval::make_string(context.arena, start + std::string(bucket.text()));
  }
  const eval::Symbol* cause = eval::first_unknown(bucket);
  if (cause == nullptr) {
    return eval::make_null(context.arena, eval::kStringType);
  }
  const std::array<eval::Part, 2> parts = {
      eval::Part{.text = context.arena.copy(start), .value = nullptr, .region = {}, .exact = false},
      eval::Part{.text = {}, .value = context.arena.make<Value>(bucket), .region = {}, .exact = false}};
  const auto* detail =
      context.arena.make<eval::StringDetail>(context.arena.copy(std::span<const eval::Part>(parts)), nullptr);
  eval::Unknown unknown;
  unknown.symbol = context.symbols.derive("bucket_arn(" + std::string(cause->text) + ")", *cause);
  unknown.not_null = true;
  unknown.prefix = context.arena.copy(start);
  return eval::make_unknown(context.arena, eval::kStringType, unknown, detail);
}

/// May a statement, as policy_statements() gives it, have principals of the type?
bool may_have_principals(const Value& statement, const Value& type) {
  const Value* principals = statement.is_mapping() ? statement.member("principals") : nullptr;
  if (principals == nullptr || !principals->is_sequence()) {
    return principals == nullptr || !principals->is_null();
  }
  return std::ranges::any_of(principals->elements(), [&](const Value& principal) {
    const Value* own = principal.is_mapping() ? principal.member("type") : nullptr;
    return own == nullptr || !own->is_string() || own->text() == type.text();
  });
}

/// with_principals(statements, type): those that name some of it, or may.
Value with_principals(const eval::Call& call, RuleContext&, eval::Context& context) {
  const Value& statements = call.arguments[0];
  const Value& type = call.arguments[1];
  if (!statements.is_sequence() || !type.is_string()) {
    return statements;
  }
  std::vector<Value> found;
  std::ranges::copy_if(statements.elements(), std::back_inserter(found),
                       [&](const Value& statement) { return may_have_principals(statement, type); });
  return eval::with_marks(context.arena, eval::make_tuple(context.arena, found), statements.marks());
}

constexpr std::array<RuleFunction, 6> kFunctions = {{
    {"bucket_arn", "bucket_arn(bucket)",
     "ARN of the S3 bucket that a name, an id, a reference or a bucket resource means; symbolic when the name is not "
     "known.",
     1, 1, bucket_arn},
    {"iam_allows", "iam_allows(policy, kind, formula, [options])",
     "Is some request that satisfies the formula allowed by the policy (or list of policies that apply together)?", 3,
     4, allows},
    {"iam_denies", "iam_denies(policy, kind, formula, [options])",
     "Is every request that satisfies the formula explicitly denied? When not, the finding shows one that is not.", 3,
     4, denies},
    {"iam_never_allows", "iam_never_allows(policy, kind, formula, [options])",
     "Is no request that satisfies the formula allowed? When one is, the finding shows it.", 3, 4, never_allows},
    {"policy_statements", "policy_statements(policy)",
     "Statements of a policy as objects with sid, effect, actions, not_actions, resources, not_resources, principals, "
     "not_principals, conditions and index; elements that are not there are null.",
     1, 1, statements, HangsOn::kConfiguration},
    {"with_principals", "with_principals(statements, type)",
     "Those of the statements, as policy_statements() gives them, that name principals of the type (AWS, Service, "
     "Federated, ...); also those that may.",
     2, 2, with_principals, HangsOn::kArguments},
}};

}  // namespace

iam::ReadOptions policy_reading(const model::Configuration& configuration) {
  iam::ReadOptions options;
  options.resolve = Resolver(configuration);
  return options;
}

PolicySource policy_source(const RuleContext& rule) {
  return [&views = rule.views](const Value& policy) { return views.reading_of(policy, views.policy_options()); };
}

std::span<const RuleFunction> policy_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
