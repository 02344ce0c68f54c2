// Rule functions over secrets: what a value is, what a name says, and what is written into files.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/functions.h"
#include "secrets/detector.h"

namespace gabion::engine {
namespace {

using eval::Value;

Value unknown_of(const eval::Type& type, std::string_view text, source::Region region, eval::Context& context) {
  return eval::make_unknown(
      context.arena, type, context.symbols.intern({eval::Reason::kVariable, context.arena.copy(text), {}, {}, region}));
}

/// Does the last argument say {examples = true}?
bool with_examples(const eval::Call& call) {
  if (call.arguments.size() < 3 || !call.arguments[2].is_mapping()) {
    return false;
  }
  const auto members = call.arguments[2].members();
  return std::any_of(members.begin(), members.end(), [](const eval::Member& member) {
    return member.name == "examples" && member.value.is_bool() && member.value.boolean();
  });
}

/// secret(value, [name], [options]): what it is, or null.
Value secret(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& value = call.arguments[0];
  const bool named = call.arguments.size() > 1 && call.arguments[1].is_string();
  const std::string_view name = named ? call.arguments[1].text() : std::string_view();
  if (value.is_unknown()) {
    // What is written around the holes may hold one whatever is in them.
    if (value.detail() != nullptr) {
      for (const eval::Part& part : value.detail()->parts) {
        if (part.value == nullptr) {
          if (const auto tokens = rule.views.detector().tokens(part.text); !tokens.empty()) {
            return eval::make_string(context.arena, tokens.front().what);
          }
        }
      }
    }
    return eval::make_unknown(context.arena, eval::kStringType, eval::first_unknown(value));
  }
  if (!value.is_string()) {
    return eval::make_null(context.arena, eval::kStringType);
  }
  auto what = rule.views.detector().secret(name, value.text());
  if (!what && with_examples(call)) {
    what = secrets::Detector::example_key(value.text());
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
    const auto* origin = context.arena.make<eval::Origin>(eval::OriginKind::kExpression, written.region, written.name);
    found.push_back(eval::make_object(context.arena, members).with_origin(origin));
  }
  return eval::make_tuple(context.arena, found);
}

constexpr std::array<RuleFunction, 3> kFunctions = {{
    {"secret", "secret(value, [name], [options])",
     "What kind of secret a text is (\"an access key of AWS\", \"a password\"), given the name under which it stands; "
     "null when it is none, a placeholder, an example from documentation, or says where a secret is. With {examples = "
     "true} the keys of AWS' documentation count.",
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
