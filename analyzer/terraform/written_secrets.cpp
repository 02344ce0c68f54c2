#include "terraform/written_secrets.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

#include "aws/sensitive_attributes.h"
#include "source/ascii.h"
#include "syntax/hcl/walk.h"
#include "syntax/json/parser.h"
#include "terraform/module.h"

namespace gabion::terraform {
namespace {

using namespace std::literals;
using secrets::NameKind;
namespace json = syntax::json;

constexpr int kMaxDepth = 200;

/// Stands for what an interpolation gives.
constexpr char kHole = '\0';

/// Functions that give back what they are given, as a whole or within a text.
constexpr std::array kCarriers = {
    "jsonencode"sv, "yamlencode"sv, "base64encode"sv, "sensitive"sv, "nonsensitive"sv, "tostring"sv,
    "coalesce"sv,   "try"sv,        "concat"sv,       "merge"sv,     "tolist"sv,       "toset"sv,
    "tomap"sv,      "trimspace"sv,  "chomp"sv,        "flatten"sv,   "one"sv,          "textencodebase64"sv,
    "base64gzip"sv, "urlencode"sv};

/// What is under these names is prose or a label; only the formats of tokens are looked for.
constexpr std::array kProse = {
    "description"sv, "error_message"sv, "tags"sv,   "tags_all"sv, "labels"sv,    "annotations"sv,
    "comment"sv,     "validation"sv,    "source"sv, "version"sv,  "lifecycle"sv, "depends_on"sv,
    "title"sv,       "condition"sv,     "filter"sv, "$schema"sv,  "//"sv};

/// Resources that keep what they are given for others, and take no password themselves.
constexpr std::array kStores = {"aws_ssm_parameter"sv, "aws_secretsmanager_secret_version"sv};

/// What people write where they mean to put a secret later.
constexpr std::array kUntilReplaced = {"changeme"sv, "changeit"sv, "change"sv,   "updateme"sv, "setme"sv, "initial"sv,
                                       "default"sv,  "dummy"sv,    "later"sv,    "temp"sv,     "tbc"sv,   "manual"sv,
                                       "update"sv,   "console"sv,  "manually"sv, "pending"sv,  "unset"sv};

/// What stands under a name that ends with one of these says where or what something is, also among secrets.
constexpr std::array kAboutIt = {"id"sv,     "ids"sv,    "arn"sv,    "arns"sv,    "name"sv,  "names"sv,  "prefix"sv,
                                 "suffix"sv, "path"sv,   "paths"sv,  "url"sv,     "urls"sv,  "region"sv, "regions"sv,
                                 "image"sv,  "lambda"sv, "subnet"sv, "subnets"sv, "group"sv, "groups"sv, "version"sv};

/// Types of variables of a build whose value says where the secret is.
constexpr std::array kPlaces = {"SECRETS_MANAGER"sv, "PARAMETER_STORE"sv};

template <class Table>
bool contains(const Table& table, std::string_view name) {
  return std::ranges::find(table, name) != table.end();
}

/// Is a text one of these words, or made of one of them and others: CHANGEME, change-me, initial_value?
bool is_until_replaced(std::string_view text) {
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && source::is_letter(text[i])) {
      word += source::to_lower(text[i]);
      continue;
    }
    if (i < text.size() && source::is_digit(text[i])) {
      return false;
    }
    if (contains(kUntilReplaced, word)) {
      return secrets::is_made_of_words(text);
    }
    word.clear();
  }
  return false;
}

/// Does the name's last word say that the value is no secret itself: client_id, namePrefix?
bool is_about_it(std::string_view name) {
  std::size_t begin = name.find_last_of("_-. ") + 1;
  for (std::size_t i = name.size(); i > begin + 1; --i) {
    if (source::is_upper(name[i - 1]) && !source::is_upper(name[i - 2])) {
      begin = i - 1;
    }
  }
  return contains(kAboutIt, source::to_lower(name.substr(begin)));
}

/// The name under which a literal stands, and what it says.
struct Context {
  std::string_view name;
  NameKind kind = NameKind::kOther;
  std::string_view owner;
  std::string_view type;  ///< of the resource around, empty elsewhere
  bool hidden = false;    ///< the value of a sensitive variable
  bool prose = false;
  bool listed = false;  ///< an element of the list that has the name
  bool taken = false;   ///< the password of a resource: whatever stands there is what the resource gets
  /// A store is made with the value, and a person puts another one in its place: Terraform does not look at it again.
  bool replaced = false;

  [[nodiscard]] Context named(std::string_view other) const {
    Context result = *this;
    result.name = other;
    result.kind = secrets::kind_of_name(other);
    result.listed = false;
    result.taken = false;
    result.prose = prose || contains(kProse, other);
    return result;
  }

  [[nodiscard]] Context element() const {
    Context result = *this;
    result.listed = true;
    return result;
  }

  /// Where literals are about the value, and not it: the name of a member, a separator.
  [[nodiscard]] Context unnamed() const {
    Context result = *this;
    result.kind = NameKind::kOther;
    result.hidden = false;
    result.taken = false;
    return result;
  }
};

class Walker {
 public:
  Walker(const source::Artifact& artifact, const std::set<std::string_view>& sensitive,
         const secrets::Detector& detector, std::span<const secrets::Detector::Part> hints, source::Arena& arena)
      : artifact_(artifact), sensitive_(sensitive), detector_(detector), arena_(arena), hints_(hints) {}

  void configuration(const hcl::Body& body) {
    for (const hcl::Attribute& attribute : body.attributes) {
      const bool hidden = sensitive_.contains(attribute.name);
      if (hidden || is_hinted_at(attribute.region)) {
        Context context = Context{}.named(attribute.name);
        context.hidden = hidden;
        expression(*attribute.expression, context, 0);
      }
    }
    for (const hcl::Block& block : body.blocks) {
      const bool sensitive =
          (block.type == "variable" || block.type == "output") && literal_flag(*block.body, "sensitive", false);
      if (sensitive || is_hinted_at(block.region)) {
        top_block(block, sensitive);
      }
    }
  }

  void document(const json::Value& root, bool variables) {
    if (root.kind != json::Kind::kObject) {
      value(root, {}, 0);
      return;
    }
    for (const json::Member& member : root.members) {
      Context context = Context{}.named(member.name);
      context.hidden = variables && sensitive_.contains(member.name);
      value(member.value, context, 0);
    }
  }

  WrittenValues finish() {
    std::ranges::stable_sort(result_.secrets, {}, [](const auto& secret) { return secret.region.begin; });
    return std::move(result_);
  }

 private:
  /// False when no secret stands there: all names that could say so do too.
  [[nodiscard]] bool is_hinted_at(source::Region place) const {
    const auto first = std::ranges::upper_bound(hints_, std::size_t{place.begin}, {}, &secrets::Detector::Part::end);
    return first != hints_.end() && first->begin < place.end;
  }

  void top_block(const hcl::Block& block, bool sensitive) {
    Context context;
    const std::string_view label = block.labels.empty() ? std::string_view() : block.labels.front().text();
    const std::string_view last = block.labels.empty() ? std::string_view() : block.labels.back().text();
    const bool resource = block.labels.size() == 2;
    const std::string prefix = block.type == "resource" ? "" : std::string(block.type) + (label.empty() ? "" : ".");
    context.owner = arena_.copy(prefix + std::string(label) + (resource ? "." + std::string(last) : ""));
    context.type = resource ? label : std::string_view();
    if (block.type == "variable" || block.type == "output") {
      for (const hcl::Attribute& attribute : block.body->attributes) {
        const bool holds = attribute.name == "default" || attribute.name == "value";
        Context inner = context.named(holds ? label : attribute.name);
        inner.hidden = sensitive && holds;
        inner.prose = inner.prose || !holds;
        expression(*attribute.expression, inner, 0);
      }
      return;
    }
    body(*block.body, context, 0);
  }

  void body(const hcl::Body& body, const Context& context, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    const std::string_view given = paired_name(body);
    const bool store = contains(kStores, context.type);
    // A module that makes a store has the same under a name of its own.
    const bool replaced = context.replaced || literal_flag(body, "ignore_secret_changes", false);
    for (const hcl::Attribute& attribute : body.attributes) {
      Context inner = context.named(attribute.name);
      if ((attribute.name == "value" || attribute.name == "value_wo") && !given.empty()) {
        inner = is_place(body) ? context.unnamed() : context.named(given);
      }
      inner.replaced = replaced || (store && is_ignored(body, attribute.name));
      if (inner.kind == NameKind::kOther || inner.kind == NameKind::kHint) {
        if (aws::is_sensitive_attribute(context.type, attribute.name) &&
            (context.type != "aws_ssm_parameter" || is_text(body, "type", "SecureString"))) {
          inner.kind = NameKind::kKey;
        }
      }
      inner.taken = inner.kind == NameKind::kPassword && context.type.starts_with("aws_") && !store;
      expression(*attribute.expression, inner, depth + 1);
    }
    for (const hcl::Block& block : body.blocks) {
      Context inner = context;
      inner.prose = context.prose || contains(kProse, block.type);
      if (block.type == "backend" && !block.labels.empty()) {
        inner.owner = arena_.copy("backend." + std::string(block.labels.front().text()));
      }
      this->body(*block.body, inner, depth + 1);
    }
  }

  /// Does lifecycle { ignore_changes = [name] }, or = all, say so?
  static bool is_ignored(const hcl::Body& body, std::string_view name) {
    for (const hcl::Block& block : body.blocks) {
      const hcl::Attribute* ignored = block.type == "lifecycle" ? block.body->attribute("ignore_changes") : nullptr;
      if (ignored == nullptr) {
        continue;
      }
      if (is_name(*ignored->expression, "all")) {
        return true;
      }
      if (ignored->expression->kind == hcl::ExpressionKind::kTuple) {
        const auto elements = hcl::as<hcl::TupleExpression>(*ignored->expression).elements;
        return std::ranges::any_of(elements, [&](const hcl::Expression* one) { return is_name(*one, name); });
      }
    }
    return false;
  }

  /// A bare word, or one in quotes as it was written once.
  static bool is_name(const hcl::Expression& expression, std::string_view name) {
    if (expression.kind != hcl::ExpressionKind::kTraversal) {
      return literal_text(expression) == name;
    }
    const auto& traversal = hcl::as<hcl::Traversal>(expression);
    return traversal.root == name && traversal.steps.empty();
  }

  static bool is_text(const hcl::Body& body, std::string_view name, std::string_view text) {
    const hcl::Attribute* attribute = body.attribute(name);
    return attribute != nullptr && literal_text(*attribute->expression) == text;
  }

  /// The variable whose value stands beside it: name = "DB_PASSWORD", value = ...
  static std::string_view paired_name(const hcl::Body& body) {
    for (const std::string_view name : {"name"sv, "key"sv}) {
      if (const hcl::Attribute* attribute = body.attribute(name)) {
        if (const auto text = literal_text(*attribute->expression)) {
          return *text;
        }
      }
    }
    return {};
  }

  /// Is the value beside it the place of a secret: type = "SECRETS_MANAGER", value = "shop/db:password"?
  static bool is_place(const hcl::Body& body) {
    const hcl::Attribute* type = body.attribute("type");
    return type != nullptr && contains(kPlaces, literal_text(*type->expression).value_or(""sv));
  }
  static bool is_place(const hcl::ObjectExpression& object) {
    return std::ranges::any_of(object.items, [](const hcl::ObjectItem& item) {
      return hcl::literal_key(item) == "type" && contains(kPlaces, literal_text(*item.value).value_or(""sv));
    });
  }
  static bool is_place(const json::Value& object) {
    return std::ranges::any_of(std::array{"type"sv, "Type"sv}, [&](std::string_view name) {
      const json::Value* type = object.member(name);
      return type != nullptr && type->kind == json::Kind::kString && contains(kPlaces, type->text);
    });
  }

  /// passwords = {db = "..."}: the name is that of each member that has none of its own to say what it is. Objects of a
  /// list say more of each: secrets = [{name = "...", valueFrom = "..."}].
  static NameKind kind_of_member(const Context& member, const Context& around) {
    const bool several =
        around.kind != NameKind::kOther && !around.listed && (around.name.ends_with('s') || around.name.ends_with('S'));
    return member.kind == NameKind::kOther && several && !is_about_it(member.name) ? NameKind::kHint : member.kind;
  }

  static std::string_view paired_name(const hcl::ObjectExpression& object) {
    for (const hcl::ObjectItem& item : object.items) {
      const auto key = hcl::literal_key(item);
      if (key == "name" || key == "key") {
        if (const auto text = literal_text(*item.value)) {
          return *text;
        }
      }
    }
    return {};
  }

  static std::string_view paired_name(const json::Value& object) {
    for (const std::string_view name : {"name"sv, "key"sv, "Name"sv, "Key"sv}) {
      const json::Value* member = object.member(name);
      if (member != nullptr && member->kind == json::Kind::kString && !member->text.empty()) {
        return member->text;
      }
    }
    return {};
  }

  void expression(const hcl::Expression& node, const Context& context, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    switch (node.kind) {
      case hcl::ExpressionKind::kTemplate:
        text(hcl::as<hcl::TemplateExpression>(node), context, depth);
        break;
      case hcl::ExpressionKind::kConditional: {
        const auto& conditional = hcl::as<hcl::ConditionalExpression>(node);
        expression(*conditional.true_result, context, depth + 1);
        expression(*conditional.false_result, context, depth + 1);
        break;
      }
      case hcl::ExpressionKind::kParentheses:
        expression(*hcl::as<hcl::ParenthesesExpression>(node).inner, context, depth + 1);
        break;
      case hcl::ExpressionKind::kTuple:
        for (const hcl::Expression* element : hcl::as<hcl::TupleExpression>(node).elements) {
          expression(*element, context.element(), depth + 1);
        }
        break;
      case hcl::ExpressionKind::kObject:
        object(hcl::as<hcl::ObjectExpression>(node), context, depth);
        break;
      case hcl::ExpressionKind::kFor:
        expression(*hcl::as<hcl::ForExpression>(node).value, context, depth + 1);
        break;
      case hcl::ExpressionKind::kFunctionCall: {
        const auto& call = hcl::as<hcl::FunctionCall>(node);
        // Other arguments are keys, separators, paths.
        const bool carries = contains(kCarriers, call.name);
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
          const bool is_value = carries || (call.name == "lookup" && i == 2);
          expression(*call.arguments[i], is_value ? context : context.unnamed(), depth + 1);
        }
        break;
      }
      default:
        break;
    }
  }

  void object(const hcl::ObjectExpression& object, const Context& context, int depth) {
    const std::string_view given = paired_name(object);
    const bool place = !given.empty() && is_place(object);
    for (const hcl::ObjectItem& item : object.items) {
      const auto key = hcl::literal_key(item);
      const bool paired = key == "value" && !given.empty();
      if (paired && place) {
        expression(*item.value, context.unnamed(), depth + 1);
        continue;
      }
      Context inner = key ? context.named(paired ? given : *key) : context;
      inner.kind = kind_of_member(inner, context);
      if (key && (*key == "default" || *key == "value") && inner.kind == NameKind::kOther) {
        inner.name = context.name;
        inner.kind = context.kind;
      }
      // secret_string = jsonencode({a = "..."}): all of it is secret.
      if (inner.kind == NameKind::kOther && aws::is_sensitive_attribute(context.type, context.name)) {
        inner.kind = NameKind::kHint;
      }
      expression(*item.value, inner, depth + 1);
    }
  }

  /// The value of a template all of whose parts are literals.
  std::optional<std::string> constant(const hcl::TemplateExpression& node) {
    std::string whole;
    for (const hcl::TemplatePart& part : node.parts()) {
      if (part.kind == hcl::TemplatePartKind::kLiteral) {
        whole += part.text();
        continue;
      }
      const auto inner = part.kind == hcl::TemplatePartKind::kInterpolation ? literal_text(*part.expression())
                                                                            : std::optional<std::string_view>();
      if (!inner || part.expression()->kind != hcl::ExpressionKind::kTemplate) {
        return std::nullopt;
      }
      whole += *inner;
    }
    return whole;
  }

  void text(const hcl::TemplateExpression& node, const Context& context, int depth) {
    if (node.is_literal()) {
      literal(node.literal(), node.content(), context);
      return;
    }
    if (const auto whole = constant(node)) {
      literal(arena_.copy(*whole), node.content(), context);
      return;
    }
    const std::size_t before = result_.secrets.size();
    for (std::size_t i = 0; i < node.parts().size(); ++i) {
      part(node.parts()[i], i + 1 == node.parts().size(), context, depth);
    }
    if (result_.secrets.size() == before && !context.prose && is_half_written(node, context)) {
      add({}, node.content(), {}, context);
    }
  }

  /// Is a part of a password written, and a part taken from elsewhere?
  static bool is_half_written(const hcl::TemplateExpression& node, const Context& context) {
    if (context.kind != NameKind::kPassword && context.kind != NameKind::kKey) {
      return false;
    }
    const bool some = std::ranges::any_of(node.parts(), [](const hcl::TemplatePart& part) {
      constexpr std::size_t kLeast = 4;
      return part.kind == hcl::TemplatePartKind::kLiteral && part.text().size() >= kLeast &&
             part.text().find('\n') == std::string_view::npos && !secrets::is_reference(part.text());
    });
    const std::string whole = some ? with_holes(node) : std::string();
    return some && (whole.empty() || !says_no_secret(whole, context));
  }

  /// A text in which each interpolation is one kHole; one of an ARN begins as ARNs do. Empty when it has directives.
  static std::string with_holes(const hcl::TemplateExpression& node) {
    std::string whole;
    for (const hcl::TemplatePart& part : node.parts()) {
      if (part.kind == hcl::TemplatePartKind::kLiteral) {
        whole += part.text();
      } else if (part.kind == hcl::TemplatePartKind::kInterpolation) {
        whole += is_arn(*part.expression()) ? "arn:"s + kHole : std::string(1, kHole);
      } else {
        return {};
      }
    }
    return whole;
  }

  static bool is_arn(const hcl::Expression& expression) {
    if (expression.kind != hcl::ExpressionKind::kTraversal) {
      return false;
    }
    const auto& traversal = hcl::as<hcl::Traversal>(expression);
    const std::string_view last = traversal.steps.empty() ? traversal.root : traversal.steps.back().name;
    return last == "arn" || last.ends_with("_arn");
  }

  /// Is no part of a secret written, whatever fills the holes: a place where it is, its name, an address or settings
  /// whose passwords are holes?
  static bool says_no_secret(std::string_view whole, const Context& context) {
    if (secrets::is_reference(whole)) {
      return true;
    }
    const std::size_t scheme = whole.find("://");
    const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + "://"sv.size();
    const std::size_t end = std::min(whole.find_first_of("/?#;", begin), whole.size());
    const std::string_view authority = whole.substr(begin, end - begin);
    const std::size_t at = authority.rfind('@');
    const std::string_view user = authority.substr(0, at == std::string_view::npos ? 0 : at);
    const std::size_t colon = user.find(':');
    if (colon == std::string_view::npos ? !user.empty() && !is_hole(user) : !is_hole(user.substr(colon + 1))) {
      return false;
    }
    bool assigned = false;
    for (std::size_t from = scheme == std::string_view::npos && user.empty() ? 0 : end; from < whole.size();) {
      const std::size_t next = std::min(whole.find_first_of("?&;", from), whole.size());
      const std::string_view setting = whole.substr(from, next - from);
      from = next + 1;
      const std::size_t equals = setting.find('=');
      if (equals != std::string_view::npos && secrets::kind_of_name(setting.substr(0, equals)) != NameKind::kOther) {
        if (!is_hole(setting.substr(equals + 1))) {
          return false;
        }
        assigned = true;
      }
    }
    if (scheme != std::string_view::npos || !user.empty() || assigned) {
      return true;
    }
    std::string filled(whole);
    std::ranges::replace(filled, kHole, 'x');
    return !context.taken && secrets::is_the_name_of_a_secret(filled);
  }

  static bool is_hole(std::string_view text) { return text.empty() || text == std::string_view(&kHole, 1); }

  /// A piece of a text with interpolations. What stands at its end may go on in the next one.
  void part(const hcl::TemplatePart& part, bool last, const Context& context, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    switch (part.kind) {
      case hcl::TemplatePartKind::kLiteral: {
        if (!may_hold(part.text())) {
          break;
        }
        Places places(artifact_, part.region);
        for (const secrets::Token& token : detector_.written(part.text())) {
          const std::string_view value = part.text().substr(token.begin, token.end - token.begin);
          if (last || token.end < part.text().size()) {
            add(value, places.find(value), token.what, context);
          }
        }
        break;
      }
      case hcl::TemplatePartKind::kInterpolation: {
        expression(*part.expression(), context.unnamed(), depth + 1);
        break;
      }
      case hcl::TemplatePartKind::kIf:
      case hcl::TemplatePartKind::kFor:
        for (const std::span<const hcl::TemplatePart> body : {part.body(), part.otherwise()}) {
          for (const hcl::TemplatePart& inner : body) {
            this->part(inner, false, context, depth + 1);
          }
        }
        break;
    }
  }

  void value(const json::Value& node, const Context& context, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    switch (node.kind) {
      case json::Kind::kString: {
        source::Region inside = node.region;
        if (inside.size() >= 2) {
          ++inside.begin;
          --inside.end;
        }
        literal(node.text, inside, context);
        break;
      }
      case json::Kind::kArray:
        for (const json::Value& element : node.elements) {
          value(element, context.element(), depth + 1);
        }
        break;
      case json::Kind::kObject: {
        const std::string_view given = paired_name(node);
        const bool place = !given.empty() && is_place(node);
        for (const json::Member& member : node.members) {
          const bool paired = (member.name == "value" || member.name == "Value") && !given.empty();
          Context inner = paired && place ? context.unnamed() : context.named(paired ? given : member.name);
          inner.kind = kind_of_member(inner, context);
          if (member.name == "default") {
            inner.name = context.name;
            inner.kind = context.kind;
          }
          value(member.value, inner, depth + 1);
        }
        break;
      }
      default:
        break;
    }
  }

  /// Finds where in a region texts are written, one after the other.
  class Places {
   public:
    Places(const source::Artifact& artifact, source::Region region) : text_(artifact.text(region)), region_(region) {}

    source::Region find(std::string_view value) {
      std::size_t at = text_.find(value, from_);
      if (at == std::string_view::npos && value.find('\n') != std::string_view::npos) {
        // Indentation was taken away: the place of the first line says where.
        value = value.substr(0, value.find('\n'));
        at = text_.find(value, from_);
      }
      if (at == std::string_view::npos) {
        return region_;
      }
      from_ = at + value.size();
      const auto begin = region_.begin + static_cast<std::uint32_t>(at);
      return {region_.artifact, begin, begin + static_cast<std::uint32_t>(value.size())};
    }

   private:
    std::string_view text_;
    source::Region region_;
    std::size_t from_ = 0;
  };

  /// False when a text surely holds no token and no assignment. One with escapes is not what stands in the file.
  [[nodiscard]] bool may_hold(std::string_view text) const {
    const std::string_view bytes = artifact_.bytes();
    const std::less<const char*> before;
    if (before(text.data(), bytes.data()) || before(bytes.data() + bytes.size(), text.data() + text.size())) {
      return true;
    }
    const auto begin = static_cast<std::uint32_t>(text.data() - bytes.data());
    return is_hinted_at({artifact_.id(), begin, begin + static_cast<std::uint32_t>(text.size())});
  }

  void literal(std::string_view text, source::Region content, const Context& context) {
    constexpr std::size_t kShortest = 4;
    if (text.size() < kShortest) {
      return;
    }
    if (context.hidden) {
      result_.hidden.push_back(text);
    }
    const bool may = may_hold(text);
    if (!may && (context.prose || context.kind == NameKind::kOther)) {
      return;
    }
    const std::vector<secrets::Token> inside = may ? detector_.written(text) : std::vector<secrets::Token>();
    Places places(artifact_, content);
    for (const secrets::Token& token : inside) {
      const std::string_view value = text.substr(token.begin, token.end - token.begin);
      add(value, places.find(value), token.what, context);
    }
    const std::size_t before = result_.secrets.size();
    if (may) {
      pairs_of_json(text, content, inside, context);
    }
    if (!inside.empty() || context.prose || result_.secrets.size() > before ||
        (context.replaced && is_until_replaced(text))) {
      return;
    }
    if (const auto what = detector_.secret(context.kind, context.name, text)) {
      add(text, content, *what, context);
    } else if (context.taken && is_password(text)) {
      add(text, content, "a password", context);
    }
  }

  /// Whether a literal that is the password of a resource is one: not a hole to fill in, nor a place where it is.
  static bool is_password(std::string_view text) {
    return !secrets::is_to_be_filled_in(text) && !secrets::is_reference(text) &&
           text.find_first_of(" \t\n") == std::string_view::npos;
  }

  /// {"name": "DB_PASSWORD", "value": "..."} in a text: the name of a value stands beside it, in no assignment.
  void pairs_of_json(std::string_view text, source::Region content, std::span<const secrets::Token> known,
                     const Context& context) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) {
      return;
    }
    source::Arena arena;
    const json::Parsed parsed = json::parse(text, content, arena, source::Limits{});
    if (parsed.value != nullptr) {
      Places places(artifact_, content);
      pairs_below(*parsed.value, text, known, context, places, 0);
    }
  }

  void pairs_below(const json::Value& node, std::string_view text, std::span<const secrets::Token> known,
                   const Context& context, Places& places, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    for (const json::Value& element : node.elements) {
      pairs_below(element, text, known, context, places, depth + 1);
    }
    for (const json::Member& member : node.members) {
      pairs_below(member.value, text, known, context, places, depth + 1);
    }
    const std::string_view given = paired_name(node);
    for (const std::string_view name : {"value"sv, "Value"sv}) {
      const json::Value* value = given.empty() ? nullptr : node.member(name);
      if (value == nullptr || value->kind != json::Kind::kString) {
        continue;
      }
      const bool found = std::ranges::any_of(known, [&](const secrets::Token& token) {
        return text.substr(token.begin, token.end - token.begin) == value->text;
      });
      if (const auto what = found ? std::nullopt : detector_.secret(given, value->text)) {
        const std::string_view kept = arena_.copy(value->text);
        add(kept, places.find(kept), *what, context.named(arena_.copy(given)));
      }
    }
  }

  void add(std::string_view value, source::Region region, std::string_view what, const Context& context) {
    result_.secrets.push_back({region, value, context.name, context.owner, what});
  }

  const source::Artifact& artifact_;
  const std::set<std::string_view>& sensitive_;
  const secrets::Detector& detector_;
  source::Arena& arena_;
  std::span<const secrets::Detector::Part> hints_;  ///< of the file
  WrittenValues result_;
};

}  // namespace

void add_sensitive_variables(const hcl::Body& body, std::set<std::string_view>& names) {
  for (const hcl::Block& block : body.blocks) {
    if (block.type == "variable" && block.labels.size() == 1 && literal_flag(*block.body, "sensitive", false)) {
      names.insert(block.labels.front().text());
    }
  }
}

WrittenValues written_secrets(const hcl::Body& body, const source::Artifact& artifact,
                              const std::set<std::string_view>& sensitive, const secrets::Detector& detector,
                              std::span<const secrets::Detector::Part> hints, source::Arena& arena) {
  Walker walker(artifact, sensitive, detector, hints, arena);
  walker.configuration(body);
  return walker.finish();
}

WrittenValues written_secrets(const json::Value& root, const source::Artifact& artifact, bool variables,
                              const std::set<std::string_view>& sensitive, const secrets::Detector& detector,
                              std::span<const secrets::Detector::Part> hints, source::Arena& arena) {
  Walker walker(artifact, sensitive, detector, hints, arena);
  walker.document(root, variables);
  return walker.finish();
}

WrittenValues written_secrets(const source::Artifact& text, const secrets::Detector& detector, source::Arena& arena) {
  WrittenValues result;
  const std::string_view bytes = text.bytes();
  if (!detector.may_hold(bytes)) {
    return result;
  }
  for (const secrets::Token& token : detector.written(bytes)) {
    const std::string_view value = bytes.substr(token.begin, token.end - token.begin);
    const source::Region region{text.id(), static_cast<std::uint32_t>(token.begin),
                                static_cast<std::uint32_t>(token.end)};
    result.secrets.push_back(
        {.region = region, .value = arena.copy(value), .name = {}, .owner = {}, .what = arena.copy(token.what)});
  }
  return result;
}

}  // namespace gabion::terraform
