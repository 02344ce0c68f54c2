#include "terraform/policy_files.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "source/ascii.h"

namespace gabion::terraform {
namespace {

using namespace std::literals;
namespace json = syntax::json;

/// The resource that carries policies of a kind.
struct Carrier {
  std::string_view type;
  std::string_view document;  ///< the attribute that holds it
  std::string_view of;        ///< the attribute that says whose policy it is, which nobody knows; empty: it is left out
  std::string_view kind{};    ///< of policies of organizations: their type; empty: the usual one
};

struct Family {
  std::string_view prefix;  ///< of actions
  Carrier carrier;
};

constexpr Carrier kIdentity{"aws_iam_role_policy"sv, "policy"sv, "role"sv};
constexpr Carrier kTrust{"aws_iam_role"sv, "assume_role_policy"sv, "name"sv};
constexpr Carrier kServiceControl{"aws_organizations_policy"sv, "content"sv, "name"sv};
constexpr Carrier kResourceControl{"aws_organizations_policy"sv, "content"sv, "name"sv, "RESOURCE_CONTROL_POLICY"sv};
constexpr std::array kFamilies = {
    Family{"sts:"sv, kTrust},
    // What settings of a bucket could mend is not looked for.
    Family{"s3:"sv, {"aws_s3_bucket_policy"sv, "policy"sv, {}}},
    Family{"kms:"sv, {"aws_kms_key_policy"sv, "policy"sv, "key_id"sv}},
    Family{"sqs:"sv, {"aws_sqs_queue_policy"sv, "policy"sv, "queue_url"sv}},
    Family{"sns:"sv, {"aws_sns_topic_policy"sv, "policy"sv, "arn"sv}},
    Family{"ecr:"sv, {"aws_ecr_repository_policy"sv, "policy"sv, "repository"sv}},
    Family{"secretsmanager:"sv, {"aws_secretsmanager_secret_policy"sv, "policy"sv, "secret_arn"sv}},
};

/// A text, or a list of texts, as a list.
std::vector<std::string_view> texts(const json::Value* value) {
  std::vector<std::string_view> result;
  if (value != nullptr && value->kind == json::Kind::kString) {
    result.push_back(value->text);
  } else if (value != nullptr && value->kind == json::Kind::kArray) {
    for (const json::Value& element : value->elements) {
      if (element.kind == json::Kind::kString) {
        result.push_back(element.text);
      }
    }
  }
  return result;
}

/// The service that an ARN names, with a colon as in actions: "s3:"; empty for anything else.
std::string service_of(std::string_view resource) {
  if (!resource.starts_with("arn:")) {
    return {};
  }
  const std::size_t begin = resource.find(':', 4);
  const std::size_t end = begin == std::string_view::npos ? begin : resource.find(':', begin + 1);
  return end == std::string_view::npos ? std::string() : source::to_lower(resource.substr(begin + 1, end - begin));
}

bool is_statement(const json::Value& value) {
  const json::Value* effect = value.kind == json::Kind::kObject ? value.member("Effect") : nullptr;
  return effect != nullptr && effect->kind == json::Kind::kString &&
         (effect->text == "Allow" || effect->text == "Deny") &&
         (value.member("Action") != nullptr || value.member("NotAction") != nullptr);
}

std::vector<const json::Value*> statements_of(const json::Value& root) {
  const json::Value* list = root.kind == json::Kind::kObject ? root.member("Statement") : nullptr;
  std::vector<const json::Value*> found;
  if (list != nullptr && list->kind == json::Kind::kObject) {
    found.push_back(list);
  } else if (list != nullptr && list->kind == json::Kind::kArray) {
    for (const json::Value& element : list->elements) {
      found.push_back(&element);
    }
  }
  return std::ranges::all_of(found, [](const json::Value* one) { return is_statement(*one); })
             ? found
             : std::vector<const json::Value*>();
}

/// Is there a name in capitals between square brackets, as no list of JSON has it: [ROLE_NAME]?
bool has_bracketed_name(std::string_view text) {
  constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ";
  for (std::size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const std::size_t end = text.find_first_not_of(kCapitals, at + 1);
    const std::string_view name = text.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    const bool is_name = std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (end != std::string_view::npos && text[end] == ']' && is_name) {
      return true;
    }
  }
  return false;
}

/// Is there a name behind a dollar sign, as shells fill it in: $account_id? AWS itself has few such names.
bool has_shell_name(std::string_view text) {
  // A version of a function, topics of IoT, versions of a launch template.
  constexpr std::array kOfAws = {"LATEST"sv, "aws"sv, "share"sv, "Latest"sv, "Default"sv};
  const auto in_name = [](char c) { return source::is_alphanumeric(c) || c == '_'; };
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    const auto end = static_cast<std::size_t>(std::ranges::find_if_not(rest, in_name) - rest.begin());
    const std::string_view name = rest.substr(0, end);
    if (!name.empty() && !source::is_digit(name.front()) && std::ranges::find(kOfAws, name) == kOfAws.end()) {
      return true;
    }
  }
  return false;
}

/// Is it a name in capitals: ACCOUNT_ID?
bool is_capitals(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == std::string_view::npos;
}

/// Does the text have holes that somebody fills in: ${...} that is no policy variable of AWS, $name, {{...}}, <...>,
/// [NAME]?
bool is_template(std::string_view text) {
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    const std::string_view name = text.substr(at + 2, text.find('}', at) - at - 2);
    // Keys of conditions have a colon; ${*}, ${?} and ${$} stand for these characters.
    if (name.find(':') == std::string_view::npos && name != "*" && name != "?" && name != "$") {
      return true;
    }
  }
  // <my-network> and <ACCOUNT ID>: what stands between the brackets is a name.
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::size_t end =
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ", at + 1);
    if (end != std::string_view::npos && end > at + 1 && text[end] == '>') {
      return true;
    }
  }
  return text.find("{{") != std::string_view::npos || text.find("<%") != std::string_view::npos ||
         has_bracketed_name(text) || has_shell_name(text);
}

/// Is the word in the path, alone or in the plural?
bool names(std::string_view path, std::string_view word) {
  const auto letter = [&](std::size_t index) {
    return index < path.size() && path[index] >= 'a' && path[index] <= 'z';
  };
  for (std::size_t at = path.find(word); at != std::string_view::npos; at = path.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool ends = !letter(end) || (path[end] == 's' && !letter(end + 1));
    if (ends && (at == 0 || !letter(at - 1))) {
      return true;
    }
  }
  return false;
}

bool names_service_control(std::string_view path) {
  const std::string text = source::to_lower(path);
  return text.find("service-control") != std::string::npos || text.find("service_control") != std::string::npos ||
         names(text, "scp");
}

bool names_resource_control(std::string_view path) {
  const std::string text = source::to_lower(path);
  return text.find("resource-control") != std::string::npos || text.find("resource_control") != std::string::npos ||
         names(text, "rcp");
}

bool is_text(const json::Value* value, std::string_view text) {
  return value != nullptr && value->kind == json::Kind::kString && value->text == text;
}

/// Does the document do nothing but deny everybody something on every resource, as policies of an organization do?
bool only_denies(const std::vector<const json::Value*>& statements) {
  return std::ranges::all_of(statements, [](const json::Value* statement) {
    const std::vector<std::string_view> resources = texts(statement->member("Resource"));
    return is_text(statement->member("Effect"), "Deny") && is_text(statement->member("Principal"), "*") &&
           statement->member("NotAction") == nullptr && resources.size() == 1 && resources.front() == "*";
  });
}

/// The bucket that the resources of all statements are about; empty when they do not name just one.
std::string_view bucket_of(const std::vector<const json::Value*>& statements) {
  std::string_view found;
  for (const json::Value* statement : statements) {
    const std::vector<std::string_view> resources = texts(statement->member("Resource"));
    if (resources.empty()) {
      return {};
    }
    for (const std::string_view resource : resources) {
      constexpr std::string_view kS3 = ":s3:::";
      const std::size_t begin = resource.find(kS3);
      if (begin == std::string_view::npos) {
        return {};
      }
      const std::string_view rest = resource.substr(begin + kS3.size());
      const std::string_view name = rest.substr(0, rest.find('/'));
      const bool whole = std::ranges::all_of(
          name, [](char c) { return source::is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
      if (name.empty() || !whole || (!found.empty() && name != found)) {
        return {};
      }
      found = name;
    }
  }
  return found;
}

/// What the document is; null when that cannot be told.
const Carrier* carrier_of(const std::vector<const json::Value*>& statements, std::string_view path) {
  const auto has_principal = [](const json::Value* statement) {
    return statement->member("Principal") != nullptr || statement->member("NotPrincipal") != nullptr;
  };
  const auto with = std::ranges::count_if(statements, has_principal);
  if (with == 0) {
    return names_service_control(path) ? &kServiceControl : &kIdentity;
  }
  if (static_cast<std::size_t>(with) != statements.size()) {
    return nullptr;
  }
  if (names_resource_control(path)) {
    return &kResourceControl;
  }
  const bool denies = only_denies(statements);
  // A pattern for all actions names no service; then the resources do.
  std::vector<std::string> actions;
  std::vector<std::string> services;
  for (const json::Value* statement : statements) {
    for (const std::string_view name : {"Action"sv, "NotAction"sv}) {
      for (const std::string_view action : texts(statement->member(name))) {
        if (!std::ranges::all_of(action, [](char c) { return c == '*' || c == ':'; })) {
          actions.push_back(source::to_lower(action));
        }
      }
    }
    for (const std::string_view resource : texts(statement->member("Resource"))) {
      if (const std::string service = service_of(resource); !service.empty()) {
        services.push_back(service);
      }
    }
  }
  std::set<std::string_view> prefixes;
  for (const std::string& name : actions.empty() ? services : actions) {
    prefixes.insert(std::string_view(name).substr(0, name.find(':') + 1));
  }
  // The policy of a resource is about one service.
  if (prefixes.size() != 1) {
    return denies && !prefixes.empty() ? &kResourceControl : nullptr;
  }
  const std::string_view prefix = *prefixes.begin();
  // That of a bucket names the bucket, that of a key lets somebody use it, and a trust policy has no resources.
  if (denies && (prefix == "s3:" || prefix == "kms:" || prefix == "sts:")) {
    return &kResourceControl;
  }
  const auto family = std::ranges::find(kFamilies, prefix, &Family::prefix);
  if (family == kFamilies.end()) {
    return nullptr;
  }
  // A trust policy says nothing of resources.
  const bool trust = family->carrier.type == kTrust.type;
  const bool resources = std::ranges::any_of(
      statements, [](const json::Value* statement) { return statement->member("Resource") != nullptr; });
  return trust && resources ? nullptr : &family->carrier;
}

/// Is it one of the accounts that documentation uses in examples, or twelve times a digit? In a document that nothing
/// reads it stands for the account of whoever uses it.
bool is_example_account(std::string_view id) {
  static constexpr std::array kExamples{"123456789012"sv, "111122223333"sv, "444455556666"sv, "777788889999"sv};
  return std::ranges::find(kExamples, id) != kExamples.end() || id.find_first_not_of(id.front()) == id.npos;
}

/// What somebody replaces by something of his own before the document is used.
struct StandIn {
  std::size_t begin;
  std::size_t size;
  std::string_view what;
};

/// Adds where the account of an ARN, or an account alone, is an example.
void add_example_accounts(std::string_view text, std::vector<StandIn>& found) {
  constexpr std::size_t kLength = 12;
  std::size_t at = 0;
  while (at + kLength < text.size()) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    const bool framed = at > 0 && end < text.size() && (text[at - 1] == ':' || text[at - 1] == '"') &&
                        (text[end] == ':' || text[end] == '"');
    if (end - at == kLength && framed && is_example_account(text.substr(at, kLength))) {
      found.push_back({at, kLength, "account"});
    }
    at = end + 1;
  }
}

/// Adds where an ARN has a name in capitals for its Region, its account or its bucket. None of these has capitals.
void add_names_in_capitals(std::string_view text, std::vector<StandIn>& found) {
  constexpr std::string_view kBegin = "\"arn:";
  constexpr std::size_t kService = 2;
  constexpr std::size_t kResource = 5;
  constexpr std::array kWhat = {""sv, ""sv, ""sv, "Region"sv, "account"sv, "bucket"sv};
  for (std::size_t quote = text.find(kBegin); quote != std::string_view::npos; quote = text.find(kBegin, quote + 1)) {
    std::size_t at = quote + 1;
    const std::size_t end = std::min(text.find('"', at), text.size());
    bool of_bucket = false;
    for (std::size_t field = 0; field <= kResource && at < end; ++field) {
      const std::string_view rest = text.substr(at, end - at);
      const std::string_view part = rest.substr(0, rest.find(field == kResource ? '/' : ':'));
      of_bucket = of_bucket || (field == kService && part == "s3");
      if (!kWhat.at(field).empty() && (field != kResource || of_bucket) && is_capitals(part)) {
        found.push_back({at, part.size(), kWhat.at(field)});
      }
      at += part.size() + 1;
    }
  }
}

std::vector<StandIn> stand_ins(std::string_view text) {
  std::vector<StandIn> found;
  add_example_accounts(text, found);
  add_names_in_capitals(text, found);
  std::ranges::sort(found, {}, &StandIn::begin);
  return found;
}

/// The text of a file. Examples and names in capitals are whatever somebody puts in their place.
eval::Value document_of(const source::Artifact& artifact, eval::Context& context) {
  const std::string_view text = artifact.bytes();
  const source::Region whole = artifact.whole();
  std::vector<eval::Part> parts;
  std::size_t done = 0;
  const auto add_text = [&](std::size_t end) {
    if (end > done) {
      eval::Part part;
      part.text = text.substr(done, end - done);
      part.region = {whole.artifact, static_cast<std::uint32_t>(done), static_cast<std::uint32_t>(end)};
      part.exact = true;
      parts.push_back(part);
    }
    done = end;
  };
  const eval::Symbol* first = nullptr;
  for (const StandIn& one : stand_ins(text)) {
    add_text(one.begin);
    done = one.begin + one.size;
    const source::Region region{whole.artifact, static_cast<std::uint32_t>(one.begin),
                                static_cast<std::uint32_t>(done)};
    const std::string name = "the " + std::string(one.what) + " that " + std::string(text.substr(one.begin, one.size)) +
                             " stands for in " + std::string(artifact.path());
    const eval::Symbol* symbol = context.symbols.intern(
        {.reason = eval::Reason::kVariable, .text = name, .subject = {}, .path = {}, .region = whole});
    first = first == nullptr ? symbol : first;
    eval::Part part;
    part.value = context.arena.make<eval::Value>(
        eval::make_unknown(context.arena, eval::kStringType, eval::Unknown{.symbol = symbol, .not_null = true}));
    part.region = region;
    parts.push_back(part);
  }
  add_text(text.size());
  const auto* detail = context.arena.make<eval::StringDetail>(
      eval::StringDetail{.parts = context.arena.copy(std::span<const eval::Part>(parts))});
  const auto* origin = eval::make_origin(context.arena, eval::OriginKind::kExpression, whole);
  if (first == nullptr) {
    return eval::make_string(context.arena, text, detail).with_origin(origin);
  }
  const eval::Unknown unknown{.symbol = context.symbols.derive("the text of " + std::string(artifact.path()), *first),
                              .not_null = true};
  return eval::make_unknown(context.arena, eval::kStringType, unknown, detail).with_origin(origin);
}

}  // namespace

bool add_policy_file(const json::Value& root, const source::Artifact& artifact, model::ModuleId module,
                     model::Configuration& configuration) {
  const std::vector<const json::Value*> statements = statements_of(root);
  if (statements.empty() || is_template(artifact.bytes())) {
    return false;
  }
  const Carrier* carrier = carrier_of(statements, artifact.path());
  // A bucket whose name is to be filled in is nobody's.
  const std::string_view bucket =
      carrier != nullptr && carrier->type == "aws_s3_bucket_policy" ? bucket_of(statements) : std::string_view();
  if (carrier == nullptr || is_capitals(bucket)) {
    return false;
  }
  eval::Context context = configuration.context();
  const source::Region whole = artifact.whole();
  const eval::Value document = document_of(artifact, context);
  const auto open = [&](std::string_view name) {
    const eval::Symbol* symbol =
        context.symbols.intern({.reason = eval::Reason::kVariable,
                                .text = "the " + std::string(name) + " of " + std::string(artifact.path()),
                                .subject = {},
                                .path = {},
                                .region = whole});
    return eval::make_unknown(context.arena, eval::kDynamicType, symbol);
  };
  const auto attribute = [&](std::string_view name, const eval::Value& value) {
    return model::attribute_at(name, value, whole, whole, context.arena);
  };
  std::vector<model::Attribute> attributes{attribute(carrier->document, document)};
  for (const std::string_view name : {carrier->of, "tags"sv}) {
    if (!name.empty()) {
      attributes.push_back(attribute(name, open(name)));
    }
  }
  if (!bucket.empty()) {
    attributes.push_back(attribute("bucket", eval::make_string(context.arena, bucket)));
  }
  if (!carrier->kind.empty()) {
    attributes.push_back(attribute("type", eval::make_string(context.arena, carrier->kind)));
  }
  model::Resource resource;
  resource.module = module;
  resource.address = artifact.path();
  resource.config_address = artifact.path();
  resource.type = carrier->type;
  resource.name = artifact.path();
  resource.body =
      context.arena.make<model::Body>(context.arena.copy(attributes), std::span<const model::Block>(), nullptr);
  resource.header = whole;
  configuration.add(resource);
  configuration.add(model::PolicyFile{.artifact = &artifact, .document = document});
  return true;
}

}  // namespace gabion::terraform
