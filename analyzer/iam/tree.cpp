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

Tree hole_tree(Hole hole, const eval::Value& value, TreeStore& store) {
  Tree tree;
  tree.kind = Tree::Kind::kHole;
  tree.hole = store.keep(std::move(hole));
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

Text TreeText::at(Region region, const eval::Origin* origin) const {
  if (known()) {
    return Text(plain, region, origin);
  }
  Text text = *with_holes;
  text.region = region;
  text.origin = origin;
  return text;
}

TreeText TreeStore::keep(Text text) {
  const Text& kept = texts_.emplace_front(std::move(text));
  return kept.known() ? TreeText{.plain = kept.literal()} : TreeText{.with_holes = &kept};
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

bool Choices::hang_on_others() const {
  return std::ranges::any_of(choices_, [](const Choice& choice) {
    return choice.symbol->reason != eval::Reason::kVariable && choice.symbol->reason != eval::Reason::kConfiguration;
  });
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

Tree read_tree(const syntax::json::Value& value, std::span<const Hole> holes, std::uint32_t depth, TreeStore& store) {
  using syntax::json::Kind;
  Tree tree;
  tree.region = value.region;
  const auto hole_at = [&](std::int32_t index) {
    const auto at = static_cast<std::size_t>(index);
    return index >= 0 && at < holes.size() ? &holes[at] : store.keep(Hole{.name = "an unknown value"});
  };
  const auto text_of = [&](std::string_view plain, std::span<const syntax::json::StringPart> parts) {
    if (parts.empty()) {
      return TreeText{.plain = plain};
    }
    Text text;
    for (const auto& part : parts) {
      if (part.hole < 0) {
        text.append(part.text);
      } else {
        Hole hole = *hole_at(part.hole);
        hole.many = false;  // between quotes stands one text
        text.append(std::move(hole));
      }
    }
    return store.keep(std::move(text));
  };
  switch (value.kind) {
    case Kind::kNull:
      break;
    case Kind::kBool:
      tree.kind = Tree::Kind::kBool;
      tree.text.plain = value.boolean ? "true" : "false";
      break;
    case Kind::kNumber:
      tree.kind = Tree::Kind::kNumber;
      tree.text.plain = value.text;
      break;
    case Kind::kString:
      tree.kind = Tree::Kind::kString;
      tree.text = text_of(value.text, value.parts);
      break;
    case Kind::kArray:
      tree.kind = Tree::Kind::kArray;
      if (depth > 0) {
        const std::span<Tree> elements = store.array<Tree>(value.elements.size());
        for (std::size_t i = 0; i < elements.size(); ++i) {
          elements[i] = read_tree(value.elements[i], holes, depth - 1, store);
        }
        tree.elements = elements;
      }
      break;
    case Kind::kObject:
      tree.kind = Tree::Kind::kObject;
      if (depth > 0) {
        const std::span<TreeMember> members = store.array<TreeMember>(value.members.size());
        for (std::size_t i = 0; i < members.size(); ++i) {
          const auto& member = value.members[i];
          members[i] = {.name = text_of(member.name, member.name_parts),
                        .name_region = member.name_region,
                        .value = read_tree(member.value, holes, depth - 1, store)};
        }
        tree.members = members;
      }
      break;
    case Kind::kHole:
      tree.kind = Tree::Kind::kHole;
      tree.hole = hole_at(value.hole);
      break;
  }
  if (depth == 0 && (value.kind == Kind::kArray || value.kind == Kind::kObject)) {
    tree.kind = Tree::Kind::kHole;
    tree.hole = store.keep(Hole{.name = "a value that is nested too deeply", .many = true});
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
Tree array_tree(const eval::Value& list, const Tree& rest, const ReadOptions& options, Choices* choices,
                std::uint32_t depth, TreeStore& store) {
  Tree tree;
  tree.kind = Tree::Kind::kArray;
  tree.region = rest.region;
  tree.origin = rest.origin;
  const auto held = list.held();
  const std::span<Tree> elements = store.array<Tree>(held.size() + (is_complete(list) ? 0 : 1));
  for (std::size_t i = 0; i < held.size(); ++i) {
    elements[i] = read_tree(held[i], options, choices, depth - 1, store);
  }
  if (elements.size() > held.size()) {
    elements.back() = rest;
  }
  tree.elements = elements;
  return tree;
}

/// A text of which something is not known, in the tree of its value.
TreeText unknown_text(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth,
                      TreeStore& store) {
  Text text;
  append_text(value, options, choices, depth, text);
  return store.keep(std::move(text));
}

}  // namespace

Tree read_tree(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth,
               TreeStore& store) {
  if (value.is_error()) {
    Hole hole = hole_of(value);
    hole.many = true;
    return hole_tree(std::move(hole), value, store);
  }
  if (depth == 0) {
    return hole_tree(Hole{.name = "a value that is nested too deeply", .many = true}, value, store);
  }
  if (value.is_unknown()) {
    if (const eval::Value* chosen = alternative(value, choices)) {
      return read_tree(*chosen, options, choices, depth - 1, store);
    }
    const auto entries = value.unknown().entries;
    if (!entries.empty() && are_different(entries)) {
      Tree tree;
      tree.kind = Tree::Kind::kObject;
      tree.region = region_of(value);
      tree.origin = value.origin();
      const std::span<TreeMember> members = store.array<TreeMember>(entries.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        members[i].name = unknown_text(entries[i].key, options, choices, depth - 1, store);
        members[i].name_region = entries[i].key_region;
        members[i].value = read_tree(entries[i].value, options, choices, depth - 1, store);
      }
      tree.members = members;
      return tree;
    }
    if (value.detail() == nullptr && is_collection(value)) {
      if (Hole hole = hole_of(value); hole.many) {
        const Tree rest = hole_tree(std::move(hole), value, store);
        return value.held().empty() ? rest : array_tree(value, rest, options, choices, depth, store);
      }
    }
    const eval::Type* type = value.node().type();
    if (type != nullptr && (type->kind == eval::TypeKind::kMap || type->kind == eval::TypeKind::kObject)) {
      return hole_tree(hole_of(value), value, store);
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
      tree.text.plain = value.boolean() ? "true" : "false";
      break;
    case eval::Kind::kNumber:
      tree.kind = Tree::Kind::kNumber;
      tree.text.plain = store.copy(scalar_text(value));
      break;
    case eval::Kind::kUnknown:
      tree.kind = Tree::Kind::kString;
      tree.text = unknown_text(value, options, choices, depth, store);
      break;
    case eval::Kind::kString:
      tree.kind = Tree::Kind::kString;
      tree.text.plain = value.text();
      break;
    case eval::Kind::kTuple:
    case eval::Kind::kList:
    case eval::Kind::kSet: {
      tree.kind = Tree::Kind::kArray;
      const std::span<Tree> elements = store.array<Tree>(value.elements().size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        const eval::Value& element = value.elements()[i];
        Tree& added = elements[i];
        added = read_tree(element, options, choices, depth - 1, store);
        // Where policies have lists they are lists of texts or objects, never of lists.
        if (added.hole != nullptr && added.hole->many && element.is_unknown() &&
            element.node().type()->kind == eval::TypeKind::kDynamic) {
          Hole one = *added.hole;
          one.many = false;
          added.hole = store.keep(std::move(one));
        }
      }
      tree.elements = elements;
      break;
    }
    case eval::Kind::kMap:
    case eval::Kind::kObject: {
      tree.kind = Tree::Kind::kObject;
      const std::span<TreeMember> members = store.array<TreeMember>(value.members().size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        const eval::Member& member = value.members()[i];
        members[i].name.plain = member.name;
        members[i].name_region = member.name_region;
        members[i].value = read_tree(member.value, options, choices, depth - 1, store);
      }
      tree.members = members;
      break;
    }
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
