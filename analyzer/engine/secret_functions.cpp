// Rule functions over secrets: what a value is, what a name says, and what is written into files.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/functions.h"
#include "secrets/detector.h"

namespace gabion::engine {
namespace {

using eval::Value;

Value unknown_of(const eval::Type& type, std::string_view text, source::Region region, eval::Context& context) {
  return eval::make_unknown(context.arena, type,
                            context.symbols.intern({eval::Reason::kVariable, text, {}, {}, region}));
}

/// Does the last argument say {option = true}?
bool asks_for(const eval::Call& call, std::string_view option) {
  if (call.arguments.size() < 3 || !call.arguments[2].is_mapping()) {
    return false;
  }
  const auto members = call.arguments[2].members();
  return std::any_of(members.begin(), members.end(), [option](const eval::Member& member) {
    return member.name == option && member.value.is_bool() && member.value.boolean();
  });
}

/// An attribute that is a secret whatever its value turns out to be.
struct SecretAttribute {
  std::string_view type;
  std::string_view path;
  std::string_view what;
};

constexpr std::array<SecretAttribute, 12> kSecretAttributes = {{
    {"aws_ecr_authorization_token", "authorization_token", "a token of ECR"},
    {"aws_ecr_authorization_token", "password", "a token of ECR"},
    {"aws_iam_access_key", "secret", "the secret of an access key"},
    {"aws_iam_access_key", "ses_smtp_password_v4", "the secret of an access key"},
    {"aws_iam_user_login_profile", "password", "the password of a user"},
    {"aws_secretsmanager_random_password", "random_password", "a generated password"},
    {"aws_secretsmanager_secret_version", "secret_binary", "a secret of Secrets Manager"},
    {"aws_secretsmanager_secret_version", "secret_string", "a secret of Secrets Manager"},
    {"random_password", "result", "a generated password"},
    {"tls_private_key", "private_key_openssh", "a private key"},
    {"tls_private_key", "private_key_pem", "a private key"},
    {"tls_private_key", "private_key_pem_pkcs8", "a private key"},
}};

/// Is that the address of a resource or data source of the type, in whichever module: [...]TYPE.NAME or TYPE.NAME[KEY]?
bool is_of_type(std::string_view address, std::string_view type) {
  for (std::size_t at = address.find(type); at != std::string_view::npos; at = address.find(type, at + 1)) {
    const std::string_view rest = address.substr(at + type.size());
    const std::size_t end = std::min(rest.find('['), rest.size());
    if ((at == 0 || address[at - 1] == '.') && rest.starts_with('.') &&
        rest.substr(1, end - 1).find('.') == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// What a value that is not known is, by the attribute that it is. What is computed of one may be anything.
std::optional<std::string_view> made_secret(const Value& value) {
  const eval::Symbol* symbol = value.is_unknown() ? value.unknown().symbol : nullptr;
  if (symbol == nullptr || symbol->subject.empty() || symbol->any_element || !value.unknown().alternatives.empty()) {
    return std::nullopt;
  }
  const auto* found = std::ranges::find_if(kSecretAttributes, [symbol](const SecretAttribute& attribute) {
    return attribute.path == symbol->path && is_of_type(symbol->subject, attribute.type);
  });
  return found == kSecretAttributes.end() ? std::nullopt : std::optional(found->what);
}

/// The same of a text that such a value is a part of.
std::optional<std::string_view> made_secret_in(const Value& value) {
  if (const auto what = made_secret(value)) {
    return what;
  }
  if (value.detail() != nullptr) {
    for (const eval::Part& part : value.detail()->parts) {
      if (part.value != nullptr) {
        if (const auto what = made_secret(*part.value)) {
          return what;
        }
      }
    }
  }
  return std::nullopt;
}

/// A text that is known in part, with what stands for something to be filled in where it is not.
std::string with_holes(const eval::StringDetail& detail) {
  std::string text;
  for (const eval::Part& part : detail.parts) {
    text += part.value == nullptr ? part.text : part.value->is_string() ? part.value->text() : "${}";
  }
  return text;
}

/// What a text is under a name, or what stands in it: a token, or a value under a name that says so, as in a URL or a
/// list of settings. Of a text that is known in part, what is written is looked at.
std::optional<std::string_view> in_text(const secrets::Detector& detector, std::string_view name, const Value& value) {
  std::string text;
  if (value.is_string() || value.is_number()) {
    text = eval::primitive_text(value);
    const auto what = detector.secret(name, text);
    if (what || secrets::is_reference(text)) {
      return what;
    }
  } else if (value.detail() != nullptr) {
    text = with_holes(*value.detail());
  }
  const std::vector<secrets::Token> found = detector.written(text);
  return found.empty() ? std::nullopt : std::optional(found.front().what);
}

/// The same where JSON is looked into too: what was encoded tells names from values, and numbers from texts. With
/// `made`, what resources make counts.
std::optional<std::string_view> found_in(const secrets::Detector& detector, std::string_view name, const Value& text,
                                         bool made) {
  std::vector<std::pair<std::string_view, Value>> open = {{name, text}};
  while (!open.empty()) {
    const auto [of, value] = open.back();
    open.pop_back();
    if (const auto what = in_text(detector, of, value)) {
      return what;
    }
    if (const auto what = made ? made_secret_in(value) : std::nullopt) {
      return what;
    }
    if (value.detail() != nullptr && value.detail()->encoded != nullptr) {
      open.emplace_back(std::string_view(), *value.detail()->encoded);
    }
    for (const Value& element : value.held()) {
      open.emplace_back(of, element);
    }
    for (const eval::Member& member : value.held_members()) {
      open.emplace_back(member.name, member.value);
    }
  }
  return std::nullopt;
}

/// secret(value, [name], [options]): what it is, or null.
Value secret(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& value = call.arguments[0];
  if (!value.is_string() && !value.is_unknown()) {
    return eval::make_null(context.arena, eval::kStringType);
  }
  const bool named = call.arguments.size() > 1 && call.arguments[1].is_string();
  const std::string_view name = named ? call.arguments[1].text() : std::string_view();
  auto what = found_in(rule.views.detector(), name, value, asks_for(call, "made"));
  if (!what && value.is_string() && asks_for(call, "examples")) {
    what = secrets::Detector::example_key(value.text());
  }
  if (!what && value.is_unknown()) {
    return eval::make_unknown(context.arena, eval::kStringType, eval::first_unknown(value));
  }
  return what ? eval::make_string(context.arena, *what) : eval::make_null(context.arena, eval::kStringType);
}

/// secret_name(name): does it say that the value is secret?
Value secret_name(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  const Value& name = call.arguments[0];
  if (name.is_unknown()) {
    return eval::make_unknown(context.arena, eval::kBoolType, eval::first_unknown(name));
  }
  const secrets::NameKind kind = name.is_string() ? secrets::kind_of_name(name.text()) : secrets::NameKind::kOther;
  if (kind == secrets::NameKind::kHint) {
    return unknown_of(eval::kBoolType, "what " + std::string(name.text()) + " means", call.region, context);
  }
  return eval::make_bool(kind != secrets::NameKind::kOther);
}

/// secret_literals(file): what is written into it.
Value secret_literals(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::SourceFile* file = rule.views.file_of(call.arguments[0]);
  if (file == nullptr) {
    return eval::make_error(context.arena, "secret_literals() needs a file", call.region);
  }
  std::vector<Value> found;
  for (const model::WrittenSecret& written : file->secrets) {
    const auto text = [&](std::string_view name, std::string_view value) {
      return eval::Member{name,
                          value.empty() ? eval::make_null(context.arena, eval::kStringType)
                                        : eval::make_string_view(context.arena, value),
                          {}};
    };
    eval::Member what = text("what", written.what);
    if (written.what.empty()) {
      what.value = unknown_of(eval::kStringType, "the rest of the text", written.region, context);
    }
    const std::vector<eval::Member> members = {text("name", written.name), text("owner", written.owner), what};
    const auto* origin = eval::make_origin(context.arena, eval::OriginKind::kExpression, written.region, written.name);
    found.push_back(eval::make_object(context.arena, members).with_origin(origin));
  }
  return eval::make_tuple(context.arena, found);
}

constexpr std::array<RuleFunction, 3> kFunctions = {{
    {"secret", "secret(value, [name], [options])",
     "What kind of secret a text is or holds (\"an access key of AWS\", \"a password\"), given the name under which it "
     "stands: also within a URL, JSON or a list of settings, and around what is not known of it. Null when it is none, "
     "a placeholder, an example from documentation, or says where a secret is. With {examples = true} the keys of AWS' "
     "documentation count, with {made = true} what a resource makes or looks up as a secret, such as the result of a "
     "random_password or the secret_string of a secret, though it is not known.",
     1, 3, secret, HangsOn::kArguments},
    {"secret_literals", "secret_literals(file)",
     "The secrets that are written into a file, as objects with name (under which it stands), owner (the block) and "
     "what; that is unknown where a part of a text under a secret name is. They know their places.",
     1, 1, secret_literals},
    {"secret_name", "secret_name(name)",
     "Does the name say that its value is a password, a key or a token? Not for names of what is about one, such as "
     "password_length or secret_arn; unknown for names such as secret and token, which may mean the name of one.",
     1, 1, secret_name, HangsOn::kTexts},
}};

}  // namespace

std::span<const RuleFunction> secret_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
