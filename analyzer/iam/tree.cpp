#include "iam/tree.h"

#include <algorithm>

namespace gabion::iam {

namespace {

/// Attributes that AWS fills in with plain identifiers, never with patterns.
bool is_identifier(const eval::Symbol& symbol) {
  if (symbol.reason != eval::Reason::kComputed && symbol.reason != eval::Reason::kData) {
    return false;
  }
  const std::string_view path = symbol.path.substr(0, symbol.path.find('['));
  return path == "arn" || path == "id" || path == "name" || path == "account_id" || path == "partition" ||
         path == "region" || path.ends_with("_arn") || path.ends_with("_id") || path == "bucket" || path == "key_id" ||
         path == "unique_id" || path == "url" || path == "dns_suffix";
}

Region region_of(const eval::Value& value) {
  return value.origin() == nullptr ? Region{} : value.origin()->region;
}

bool is_collection(const eval::Value& value) {
  const eval::Type* type = value.node().type();
  return type != nullptr && (type->kind == eval::TypeKind::kList || type->kind == eval::TypeKind::kSet ||
                             type->kind == eval::TypeKind::kTuple || type->kind == eval::TypeKind::kDynamic);
}

Tree hole_tree(Hole hole, const eval::Value& value) {
  Tree tree;
  tree.kind = Tree::Kind::kHole;
  tree.hole = std::move(hole);
  tree.region = region_of(value);
  tree.origin = value.origin();
  return tree;
}

/// True when no two keys can turn out to be equal, so that no entry replaces another.
bool are_different(std::span<const eval::Entry> entries) {
  constexpr std::size_t kMost = 64;  // more conditions are no policy
  if (entries.size() > kMost) {
    return false;
  }
  for (std::size_t a = 0; a < entries.size(); ++a) {
    for (std::size_t b = a + 1; b < entries.size(); ++b) {
      if (eval::equals(entries[a].key, entries[b].key) != eval::Truth::kNo) {
        return false;
      }
    }
  }
  return true;
}

/// The chosen alternative of an unknown value, or null.
const eval::Value* alternative(const eval::Value& value, Choices* choices) {
  if (choices == nullptr || !value.is_unknown() || value.unknown().alternatives.empty() ||
      value.unknown().symbol == nullptr) {
    return nullptr;
  }
  const auto alternatives = value.unknown().alternatives;
  return &alternatives[choices->choose(*value.unknown().symbol, alternatives.size())];
}

std::string scalar_text(const eval::Value& value) {
  switch (value.kind()) {
    case eval::Kind::kBool:
      return value.boolean() ? "true" : "false";
    case eval::Kind::kNumber:
      return value.number().to_string();
    default:
      return std::string(value.text());
  }
}

/// What AWS makes of an unknown, as far as that is known.
std::optional<Text> resolved(const eval::Value& value, const ReadOptions& options) {
  return options.resolve && value.is_unknown() && value.unknown().symbol != nullptr
             ? options.resolve(*value.unknown().symbol)
             : std::nullopt;
}

/// Whether a text means the same between the quotes of a JSON string.
bool fits_json_string(const Text& text) {
  return std::ranges::none_of(text.segments(), [](const Segment& segment) {
    return !segment.is_hole && std::ranges::any_of(segment.text, [](char c) {
      return c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ';
    });
  });
}

void append_unknown(const eval::Value& value, const ReadOptions& options, Text& out) {
  const eval::Unknown& unknown = value.unknown();
  if (const auto text = resolved(value, options)) {
    out.append(*text);
    return;
  }
  Hole hole = hole_of(value);
  hole.many = false;  // in a text stands one text, also where a variable declares no type
  if (!unknown.prefix.empty()) {
    out.append(unknown.prefix);
    hole.name += " after \"" + std::string(unknown.prefix) + "\"";
  }
  out.append(std::move(hole));
}

}  // namespace

const Tree* Tree::member(std::string_view name) const {
  const Tree* found = nullptr;
  for (const TreeMember& member : members) {
    if (member.name.is(name)) {
      found = &member.value;
    }
  }
  return found;
}

std::size_t Choices::choose(const eval::Symbol& symbol, std::size_t count) {
  const auto known = std::ranges::find(choices_, &symbol, &Choice::symbol);
  if (known != choices_.end()) {
    return std::min(known->at, count - 1);
  }
  choices_.push_back(Choice{.symbol = &symbol, .at = 0, .count = count});
  return 0;
}

bool Choices::advance() {
  while (!choices_.empty()) {
    if (++choices_.back().at < choices_.back().count) {
      return true;
    }
    choices_.pop_back();
  }
  return false;
}

Hole hole_of(const eval::Value& value) {
  Hole hole;
  if (value.is_error()) {
    hole.name = "an expression in error";
    return hole;
  }
  const eval::Unknown& unknown = value.unknown();
  hole.symbol = unknown.symbol;
  hole.name = unknown.symbol == nullptr ? std::string("an unknown value") : std::string(unknown.symbol->text);
  hole.literal = unknown.symbol != nullptr && is_identifier(*unknown.symbol);
  hole.account = hole.literal && (unknown.symbol->path == "account_id" || unknown.symbol->path == "owner_id");
  // Of which type an attribute of a provider is, is not always known; ids and ARNs are single texts.
  hole.many = is_collection(value) && !(hole.literal && value.node().type()->kind == eval::TypeKind::kDynamic);
  return hole;
}

Tree read_tree(const syntax::json::Value& value, std::span<const Hole> holes, std::uint32_t depth) {
  using syntax::json::Kind;
  Tree tree;
  tree.region = value.region;
  const auto hole_at = [&](std::int32_t index) {
    const auto at = static_cast<std::size_t>(index);
    return index >= 0 && at < holes.size() ? holes[at] : Hole{.name = "an unknown value"};
  };
  const auto text_of = [&](std::string_view plain, std::span<const syntax::json::StringPart> parts, Region region) {
    Text text(parts.empty() ? plain : std::string_view(), region);
    for (const auto& part : parts) {
      if (part.hole < 0) {
        text.append(part.text);
      } else {
        Hole hole = hole_at(part.hole);
        hole.many = false;  // between quotes stands one text
        text.append(std::move(hole));
      }
    }
    return text;
  };
  switch (value.kind) {
    case Kind::kNull:
      break;
    case Kind::kBool:
      tree.kind = Tree::Kind::kBool;
      tree.text = Text(value.boolean ? "true" : "false", value.region);
      break;
    case Kind::kNumber:
      tree.kind = Tree::Kind::kNumber;
      tree.text = Text(value.text, value.region);
      break;
    case Kind::kString:
      tree.kind = Tree::Kind::kString;
      tree.text = text_of(value.text, value.parts, value.region);
      break;
    case Kind::kArray:
      tree.kind = Tree::Kind::kArray;
      if (depth > 0) {
        tree.elements.reserve(value.elements.size());
        for (const auto& element : value.elements) {
          tree.elements.push_back(read_tree(element, holes, depth - 1));
        }
      }
      break;
    case Kind::kObject:
      tree.kind = Tree::Kind::kObject;
      if (depth > 0) {
        tree.members.reserve(value.members.size());
        for (const auto& member : value.members) {
          tree.members.push_back(TreeMember{.name = text_of(member.name, member.name_parts, member.name_region),
                                            .value = read_tree(member.value, holes, depth - 1)});
        }
      }
      break;
    case Kind::kHole:
      tree.kind = Tree::Kind::kHole;
      tree.hole = hole_at(value.hole);
      break;
  }
  if (depth == 0 && (value.kind == Kind::kArray || value.kind == Kind::kObject)) {
    tree.kind = Tree::Kind::kHole;
    tree.hole = Hole{.name = "a value that is nested too deeply", .many = true};
  }
  return tree;
}

namespace {

/// Does a list hold nothing but the elements that it surely holds? Of a set or distinct(), only which of them are equal
/// is not known then, and that makes no difference to a policy.
bool is_complete(const eval::Value& list) {
  return list.held().size() == list.unknown().max_length;
}

/// A list of which some elements are known, and then whatever else there may be.
Tree array_tree(const eval::Value& list, Tree rest, const ReadOptions& options, Choices* choices, std::uint32_t depth) {
  Tree tree;
  tree.kind = Tree::Kind::kArray;
  tree.region = rest.region;
  tree.origin = rest.origin;
  for (const eval::Value& element : list.held()) {
    tree.elements.push_back(read_tree(element, options, choices, depth - 1));
  }
  if (!is_complete(list)) {
    tree.elements.push_back(std::move(rest));
  }
  return tree;
}

}  // namespace

Tree read_tree(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth) {
  if (value.is_error()) {
    Hole hole = hole_of(value);
    hole.many = true;
    return hole_tree(std::move(hole), value);
  }
  if (depth == 0) {
    return hole_tree(Hole{.name = "a value that is nested too deeply", .many = true}, value);
  }
  if (value.is_unknown()) {
    if (const eval::Value* chosen = alternative(value, choices)) {
      return read_tree(*chosen, options, choices, depth - 1);
    }
    const auto entries = value.unknown().entries;
    if (!entries.empty() && are_different(entries)) {
      Tree tree;
      tree.kind = Tree::Kind::kObject;
      tree.region = region_of(value);
      tree.origin = value.origin();
      for (const eval::Entry& entry : entries) {
        Text name(std::string_view(), entry.key_region);
        append_text(entry.key, options, choices, depth - 1, name);
        tree.members.push_back(
            TreeMember{.name = std::move(name), .value = read_tree(entry.value, options, choices, depth - 1)});
      }
      return tree;
    }
    if (value.detail() == nullptr && is_collection(value)) {
      if (Hole hole = hole_of(value); hole.many) {
        Tree rest = hole_tree(std::move(hole), value);
        return value.held().empty() ? rest : array_tree(value, std::move(rest), options, choices, depth);
      }
    }
    const eval::Type* type = value.node().type();
    if (type != nullptr && (type->kind == eval::TypeKind::kMap || type->kind == eval::TypeKind::kObject)) {
      return hole_tree(hole_of(value), value);
    }
  }
  Tree tree;
  tree.region = region_of(value);
  tree.origin = value.origin();
  switch (value.kind()) {
    case eval::Kind::kNull:
    case eval::Kind::kError:
      break;
    case eval::Kind::kBool:
      tree.kind = Tree::Kind::kBool;
      tree.text = Text(scalar_text(value), tree.region, tree.origin);
      break;
    case eval::Kind::kNumber:
      tree.kind = Tree::Kind::kNumber;
      tree.text = Text(scalar_text(value), tree.region, tree.origin);
      break;
    case eval::Kind::kUnknown:
    case eval::Kind::kString:
      tree.kind = Tree::Kind::kString;
      tree.text.region = tree.region;
      tree.text.origin = tree.origin;
      append_text(value, options, choices, depth, tree.text);
      break;
    case eval::Kind::kTuple:
    case eval::Kind::kList:
    case eval::Kind::kSet:
      tree.kind = Tree::Kind::kArray;
      tree.elements.reserve(value.elements().size());
      for (const eval::Value& element : value.elements()) {
        tree.elements.push_back(read_tree(element, options, choices, depth - 1));
        // Where policies have lists they are lists of texts or objects, never of lists.
        Tree& added = tree.elements.back();
        added.hole.many =
            added.hole.many && !(element.is_unknown() && element.node().type()->kind == eval::TypeKind::kDynamic);
      }
      break;
    case eval::Kind::kMap:
    case eval::Kind::kObject:
      tree.kind = Tree::Kind::kObject;
      tree.members.reserve(value.members().size());
      for (const eval::Member& member : value.members()) {
        tree.members.push_back(TreeMember{.name = Text(member.name, member.name_region),
                                          .value = read_tree(member.value, options, choices, depth - 1)});
      }
      break;
  }
  return tree;
}

void append_text(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth,
                 Text& out) {
  if (depth == 0) {
    out.append(Hole{.name = "a value that is nested too deeply"});
    return;
  }
  if (const eval::Value* chosen = alternative(value, choices)) {
    append_text(*chosen, options, choices, depth - 1, out);
    return;
  }
  if (value.is_unknown()) {
    if (value.detail() == nullptr || value.detail()->parts.empty()) {
      append_unknown(value, options, out);
      return;
    }
    for (const eval::Part& part : value.detail()->parts) {
      if (part.value == nullptr) {
        out.append(part.text);
      } else {
        append_text(*part.value, options, choices, depth - 1, out);
      }
    }
    return;
  }
  if (value.is_string()) {
    out.append(value.text());
  } else if (value.is_number() || value.is_bool()) {
    out.append(scalar_text(value));
  } else if (!value.is_null()) {
    out.append(Hole{.name = value.is_error() ? "an expression in error" : "a value that is no text"});
  }
}

void append_pieces(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth,
                   JsonPieces& out) {
  using syntax::json::Piece;
  const auto push_hole = [&](Hole hole, Region region) {
    out.pieces.push_back(
        Piece{.text = {}, .hole = static_cast<std::int32_t>(out.holes.size()), .region = region, .exact = false});
    out.holes.push_back(std::move(hole));
  };
  if (const eval::Value* chosen = depth == 0 ? nullptr : alternative(value, choices)) {
    append_pieces(*chosen, options, choices, depth - 1, out);
    return;
  }
  const eval::StringDetail* detail = value.is_string() || value.is_unknown() ? value.detail() : nullptr;
  if (detail != nullptr && !detail->parts.empty() && depth > 0) {
    for (const eval::Part& part : detail->parts) {
      if (part.value == nullptr) {
        out.pieces.push_back(Piece{.text = part.text, .hole = -1, .region = part.region, .exact = part.exact});
      } else {
        append_pieces(*part.value, options, choices, depth - 1, out);
      }
    }
    return;
  }
  const Region region = region_of(value);
  if (value.is_string()) {
    out.pieces.push_back(Piece{.text = value.text(), .hole = -1, .region = region, .exact = false});
  } else if (value.is_bool() || value.is_number()) {
    out.owned.push_back(scalar_text(value));
    out.pieces.push_back(Piece{.text = out.owned.back(), .hole = -1, .region = region, .exact = false});
  } else if (const auto text = resolved(value, options); text && fits_json_string(*text)) {
    for (const Segment& segment : text->segments()) {
      if (segment.is_hole) {
        push_hole(*segment.hole, region);
      } else {
        out.owned.push_back(segment.text);
        out.pieces.push_back(Piece{.text = out.owned.back(), .hole = -1, .region = region, .exact = false});
      }
    }
  } else {
    push_hole(value.is_unknown() || value.is_error() ? hole_of(value) : Hole{.name = "a value that is no text"},
              region);
  }
}

}  // namespace gabion::iam
