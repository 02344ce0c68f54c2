#include "engine/fix_value.h"

#include <algorithm>
#include <array>

#include "engine/fix_text.h"
#include "engine/view.h"
#include "source/ascii.h"

namespace gabion::engine {
namespace {

using eval::Value;

constexpr std::size_t kOneLine = 80;

/// The instance key in brackets at the end, brackets included.
std::string_view key_of(std::string_view part) {
  const std::size_t bracket = part.find('[');
  return bracket == std::string_view::npos ? std::string_view{} : part.substr(bracket);
}

/// Is it a variable, or what attributes and literal keys lead to in one: var.a, var.names["logs"], var.list[0].id?
bool names_a_variable(std::string_view text) {
  constexpr std::string_view kVariable = "var.";
  if (!text.starts_with(kVariable)) {
    return false;
  }
  text.remove_prefix(kVariable.size());
  const std::size_t root = std::min(text.find_first_of(".["), text.size());
  if (!is_identifier(text.substr(0, root))) {
    return false;
  }
  text.remove_prefix(root);
  while (!text.empty()) {
    if (text.front() == '.') {
      const std::size_t end = std::min(text.find_first_of(".[", 1), text.size());
      if (!is_identifier(text.substr(1, end - 1))) {
        return false;
      }
      text.remove_prefix(end);
      continue;
    }
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) {
      return false;
    }
    std::string_view key = text.substr(1, end - 1);
    const bool quoted = key.size() >= 2 && key.front() == '"' && key.back() == '"';
    key = quoted ? key.substr(1, key.size() - 2) : key;
    const bool plain = quoted ? key.find_first_of("\"\\$%") == std::string_view::npos
                              : !key.empty() && std::ranges::all_of(key, source::is_digit);
    if (!plain) {
      return false;
    }
    text.remove_prefix(end + 1);
  }
  return true;
}

/// How an expression of that place names the symbol; nothing when it cannot.
std::optional<std::string> reference(const eval::Symbol& symbol, const FixPlace& place) {
  if (symbol.text.starts_with(kHolePrefix) || place.module == nullptr) {
    return std::nullopt;
  }
  std::string_view text = symbol.text;
  const std::string prefix = place.module->address.empty() ? "" : std::string(place.module->address) + ".";
  if (!prefix.empty()) {
    if (!text.starts_with(prefix)) {
      return std::nullopt;
    }
    text.remove_prefix(prefix.size());
  }
  if (symbol.reason == eval::Reason::kVariable) {
    return !symbol.any_element && names_a_variable(text) ? std::optional(std::string(text)) : std::nullopt;
  }
  if ((symbol.reason != eval::Reason::kComputed && symbol.reason != eval::Reason::kData) || symbol.path.empty() ||
      symbol.any_element || text.find("[*]") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view subject = symbol.subject;
  if (!subject.starts_with(prefix)) {
    return std::nullopt;
  }
  subject.remove_prefix(prefix.size());
  const std::vector<std::string_view> parts = address_parts(subject);
  const bool data = !parts.empty() && parts[0] == "data";
  if (parts.size() != (data ? 3U : 2U) || text != std::string(subject) + "." + std::string(symbol.path)) {
    return std::nullopt;
  }
  const std::string_view key = key_of(parts.back());
  std::string result(subject.substr(0, subject.size() - key.size()));
  if (!key.empty()) {
    // The same instance of a block repeated in the same way is named by the iteration's own key.
    const model::Resource* own = place.resource;
    const bool same = own != nullptr && own->address.ends_with(key) && own->syntax != nullptr;
    if (same && own->syntax->body->attribute("count") != nullptr) {
      result += "[count.index]";
    } else if (same && own->syntax->body->attribute("for_each") != nullptr) {
      result += "[each.key]";
    } else {
      result += key;
    }
  }
  return result + "." + std::string(symbol.path);
}

/// A reference with nothing around it is written without quotes.
void add_text(std::string_view text, std::vector<FixPiece>& out) {
  if (!text.empty()) {
    out.push_back({std::string(text), false});
  }
}

bool add_pieces(const Value& value, const FixPlace& place, std::vector<FixPiece>& out, int depth) {
  if (depth > 32) {
    return false;
  }
  if (value.is_string()) {
    add_text(value.text(), out);
    return true;
  }
  if (value.is_number() || value.is_bool()) {
    add_text(eval::primitive_text(value), out);
    return true;
  }
  if (!value.is_unknown()) {
    return false;
  }
  if (value.detail() != nullptr && !value.detail()->parts.empty()) {
    for (const eval::Part& part : value.detail()->parts) {
      if (part.value == nullptr) {
        add_text(part.text, out);
      } else if (!add_pieces(*part.value, place, out, depth + 1)) {
        return false;
      }
    }
    return true;
  }
  if (value.unknown().symbol->text.starts_with(kHolePrefix)) {
    out.push_back({"<" + std::string(value.unknown().symbol->text.substr(kHolePrefix.size())) + ">", false});
    return true;
  }
  if (value.unknown().symbol->text.starts_with(kCodePrefix)) {
    out.push_back({std::string(value.unknown().symbol->text.substr(kCodePrefix.size())), true});
    return true;
  }
  if (std::optional<std::string> named = reference(*value.unknown().symbol, place)) {
    out.push_back({std::move(*named), true});
    return true;
  }
  return false;
}

/// The ARN of a bucket that the place can name is written as the bucket's own: it says which partition it is in.
void name_arns(std::vector<FixPiece>& pieces) {
  constexpr std::string_view kArn = "arn:";
  constexpr std::string_view kBucket = ":s3:::";
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    std::string& before = pieces[i - 1].text;
    std::string& bucket = pieces[i].text;
    const std::size_t arn = before.rfind(kArn);
    const std::size_t dot = bucket.rfind('.');
    if (!pieces[i].is_reference || pieces[i - 1].is_reference || !before.ends_with(kBucket) ||
        arn == std::string::npos || before.find(':', arn + kArn.size()) != before.size() - kBucket.size() ||
        !bucket.starts_with("aws_s3_bucket.") || (bucket.substr(dot) != ".id" && bucket.substr(dot) != ".bucket")) {
      continue;
    }
    bucket.replace(dot, std::string::npos, ".arn");
    before.erase(arn);
  }
  std::erase_if(pieces, [](const FixPiece& piece) { return piece.text.empty(); });
}

FixValue plain(std::string text) {
  FixValue result;
  result.plain = std::move(text);
  return result;
}

bool fits(const std::string& text) {
  return text.size() <= kOneLine && text.find('\n') == std::string::npos;
}

class Printer {
 public:
  explicit Printer(const FixStyle& style) : style_(style) {}

  bool print(const FixValue& value, const std::string& indent, std::string& out) const {
    switch (value.kind) {
      case FixValue::Kind::kPlain:
        out += value.plain;
        return true;
      case FixValue::Kind::kText:
        return text(value, out);
      case FixValue::Kind::kList:
        return list(value, indent, out);
      case FixValue::Kind::kObject:
        return object(value, indent, out);
    }
    return false;
  }

 private:
  bool text(const FixValue& value, std::string& out) const {
    if (!style_.json && value.pieces.size() == 1 && value.pieces[0].is_reference) {
      out += value.pieces[0].text;
      return true;
    }
    out += '"';
    for (const FixPiece& piece : value.pieces) {
      if (!piece.is_reference) {
        append_escaped(piece.text, !style_.json || style_.heredoc || style_.syntax, out);
      } else if (style_.json && style_.syntax) {
        out += "${";
        append_escaped(piece.text, false, out);
        out += '}';
      } else if (style_.json && !style_.heredoc) {
        return false;
      } else {
        out += "${" + piece.text + "}";
      }
    }
    out += '"';
    return true;
  }

  bool list(const FixValue& value, const std::string& indent, std::string& out) const {
    const bool scalars = std::all_of(value.elements.begin(), value.elements.end(), [](const FixValue& element) {
      return element.kind == FixValue::Kind::kText || element.kind == FixValue::Kind::kPlain;
    });
    const bool one_line = style_.compact || !style_.multi_line || value.elements.size() < 2;
    if (one_line || scalars) {
      std::string line = "[";
      for (const FixValue& element : value.elements) {
        line += line.size() > 1 ? style_.comma : "";
        if (!print(element, indent, line)) {
          return false;
        }
      }
      line += "]";
      if (one_line || fits(line)) {
        out += line;
        return true;
      }
    }
    const std::string inner = indent + style_.step;
    out += "[";
    for (std::size_t i = 0; i < value.elements.size(); ++i) {
      out += style_.newline + inner;
      if (!print(value.elements[i], inner, out)) {
        return false;
      }
      out += !style_.json || i + 1 < value.elements.size() ? "," : "";
    }
    out += style_.newline + indent + "]";
    return true;
  }

  /// An object of one member, whose value is again short, on one line; nothing when it does not fit.
  std::optional<std::string> one_line(const FixValue& value) const {
    std::string line = style_.json ? "{" : "{ ";
    for (const auto& [name, member] : value.members) {
      line += line.size() > 2 ? style_.comma : "";
      line += print_key(name, style_) + style_.separator;
      if (member.kind == FixValue::Kind::kObject) {
        const auto inner = one_line(member);
        if (!inner) {
          return std::nullopt;
        }
        line += *inner;
      } else if (!print(member, "", line)) {
        return std::nullopt;
      }
      if (!style_.compact && !fits(line)) {
        return std::nullopt;
      }
    }
    line += style_.json ? "}" : " }";
    return style_.compact || fits(line) ? std::optional(line) : std::nullopt;
  }

  bool object(const FixValue& value, const std::string& indent, std::string& out) const {
    if (value.members.empty()) {
      out += "{}";
      return true;
    }
    if (value.members.size() == 1 || !style_.multi_line || style_.compact) {
      if (const auto line = one_line(value)) {
        out += *line;
        return true;
      }
    }
    const std::string inner = indent + style_.step;
    // Equals signs are aligned over runs of members that take one line.
    std::vector<std::string> texts;
    for (const auto& [name, member] : value.members) {
      texts.emplace_back();
      if (!print(member, inner, texts.back())) {
        return false;
      }
    }
    std::size_t width = 0;
    out += "{";
    for (std::size_t i = 0; i < value.members.size(); ++i) {
      const bool single = texts[i].find('\n') == std::string::npos;
      if (!single) {
        width = 0;
      } else if (i == 0 || texts[i - 1].find('\n') != std::string::npos) {
        for (std::size_t j = i; j < value.members.size() && texts[j].find('\n') == std::string::npos; ++j) {
          width = std::max(width, print_key(value.members[j].name, style_).size());
        }
      }
      std::string key = print_key(value.members[i].name, style_);
      if (style_.separator == " = " && key.size() < width) {
        key.append(width - key.size(), ' ');
      }
      out += style_.newline + inner + key + style_.separator + texts[i];
      out += style_.json && i + 1 < value.members.size() ? "," : "";
    }
    out += style_.newline + indent + "}";
    return true;
  }

  const FixStyle& style_;
};

}  // namespace

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return source::is_letter(c) || c == '_'; };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || source::is_digit(c) || c == '-'; });
}

FixValue FixValue::of_text(std::string_view text) {
  FixValue result;
  result.kind = Kind::kText;
  result.pieces.push_back({std::string(text), false});
  return result;
}

std::optional<std::string> FixValue::literal() const {
  if (kind != Kind::kText) {
    return std::nullopt;
  }
  std::string result;
  for (const FixPiece& piece : pieces) {
    if (piece.is_reference) {
      return std::nullopt;
    }
    result += piece.text;
  }
  return result;
}

bool operator==(const FixValue& a, const FixValue& b) {
  return a.kind == b.kind && a.pieces == b.pieces && a.plain == b.plain && a.elements == b.elements &&
         a.members == b.members;
}

bool FixValue::self_contained() const {
  return std::none_of(pieces.begin(), pieces.end(), [](const FixPiece& piece) { return piece.is_reference; }) &&
         std::all_of(elements.begin(), elements.end(),
                     [](const FixValue& element) { return element.self_contained(); }) &&
         std::all_of(members.begin(), members.end(), [](const auto& member) { return member.value.self_contained(); });
}

std::optional<FixValue> fix_value(const Value& value, const FixPlace& place) {
  FixValue result;
  switch (value.kind()) {
    case eval::Kind::kNull:
      return plain("null");
    case eval::Kind::kBool:
      return plain(value.boolean() ? "true" : "false");
    case eval::Kind::kNumber:
      return plain(value.number().to_string());
    case eval::Kind::kString:
    case eval::Kind::kUnknown:
      result.kind = FixValue::Kind::kText;
      if (!add_pieces(value, place, result.pieces, 0)) {
        return std::nullopt;
      }
      name_arns(result.pieces);
      return result;
    case eval::Kind::kTuple:
    case eval::Kind::kList:
    case eval::Kind::kSet:
      result.kind = FixValue::Kind::kList;
      for (const Value& element : value.elements()) {
        std::optional<FixValue> made = fix_value(element, place);
        if (!made) {
          return std::nullopt;
        }
        result.elements.push_back(std::move(*made));
      }
      return result;
    case eval::Kind::kMap:
    case eval::Kind::kObject:
      result.kind = FixValue::Kind::kObject;
      for (const eval::Member& member : value.members()) {
        std::optional<FixValue> made = fix_value(member.value, place);
        if (!made) {
          return std::nullopt;
        }
        result.members.emplace_back(std::string(member.name), std::move(*made));
      }
      return result;
    case eval::Kind::kError:
      return std::nullopt;
  }
  return std::nullopt;
}

void order_statement(FixValue& statement) {
  static constexpr std::array<std::string_view, 12> kOrder = {"Version",   "Id",        "Statement",    "Sid",
                                                              "Effect",    "Principal", "NotPrincipal", "Action",
                                                              "NotAction", "Resource",  "NotResource",  "Condition"};
  std::stable_sort(statement.members.begin(), statement.members.end(), [](const auto& a, const auto& b) {
    return std::find(kOrder.begin(), kOrder.end(), a.name) < std::find(kOrder.begin(), kOrder.end(), b.name);
  });
}

std::string print_key(std::string_view key, const FixStyle& style) {
  if (!style.json && !style.quoted_keys && is_identifier(key)) {
    return std::string(key);
  }
  std::string result = "\"";
  append_escaped(key, !style.json || style.heredoc, result);
  return result + '"';
}

std::optional<std::string> print(const FixValue& value, const FixStyle& style) {
  std::string out;
  return Printer(style).print(value, style.indent, out) ? std::optional(out) : std::nullopt;
}

std::optional<std::string> hcl_text(const Value& value) {
  const std::optional<FixValue> made = fix_value(value, {});
  FixStyle style;
  style.multi_line = false;
  return made ? print(*made, style) : std::nullopt;
}

bool has_hole(const Value& value) {
  if (value.is_unknown()) {
    if (value.unknown().symbol->text.starts_with(kHolePrefix)) {
      return true;
    }
    const eval::StringDetail* detail = value.detail();
    return detail != nullptr && std::any_of(detail->parts.begin(), detail->parts.end(), [](const eval::Part& part) {
             return part.value != nullptr && has_hole(*part.value);
           });
  }
  if (value.is_sequence()) {
    return std::any_of(value.elements().begin(), value.elements().end(), has_hole);
  }
  if (value.is_mapping()) {
    return std::any_of(value.members().begin(), value.members().end(),
                       [](const eval::Member& member) { return has_hole(member.value); });
  }
  return false;
}

}  // namespace gabion::engine
