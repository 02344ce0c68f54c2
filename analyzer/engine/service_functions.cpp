// Rule functions over the service authorization reference: which actions exist, what they do, and on what.
#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "aws/action_patterns.h"
#include "aws/managed_policies.h"
#include "aws/resource_patterns.h"
#include "aws/service_facts.h"
#include "engine/bucket_names.h"
#include "engine/functions.h"
#include "engine/policy_reading.h"
#include "engine/reference_index.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

enum class PatternOf : char { kActions, kResources };

/// A text with a wildcard for everything in it that is not known.
std::optional<std::string> pattern_text(const Value& value, const RuleContext& rule, PatternOf what) {
  if (!value.is_string() && !value.is_unknown()) {
    return std::nullopt;
  }
  std::string out;
  const iam::Text text = iam::read_text(value, rule.views.policy_options());
  for (const iam::Segment& segment : text.segments()) {
    if (!segment.is_hole) {
      out += segment.text;
    } else {
      const bool name = what == PatternOf::kResources && rule.views.references().bucket_names().has(*segment.hole);
      out += name ? aws::kUnknownName : '*';
    }
  }
  return out;
}

struct Patterns {
  std::vector<std::string> texts;
  std::vector<Value> values;
  const eval::Symbol* unknown = nullptr;  ///< the list itself is not known
  bool wrong = false;                     ///< it is no list of texts
};

Patterns read_patterns(const Value& value, const RuleContext& rule, PatternOf what = PatternOf::kActions) {
  Patterns out;
  if (value.is_unknown() && !value.is_sequence() && eval::first_unknown(value) != nullptr &&
      (value.detail() == nullptr || value.detail()->parts.empty())) {
    out.unknown = eval::first_unknown(value);
    return out;
  }
  const auto add = [&](const Value& one) {
    if (auto text = pattern_text(one, rule, what)) {
      out.texts.push_back(std::move(*text));
      out.values.push_back(one);
    } else {
      out.wrong = out.wrong || !one.is_null();
    }
  };
  if (value.is_sequence()) {
    std::ranges::for_each(value.elements(), add);
  } else {
    add(value);
  }
  return out;
}

Value unknown_of(const eval::Symbol* symbol, const eval::Type& type, eval::Context& context) {
  eval::Unknown unknown;
  unknown.symbol = symbol;
  unknown.not_null = true;
  return eval::make_unknown(context.arena, type, unknown);
}

Value wrong_argument(const eval::Call& call, eval::Context& context) {
  return eval::make_error(context.arena, std::string(call.name) + "() needs names or patterns of actions", call.region);
}

/// The one known text of an argument; otherwise what the function gives instead.
std::optional<std::string> known_text(const eval::Call& call, std::size_t argument, const eval::Type& type,
                                      eval::Context& context, Value& instead) {
  const Value& value = call.arguments[argument];
  if (value.is_string()) {
    return std::string(value.text());
  }
  instead = value.is_unknown() ? unknown_of(eval::first_unknown(value), type, context) : wrong_argument(call, context);
  return std::nullopt;
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

Value texts(const std::vector<std::string>& from, eval::Context& context) {
  std::vector<Value> out;
  for (const std::string& one : from) {
    out.push_back(eval::make_string(context.arena, one));
  }
  return eval::make_tuple(context.arena, out);
}

/// known_action(pattern): does it exist, does the pattern cover one?
Value known_action(const eval::Call& call, RuleContext&, eval::Context& context) {
  Value instead = eval::make_null(context.arena);
  const auto text = known_text(call, 0, eval::kBoolType, context, instead);
  return text ? eval::make_bool(aws::covers_some_action(*text)) : instead;
}

/// The text that `find` gives for the one that is given, or null.
template <class Find>
Value found_text(const eval::Call& call, eval::Context& context, const Find& find) {
  Value instead = eval::make_null(context.arena);
  const auto text = known_text(call, 0, eval::kStringType, context, instead);
  if (!text) {
    return instead;
  }
  const auto found = find(*text);
  return found ? eval::make_string(context.arena, *found) : eval::make_null(context.arena, eval::kStringType);
}

/// nearest_action(name), nearest_condition_key(name): what was meant by a name that does not exist.
Value nearest_action(const eval::Call& call, RuleContext&, eval::Context& context) {
  return found_text(call, context, aws::nearest_action);
}
Value nearest_condition_key(const eval::Call& call, RuleContext&, eval::Context& context) {
  return found_text(call, context, aws::nearest_condition_key);
}

/// Actions that patterns cover, in order, each once.
std::vector<aws::ActionId> covered(const Patterns& patterns) {
  if (patterns.texts.size() == 1) {
    return aws::expand_action(patterns.texts.front());
  }
  std::vector<aws::ActionId> out;
  for (const std::string& pattern : patterns.texts) {
    const std::vector<aws::ActionId> found = aws::expand_action(pattern);
    out.insert(out.end(), found.begin(), found.end());
  }
  std::ranges::sort(out);
  // std::ranges::unique does not compile here with clang 14.
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// What a function makes of the actions that its first argument covers.
template <class Make>
Value over_actions(const eval::Call& call, RuleContext& rule, eval::Context& context, Make&& make) {
  const Patterns patterns = read_patterns(call.arguments[0], rule);
  if (patterns.unknown != nullptr) {
    return unknown_of(patterns.unknown, eval::kDynamicType, context);
  }
  if (patterns.wrong) {
    return wrong_argument(call, context);
  }
  // What is not known of a pattern could be more, or less.
  for (const Value& value : patterns.values) {
    if (value.is_unknown()) {
      return unknown_of(eval::first_unknown(value), eval::kDynamicType, context);
    }
  }
  return texts(make(covered(patterns)), context);
}

Value expand_actions(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return over_actions(call, rule, context, [](const std::vector<aws::ActionId>& actions) {
    std::vector<std::string> out;
    std::ranges::transform(actions, std::back_inserter(out), [](aws::ActionId action) { return aws::name_of(action); });
    return out;
  });
}

Value shortest_actions(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return over_actions(call, rule, context,
                      [](const std::vector<aws::ActionId>& actions) { return aws::shortest_patterns(actions); });
}

Value access_levels(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return over_actions(call, rule, context, [](const std::vector<aws::ActionId>& actions) {
    std::set<aws::AccessLevel> levels;
    for (const aws::ActionId action : actions) {
      levels.insert(aws::access_level(action));
    }
    std::vector<std::string> out;
    for (const aws::AccessLevel level : levels) {
      out.emplace_back(aws::name(level));
    }
    return out;
  });
}

/// action_access_level(action)
Value action_access_level(const eval::Call& call, RuleContext&, eval::Context& context) {
  return found_text(call, context, [](std::string_view name) {
    const auto action = aws::find_action(name);
    return action ? std::optional(aws::name(aws::access_level(*action))) : std::nullopt;
  });
}

/// supports_resource_level(pattern): some action that it covers does.
Value supports_resource_level(const eval::Call& call, RuleContext&, eval::Context& context) {
  Value instead = eval::make_null(context.arena);
  const auto text = known_text(call, 0, eval::kBoolType, context, instead);
  if (!text) {
    return instead;
  }
  return eval::make_bool(aws::some_action(*text, aws::supports_resource_level));
}

/// accepts_condition_key(pattern, key): some action that it covers does.
Value accepts_condition_key(const eval::Call& call, RuleContext&, eval::Context& context) {
  Value instead = eval::make_null(context.arena);
  const auto pattern = known_text(call, 0, eval::kBoolType, context, instead);
  const auto key = pattern ? known_text(call, 1, eval::kBoolType, context, instead) : std::nullopt;
  if (!key) {
    return instead;
  }
  if (aws::find_global_key(*key)) {
    return eval::make_bool(true);
  }
  return eval::make_bool(
      aws::some_action(*pattern, [&](aws::ActionId action) { return aws::accepts_key(action, *key); }));
}

/// actions_without_resource(actions, resources): those that none of the resources can be for.
Value actions_without_resource(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Patterns actions = read_patterns(call.arguments[0], rule);
  const Patterns resources = read_patterns(call.arguments[1], rule, PatternOf::kResources);
  for (const Patterns* patterns : {&actions, &resources}) {
    if (patterns->unknown != nullptr) {
      return unknown_of(patterns->unknown, eval::kDynamicType, context);
    }
    if (patterns->wrong) {
      return wrong_argument(call, context);
    }
  }
  // A text of which nothing is known may be any resource; one with something unknown in it is still of its kind.
  std::vector<std::string_view> views;
  const eval::Symbol* anything = nullptr;
  for (std::size_t i = 0; i < resources.texts.size(); ++i) {
    if (resources.values[i].is_unknown() && resources.texts[i].find(':') == std::string::npos) {
      anything = eval::first_unknown(resources.values[i]);
    } else {
      views.push_back(resources.texts[i]);
    }
  }
  if (std::ranges::any_of(views, aws::is_every_resource)) {
    return eval::make_tuple(context.arena, {});
  }
  aws::ResourcePatterns patterns(views);
  std::vector<Value> out;
  for (std::size_t i = 0; i < actions.texts.size(); ++i) {
    bool exists = false;
    const bool fits = aws::some_action(actions.texts[i], [&](aws::ActionId action) {
      exists = true;
      return patterns.fit(action);
    });
    // A name that does not exist is another mistake.
    if (exists && !fits) {
      out.push_back(actions.values[i]);
    }
  }
  return anything != nullptr && !out.empty() ? unknown_of(anything, eval::kDynamicType, context)
                                             : eval::make_tuple(context.arena, out);
}

/// The texts that `facts` gives for one action; none for what is no action.
template <class Facts>
Value about_action(const eval::Call& call, eval::Context& context, Facts&& facts) {
  Value instead = eval::make_null(context.arena);
  const auto text = known_text(call, 0, eval::kDynamicType, context, instead);
  if (!text) {
    return instead;
  }
  std::vector<std::string> out;
  if (const auto action = has_wildcard(*text) ? std::nullopt : aws::find_action(*text)) {
    facts(*action, out);
  }
  return texts(out, context);
}

/// The elements of a list for which `keep` holds, and those of which no text is known; a list that is not known itself.
template <class Keep>
Value those_of(const eval::Call& call, eval::Context& context, Keep&& keep) {
  const Value& actions = call.arguments[0];
  if (!actions.is_sequence()) {
    return actions.is_unknown() ? actions : wrong_argument(call, context);
  }
  std::vector<Value> out;
  for (const Value& action : actions.elements()) {
    if (!action.is_string() || keep(action.text())) {
      out.push_back(action);
    }
  }
  return out.size() == actions.elements().size()
             ? actions
             : eval::with_marks(context.arena, eval::make_tuple(context.arena, out), actions.marks());
}

/// nonexistent_actions(actions): those that known_action() would deny, or could not tell of.
Value nonexistent_actions(const eval::Call& call, RuleContext&, eval::Context& context) {
  return those_of(call, context, [](std::string_view action) { return !aws::covers_some_action(action); });
}

/// actions_of_levels(actions, levels): those for which access_levels() would name one of these.
Value actions_of_levels(const eval::Call& call, RuleContext&, eval::Context& context) {
  const Value& wanted = call.arguments[1];
  if (!wanted.wholly_known()) {
    return unknown_of(eval::first_unknown(wanted), eval::kDynamicType, context);
  }
  if (!wanted.is_sequence() || !std::ranges::all_of(wanted.elements(), &Value::is_string)) {
    return wrong_argument(call, context);
  }
  const auto is_wanted = [&](aws::ActionId action) {
    const std::string_view level = aws::name(aws::access_level(action));
    return std::ranges::any_of(wanted.elements(), [&](const Value& one) { return one.text() == level; });
  };
  return those_of(call, context, [&](std::string_view action) { return aws::some_action(action, is_wanted); });
}

/// actions_besides(actions, others): those that cover something that none of the others covers.
Value actions_besides(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Patterns others = read_patterns(call.arguments[1], rule);
  if (others.wrong || !call.arguments[1].wholly_known()) {
    return others.wrong ? wrong_argument(call, context)
                        : unknown_of(eval::first_unknown(call.arguments[1]), eval::kDynamicType, context);
  }
  const std::vector<aws::ActionId> left_out = covered(others);
  const auto counts = [&](aws::ActionId action) { return !std::ranges::binary_search(left_out, action); };
  return those_of(call, context, [&](std::string_view action) { return aws::some_action(action, counts); });
}

/// resource_formats(action): ARN formats of what it works on.
Value resource_formats(const eval::Call& call, RuleContext&, eval::Context& context) {
  return about_action(call, context, [](aws::ActionId action, std::vector<std::string>& out) {
    for (const aws::ActionResource& resource : aws::resources_of(action)) {
      out.push_back(aws::arn_format(resource.type));
    }
  });
}

/// condition_keys(action): keys that requests for it can have.
Value condition_keys(const eval::Call& call, RuleContext&, eval::Context& context) {
  return about_action(call, context, [](aws::ActionId action, std::vector<std::string>& out) {
    for (const aws::ConditionKey& key : aws::condition_keys_of(action)) {
      out.push_back(key.name);
    }
  });
}

/// dependent_actions(action): what its callers need besides.
Value dependent_actions(const eval::Call& call, RuleContext&, eval::Context& context) {
  return about_action(call, context, [](aws::ActionId action, std::vector<std::string>& out) {
    std::ranges::transform(aws::dependent_actions(action), std::back_inserter(out),
                           [](aws::ActionId other) { return aws::name_of(other); });
  });
}

/// managed_policy(arn): the document of a policy of AWS.
Value managed_policy(const eval::Call& call, RuleContext&, eval::Context& context) {
  return found_text(call, context, [](std::string_view arn) {
    const auto policy = aws::find_managed_policy(arn);
    return policy ? std::optional(policy->document()) : std::nullopt;
  });
}

constexpr std::array<RuleFunction, 17> kFunctions = {{
    {"accepts_condition_key", "accepts_condition_key(action, key)",
     "Can a request for the action (or one that the pattern covers) have the condition key?", 2, 2,
     accepts_condition_key, HangsOn::kTexts},
    {"access_levels", "access_levels(actions)",
     "Access levels of all actions that the patterns cover: list, read, write, permissions-management, tagging.", 1, 1,
     access_levels, HangsOn::kTexts},
    {"action_access_level", "action_access_level(action)", "Access level of one action; null when there is none.", 1, 1,
     action_access_level, HangsOn::kTexts},
    {"actions_besides", "actions_besides(actions, others)",
     "Those of a list of actions (or patterns) that are, or cover one that is, none of the others; also those that are "
     "not known.",
     2, 2, actions_besides, HangsOn::kArguments, true},
    {"actions_of_levels", "actions_of_levels(actions, levels)",
     "Those of a list of actions (or patterns) that have, or cover one that has, one of the access levels; also those "
     "that are not known.",
     2, 2, actions_of_levels, HangsOn::kArguments, true},
    {"actions_without_resource", "actions_without_resource(actions, resources)",
     "Those of the actions (or patterns) that can never be about any of the resources: s3:ListBucket on objects, or an "
     "action that is granted on * only on anything else. What is not known inside of a resource may be anything.",
     2, 2, actions_without_resource, HangsOn::kSubject, true},
    {"condition_keys", "condition_keys(action)",
     "Condition keys that the action and its resources have, besides those of all AWS; placeholders stand for any "
     "text.",
     1, 1, condition_keys, HangsOn::kTexts},
    {"dependent_actions", "dependent_actions(action)",
     "Actions that a caller of the action needs besides, for some of its uses.", 1, 1, dependent_actions,
     HangsOn::kTexts},
    {"expand_actions", "expand_actions(actions)", "Names of all actions that the patterns cover.", 1, 1, expand_actions,
     HangsOn::kTexts},
    {"known_action", "known_action(action)", "Does the action exist, or does the pattern cover one that does?", 1, 1,
     known_action, HangsOn::kTexts},
    {"managed_policy", "managed_policy(arn)",
     "Document of a policy that AWS manages, by its ARN; null when it is none, or none that is known.", 1, 1,
     managed_policy, HangsOn::kTexts},
    {"nearest_action", "nearest_action(action)",
     "The existing action that a name which does not exist was probably meant to be; null when none is near.", 1, 1,
     nearest_action, HangsOn::kTexts},
    {"nearest_condition_key", "nearest_condition_key(key)",
     "The existing condition key that a name which does not exist was probably meant to be; null when none is near.", 1,
     1, nearest_condition_key, HangsOn::kTexts},
    {"nonexistent_actions", "nonexistent_actions(actions)",
     "Those of a list of actions (or patterns) that do not exist, or cover none that does; also those that are not "
     "known.",
     1, 1, nonexistent_actions, HangsOn::kArguments, true},
    {"resource_formats", "resource_formats(action)",
     "Formats of the ARNs that the action can be granted on; empty when it is granted on * only.", 1, 1,
     resource_formats, HangsOn::kTexts},
    {"shortest_actions", "shortest_actions(actions)",
     "The fewest names and patterns, cut at the ends of words, that cover the same actions and no other.", 1, 1,
     shortest_actions, HangsOn::kTexts},
    {"supports_resource_level", "supports_resource_level(action)",
     "Can the action (or one that the pattern covers) be granted on anything narrower than *?", 1, 1,
     supports_resource_level, HangsOn::kTexts},
}};

}  // namespace

std::span<const RuleFunction> service_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
