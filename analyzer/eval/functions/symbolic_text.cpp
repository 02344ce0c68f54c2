#include "eval/functions/symbolic_text.h"

#include <algorithm>

#include "eval/functions/support.h"
#include "eval/json_text.h"
#include "source/ascii.h"

namespace gabion::eval::functions {
namespace {

/// Work that looking for one text may take; beyond it every occurrence is taken to be possible.
constexpr std::size_t kMaxSearch = 20'000'000;
/// Texts of more pieces are taken as a whole, so that functions applied again and again do not let them grow.
constexpr std::size_t kMostPieces = 1000;
/// Texts inside of texts: templates are flat, so this is never reached by what the evaluator makes.
constexpr int kMaxNesting = 16;

void collect(const Value& value, source::Region region, bool exact, int depth, std::vector<TextPiece>& out) {
  if (value.is_string()) {
    if (!value.text().empty()) {
      out.push_back({.text = value.text(), .hole = nullptr, .region = region, .exact = exact});
    }
    return;
  }
  const StringDetail* detail = value.is_unknown() ? value.detail() : nullptr;
  if (detail == nullptr || detail->parts.empty() || depth == 0) {
    out.push_back({.text = {}, .hole = &value, .region = region});
    return;
  }
  for (const Part& part : detail->parts) {
    if (part.value != nullptr) {
      collect(*part.value, part.region, false, depth - 1, out);
    } else if (!part.text.empty()) {
      out.push_back({.text = part.text, .hole = nullptr, .region = part.region, .exact = part.exact});
    }
  }
}

/// How far a match of the needle may have come at some point of the text; index: number of matched characters.
class Progress {
 public:
  explicit Progress(std::string_view needle)
      : needle_(needle), literal_(needle.size() + 1), hole_(needle.size() + 1), crossing_(needle.size() + 1) {}

  /// Whether a match ended in this text, all of it in literal text.
  bool read(std::string_view text) {
    bool ended = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
      // Where none has begun, nothing happens before one may begin.
      at = begun_ ? at : text.find(needle_.front(), at);
      if (at == std::string_view::npos) {
        break;
      }
      ended = read(text[at]) || ended;
    }
    return ended;
  }

  bool read(char c) {
    const std::size_t size = needle_.size();
    literal_[0] = true;
    begun_ = false;
    for (std::size_t at = size; at > 0; --at) {
      const bool fits = needle_[at - 1] == c;
      crossing_[at] = fits && (crossing_[at - 1] || hole_[at - 1]);
      literal_[at] = fits && literal_[at - 1];
      begun_ = begun_ || crossing_[at] || literal_[at];
    }
    crossing_[0] = false;
    std::fill(hole_.begin(), hole_.end(), false);
    crossed_ = crossed_ || crossing_[size];
    return literal_[size];
  }

  /// Whether a match may be inside of the hole.
  bool skip(const std::optional<CharacterSet>& characters) {
    const std::size_t size = needle_.size();
    begun_ = true;  // maybe
    const auto fits = [&](std::size_t at) {
      return !characters || characters->test(static_cast<unsigned char>(needle_[at]));
    };
    std::vector<bool> crossing(size + 1);
    for (std::size_t at = 1; at <= size; ++at) {
      // Matches that had begun before go on through the hole, or it is empty.
      crossing[at] = (at < size && (literal_[at] || hole_[at] || crossing_[at])) || (crossing[at - 1] && fits(at - 1));
    }
    crossed_ = crossed_ || crossing[size];
    crossing_ = crossing;
    std::fill(literal_.begin(), literal_.end(), false);
    std::fill(hole_.begin(), hole_.end(), false);
    for (std::size_t at = 1; at <= size && fits(at - 1); ++at) {
      hole_[at] = true;
    }
    return hole_[size];
  }

  [[nodiscard]] bool crossed() const { return crossed_; }

 private:
  std::string_view needle_;
  std::vector<bool> literal_;
  std::vector<bool> hole_;
  std::vector<bool> crossing_;
  bool begun_ = false;  ///< some match may be under way
  bool crossed_ = false;
};

/// Literal text of neighbouring pieces, with the pieces it came from.
struct Run {
  std::string text;
  std::vector<const TextPiece*> pieces;
};

/// Adds the stretch of a run as pieces.
void add_stretch(const Run& run, std::size_t begin, std::size_t end, std::vector<TextPiece>& out) {
  std::size_t start = 0;
  for (const TextPiece* piece : run.pieces) {
    const std::size_t stop = start + piece->text.size();
    const std::size_t from = std::max(begin, start);
    const std::size_t to = std::min(end, stop);
    if (from < to) {
      out.push_back(cut(*piece, from - start, to - from));
    }
    start = stop;
  }
}

/// Calls `use(run)` for literal runs and `use_hole(index)` for holes, in order.
template <class UseRun, class UseHole>
void for_each_run(const std::vector<TextPiece>& pieces, UseRun use, UseHole use_hole) {
  Run run;
  for (std::size_t index = 0; index <= pieces.size(); ++index) {
    if (index < pieces.size() && pieces[index].hole == nullptr) {
      run.text += pieces[index].text;
      run.pieces.push_back(&pieces[index]);
      continue;
    }
    if (!run.pieces.empty()) {
      use(run);
      run = {};
    }
    if (index < pieces.size()) {
      use_hole(index);
    }
  }
}

std::string replaced_text(std::string_view text, std::string_view needle, std::string_view with) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t found = text.find(needle); found != std::string_view::npos; found = text.find(needle, at)) {
    out += text.substr(at, found - at);
    out += with;
    at = found + needle.size();
  }
  return out += text.substr(at);
}

std::string as_json(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text, true);
  return quoted.substr(1, quoted.size() - 2);
}

/// Whether a text can occur in JSON text only inside of a string: outside there are punctuation, white space, numbers,
/// true, false and null.
bool only_in_strings(std::string_view needle) {
  const auto is_plain = [](char c) {
    return source::is_alphanumeric(c) || std::string_view("_-.*/@#%$+=|~^!?;").find(c) != std::string_view::npos;
  };
  const auto is_within = [&](std::string_view token) { return token.find(needle) != std::string_view::npos; };
  return std::ranges::all_of(needle, is_plain) && !is_within("true") && !is_within("false") && !is_within("null") &&
         needle.find_first_not_of("0123456789+-.eE") != std::string_view::npos;
}

/// Whether a text without quotes and backslashes can occur in JSON text only where it is in a text that is encoded:
/// some word of it is none that stands outside of strings, and it does not begin as escape sequences go on.
bool apart_from_syntax(std::string_view needle) {
  constexpr std::string_view kSyntax = "{}[],: \n\t";
  if (std::string_view("bfnrtu0123456789abcdef").find(needle.front()) != std::string_view::npos) {
    return false;
  }
  while (!needle.empty()) {
    const std::string_view word = needle.substr(0, needle.find_first_of(kSyntax));
    if (!word.empty() && only_in_strings(word)) {
      return true;
    }
    needle.remove_prefix(std::min(needle.size(), word.size() + 1));
  }
  return false;
}

/// replace() in the strings of a value that the text encodes.
class EncodedReplacement {
 public:
  EncodedReplacement(const Call& call, Context& context) : call_(call), context_(context) {}

  /// Nothing when the result might not be the encoding of a value of the same shape.
  std::optional<Value> run(const Value& encoded) {
    const std::string_view needle = call_.arguments[1].text();
    const Value& with = call_.arguments[2];
    if (!only_in_strings(needle) || (with.is_string() && as_json(with.text()) != with.text())) {
      return std::nullopt;
    }
    const Value result = value(encoded);
    return failed_ ? std::nullopt : std::optional(result);
  }

 private:
  /// Depth is that of values, which is bounded.
  Value value(const Value& in) {
    if (in.is_string() || (in.is_unknown() && in.node().type()->kind == TypeKind::kString)) {
      return text(in);
    }
    if (in.is_sequence()) {
      std::vector<Value> elements;
      for (const Value& element : in.elements()) {
        elements.push_back(value(element));
      }
      return eval::make_tuple(context_.arena, elements).with_origin(in.origin());
    }
    if (has_alternatives(in)) {
      std::vector<Value> alternatives;
      for (const Value& one : in.unknown().alternatives) {
        alternatives.push_back(value(one));
      }
      const Value made = make_alternatives(context_.arena, alternatives, open(in).unknown().symbol);
      return picked_by(made, alternatives.size(), choice_of(in), context_).with_origin(in.origin());
    }
    if (in.is_mapping() && in.node().rest_kind != Rest::kComputed) {
      std::vector<Member> members(in.members().begin(), in.members().end());
      for (Member& member : members) {
        const Value name = text(make_string(context_.arena, member.name));
        failed_ = failed_ || !name.is_string();
        member.name = name.is_string() ? name.text() : member.name;
        member.value = value(member.value);
      }
      return make_object(context_.arena, members).with_origin(in.origin());
    }
    // An unknown of another type may hold strings.
    return in.is_unknown() || in.is_mapping() ? open(in) : in;
  }

  Value open(const Value& in) {
    std::vector<Value> arguments(call_.arguments.begin(), call_.arguments.end());
    arguments[0] = in;
    Call call = call_;
    call.arguments = arguments;
    return unknown_result(call, kDynamicType, context_).with_origin(in.origin());
  }

  Value text(const Value& in) {
    for (const TextPiece& piece : pieces_of(in)) {
      // An escape sequence could be taken for a part of the needle.
      const std::string_view needle = call_.arguments[1].text();
      failed_ = failed_ || (piece.hole == nullptr && as_json(replaced_text(piece.text, needle, {})) !=
                                                         replaced_text(as_json(piece.text), needle, {}));
    }
    std::vector<Value> arguments(call_.arguments.begin(), call_.arguments.end());
    arguments[0] = in;
    Call call = call_;
    call.arguments = arguments;
    return replace_symbolic(call, context_).with_origin(in.origin());
  }

  const Call& call_;
  Context& context_;
  bool failed_ = false;
};

Value replace_encoded(const Call& call, const Value& encoded, Context& context) {
  const std::optional<Value> replaced = EncodedReplacement(call, context).run(encoded);
  Value result = unknown_result(call, kStringType, context);
  Unknown unknown = result.unknown();
  unknown.not_null = true;
  const StringDetail* detail =
      replaced ? context.arena.make<StringDetail>(StringDetail{.encoded = context.arena.make<Value>(*replaced)})
               : nullptr;
  if (replaced && (replaced->is_mapping() || replaced->is_sequence())) {
    unknown.prefix = replaced->is_mapping() ? "{" : "[";
  }
  return make_unknown(context.arena, kStringType, unknown, detail);
}

}  // namespace

bool Occurrences::only_literal() const {
  return !crossing && std::ranges::none_of(in_hole, [](bool maybe) { return maybe; });
}

std::vector<TextPiece> pieces_of(const Value& value) {
  std::vector<TextPiece> pieces;
  collect(value, value.origin() != nullptr ? value.origin()->region : source::Region{}, false, kMaxNesting, pieces);
  return pieces;
}

std::vector<TextPiece> finest_pieces_of(const Value& value) {
  std::vector<TextPiece> finest;
  for (const TextPiece& piece : pieces_of(value)) {
    const Symbol* symbol = piece.hole != nullptr && piece.hole->is_unknown() ? piece.hole->unknown().symbol : nullptr;
    const bool told = symbol != nullptr && symbol->facts != nullptr && !symbol->path.empty() &&
                      symbol->facts->questions->pieces != nullptr;
    const std::vector<FactPiece> parts =
        told ? symbol->facts->questions->pieces(*symbol->facts, symbol->path) : std::vector<FactPiece>();
    if (parts.empty()) {
      finest.push_back(piece);
    }
    for (const FactPiece& part : parts) {
      if (!part.text.empty()) {
        finest.push_back({.text = part.text});
      } else if (part.value == nullptr) {
        finest.push_back({.text = {}, .hole = piece.hole, .characters = part.characters});
      } else {
        for (TextPiece inner : pieces_of(*part.value)) {
          inner.characters = inner.hole == nullptr ? std::nullopt : characters_of(inner);
          if (inner.hole != nullptr && !inner.characters) {
            inner.characters = part.characters;
          }
          finest.push_back(inner);
        }
      }
    }
  }
  return finest;
}

bool known_in_part(const Value& value) {
  return value.is_string() ||
         (value.is_unknown() && value.detail() != nullptr &&
          std::ranges::any_of(pieces_of(value), [](const TextPiece& piece) { return piece.hole == nullptr; }));
}

std::optional<CharacterSet> characters_of(const Value& hole) {
  const Symbol* symbol = hole.is_unknown() ? hole.unknown().symbol : nullptr;
  if (symbol == nullptr || symbol->facts == nullptr || symbol->path.empty()) {
    return std::nullopt;
  }
  return symbol->facts->questions->characters(*symbol->facts, symbol->path);
}

std::optional<CharacterSet> characters_of(const TextPiece& piece) {
  return piece.characters ? piece.characters : characters_of(*piece.hole);
}

std::optional<bool> occurs_in_encoded(const Value& encoded, std::string_view needle) {
  if (as_json(needle) != needle) {
    return std::nullopt;  // it is written in another way there
  }
  bool maybe = !apart_from_syntax(needle);
  std::vector<Value> open = {encoded};
  while (!open.empty()) {
    const Value value = open.back();
    open.pop_back();
    const std::vector<TextPiece> pieces =
        value.is_string() || value.is_unknown() ? finest_pieces_of(value) : std::vector<TextPiece>();
    if (value.is_string() || pieces.size() > 1 ||
        (value.is_unknown() && value.node().type()->kind == TypeKind::kString)) {
      const Occurrences occurrences = find_occurrences(pieces, needle);
      if (occurrences.literal) {
        return true;
      }
      maybe = maybe || !occurrences.only_literal();
      continue;
    }
    // What is not known of a value, or which members it has, may hold any text.
    maybe = maybe || value.is_unknown() || (value.is_mapping() && value.node().rest_kind == Rest::kComputed);
    open.insert(open.end(), value.held().begin(), value.held().end());
    for (const Member& member : value.held_members()) {
      if (member.name.find(needle) != std::string_view::npos) {
        return true;
      }
      open.push_back(member.value);
    }
  }
  return maybe ? std::nullopt : std::optional(false);
}

Occurrences find_occurrences(const std::vector<TextPiece>& pieces, std::string_view needle) {
  Occurrences result;
  result.in_hole.resize(pieces.size());
  std::size_t size = 0;
  for (const TextPiece& piece : pieces) {
    size += piece.text.size() + 1;
  }
  if (size > kMaxSearch / (needle.size() + 1)) {
    result.crossing = true;
    return result;
  }
  Progress progress(needle);
  for (std::size_t index = 0; index < pieces.size(); ++index) {
    if (pieces[index].hole != nullptr) {
      result.in_hole[index] = progress.skip(characters_of(pieces[index]));
      continue;
    }
    result.literal = progress.read(pieces[index].text) || result.literal;
  }
  result.crossing = progress.crossed();
  return result;
}

TextPiece cut(const TextPiece& piece, std::size_t begin, std::size_t size) {
  TextPiece out = piece;
  out.text = piece.text.substr(begin, size);
  if (piece.exact) {
    out.region.begin = piece.region.begin + static_cast<std::uint32_t>(begin);
    out.region.end = out.region.begin + static_cast<std::uint32_t>(size);
  }
  return out;
}

Value text_of_pieces(const Call& call, const std::vector<TextPiece>& pieces, Context& context) {
  TemplateBuilder builder(context);
  for (const TextPiece& piece : pieces) {
    if (piece.hole != nullptr) {
      builder.add_value(*piece.hole, piece.region);
    } else {
      // The builder takes a region as long as the text for the place of these very bytes.
      const bool misleading = !piece.exact && piece.region.size() == piece.text.size();
      builder.add_literal(piece.text, misleading ? source::Region{} : piece.region);
    }
  }
  return builder.finish(call.region, true);
}

Value apply_to_hole(const Call& call, std::size_t text_argument, const Value& hole, Context& context) {
  std::vector<Value> arguments(call.arguments.begin(), call.arguments.end());
  arguments[text_argument] = hole;
  Call applied = call;
  applied.arguments = arguments;
  return derived(call_text(applied), kStringType, arguments, context);
}

Value map_characters(const Call& call, std::size_t text_argument,
                     const std::function<std::string(std::string_view)>& literal,
                     const std::function<bool(unsigned char)>& keeps, Context& context) {
  std::vector<TextPiece> pieces = pieces_of(call.arguments[text_argument]);
  if (pieces.size() > kMostPieces) {
    return apply_to_hole(call, text_argument, call.arguments[text_argument], context);
  }
  for (TextPiece& piece : pieces) {
    if (piece.hole == nullptr) {
      const std::string mapped = literal(piece.text);
      piece.exact = piece.exact && mapped == piece.text;
      piece.text = context.arena.copy(std::string_view(mapped));
      continue;
    }
    const std::optional<CharacterSet> characters = characters_of(*piece.hole);
    bool kept = characters.has_value();
    for (std::size_t c = 0; kept && c < characters->size(); ++c) {
      kept = !characters->test(c) || keeps(static_cast<unsigned char>(c));
    }
    if (!kept) {
      piece.hole = context.arena.make<Value>(apply_to_hole(call, text_argument, *piece.hole, context));
    }
  }
  return text_of_pieces(call, pieces, context);
}

Value replace_symbolic(const Call& call, Context& context) {
  const Value& text = call.arguments[0];
  const Value& needle = call.arguments[1];
  const Value& with = call.arguments[2];
  if (!needle.is_string() || needle.text().empty()) {
    return unknown_result(call, kStringType, context);
  }
  if (text.is_unknown() && text.detail() != nullptr && text.detail()->encoded != nullptr) {
    return replace_encoded(call, *text.detail()->encoded, context);
  }
  const std::vector<TextPiece> pieces = pieces_of(text);
  const Occurrences occurrences = find_occurrences(pieces, needle.text());
  if (occurrences.crossing || pieces.size() > kMostPieces) {
    return apply_to_hole(call, 0, text, context);
  }
  std::vector<TextPiece> out;
  const auto add_replacement = [&] {
    const std::vector<TextPiece> inserted = pieces_of(with);
    out.insert(out.end(), inserted.begin(), inserted.end());
  };
  std::uint64_t size = 0;
  for_each_run(
      pieces,
      [&](const Run& run) {
        std::size_t at = 0;
        for (std::size_t found = run.text.find(needle.text());
             found != std::string::npos && size <= context.limits.value_bytes;
             found = run.text.find(needle.text(), at)) {
          add_stretch(run, at, found, out);
          add_replacement();
          size += found - at + (with.is_string() ? with.text().size() : 1);
          at = found + needle.text().size();
        }
        add_stretch(run, at, run.text.size(), out);
      },
      [&](std::size_t index) {
        TextPiece piece = pieces[index];
        if (occurrences.in_hole[index]) {
          piece.hole = context.arena.make<Value>(apply_to_hole(call, 0, *piece.hole, context));
        }
        out.push_back(piece);
      });
  if (size > context.limits.value_bytes) {
    return budget_result(call, kStringType, context);
  }
  return text_of_pieces(call, out, context);
}

Value split_symbolic(const Call& call, Context& context) {
  const Value& separator = call.arguments[0];
  const Value unknown = unknown_result(call, kListOfString, context);
  if (!separator.is_string() || separator.text().empty()) {
    return unknown;
  }
  const std::vector<TextPiece> pieces = pieces_of(call.arguments[1]);
  if (!find_occurrences(pieces, separator.text()).only_literal()) {
    return unknown;
  }
  std::vector<Value> elements;
  std::vector<TextPiece> element;
  const auto finish = [&] {
    elements.push_back(text_of_pieces(call, element, context));
    element.clear();
  };
  for_each_run(
      pieces,
      [&](const Run& run) {
        std::size_t at = 0;
        for (std::size_t found = run.text.find(separator.text()); found != std::string::npos;
             found = run.text.find(separator.text(), at)) {
          add_stretch(run, at, found, element);
          finish();
          at = found + separator.text().size();
        }
        add_stretch(run, at, run.text.size(), element);
      },
      [&](std::size_t index) { element.push_back(pieces[index]); });
  finish();
  return make_list(context.arena, kStringType, elements);
}

}  // namespace gabion::eval::functions
