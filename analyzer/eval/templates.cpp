// Quoted strings, heredocs and template files: text, interpolations and directives.
#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "eval/evaluation.h"

namespace gabion::eval {

namespace {

using syntax::hcl::TemplateExpression;
using syntax::hcl::TemplatePart;
using syntax::hcl::TemplatePartKind;

/// Longer literals are placed as a whole.
constexpr std::size_t kMaxPlacedLines = 1000;

/// Adds a literal of an indented heredoc line by line, each at its exact place behind the indentation that was taken
/// off. What was taken off is the same for all lines that are not blank; a literal for which that does not add up (it
/// has escapes or strip markers) is added as a whole.
void add_lines(std::string_view text, source::Region region, bool at_line_start, TemplateBuilder& builder) {
  const std::size_t taken = region.size() - text.size();
  const auto next_line = [](std::string_view& rest) {
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    return line;
  };
  const auto is_blank = [](std::string_view line) {
    return line.ends_with('\n') && line.find_first_not_of(" \t\v\f\r\n") == std::string_view::npos;
  };
  std::size_t lines = 0;
  std::size_t indented = 0;
  bool starts = at_line_start;
  for (std::string_view rest = text; !rest.empty(); ++lines) {
    const std::string_view line = next_line(rest);
    indented += starts && !is_blank(line) ? 1 : 0;
    starts = true;
  }
  if (indented == 0 || taken % indented != 0 || lines > kMaxPlacedLines || text.find("${") != std::string_view::npos ||
      text.find("%{") != std::string_view::npos) {
    builder.add_literal(text, region);
    return;
  }
  const auto indentation = static_cast<std::uint32_t>(taken / indented);
  std::uint32_t begin = region.begin;
  starts = at_line_start;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = next_line(rest);
    begin += starts && !is_blank(line) ? indentation : 0;
    const std::uint32_t end = begin + static_cast<std::uint32_t>(line.size());
    builder.add_literal(line, {region.artifact, begin, end});
    begin = end;
    starts = true;
  }
}

/// Evaluates parts into a builder; the first error ends it.
class PartEvaluator {
 public:
  /// `whole` is the template that the parts belong to, for the places of its lines.
  PartEvaluator(const Scope& scope, Context& context, TemplateBuilder& builder,
                const TemplateExpression* whole = nullptr)
      : scope_(scope), context_(context), builder_(builder), whole_(whole) {}

  /// Nothing, or an error.
  std::optional<Value> add(std::span<const TemplatePart> parts, const Scope& scope) {
    for (const TemplatePart& part : parts) {
      std::optional<Value> error;
      switch (part.kind) {
        case TemplatePartKind::kLiteral:
          if (whole_ != nullptr && whole_->form == syntax::hcl::TemplateKind::kHeredocIndented &&
              part.region.size() > part.text().size()) {
            add_lines(part.text(), part.region, &part == whole_->parts().data(), builder_);
          } else {
            builder_.add_literal(part.text(), part.region);
          }
          break;
        case TemplatePartKind::kInterpolation: {
          const Value value = evaluate(*part.expression(), scope, context_);
          if (value.is_error()) {
            return value;
          }
          builder_.add_value(value, part.region);
          break;
        }
        case TemplatePartKind::kIf:
          error = add_if(part, scope);
          break;
        case TemplatePartKind::kFor:
          error = add_for(part, scope);
          break;
      }
      if (error) {
        return error;
      }
    }
    return std::nullopt;
  }

  std::optional<Value> add(std::span<const TemplatePart> parts) { return add(parts, scope_); }

 private:
  /// The parts as a string of their own.
  Value separately(std::span<const TemplatePart> parts, const Scope& scope, source::Region region) {
    TemplateBuilder builder(context_, parts.size());
    PartEvaluator inner(scope, context_, builder, whole_);
    if (const std::optional<Value> error = inner.add(parts)) {
      return *error;
    }
    return builder.finish(region, false);
  }

  std::optional<Value> add_if(const TemplatePart& part, const Scope& scope) {
    const Value condition = evaluate(*part.expression(), scope, context_);
    if (condition.is_error()) {
      return condition;
    }
    if (condition.is_null()) {
      return make_error(context_.arena, "the condition value is null; conditions must either be true or false",
                        part.expression()->region);
    }
    if (condition.is_unknown()) {
      if (may_not_be_bool(condition)) {
        put_in_doubt(context_, condition);
      }
      const Value yes = separately(part.body(), scope, part.region);
      const Value no = separately(part.otherwise(), scope, part.region);
      const std::array<Value, 3> all{condition, yes, no};
      const auto choose = [&](std::span<const Value> values) {
        if (values[0].is_bool()) {
          return values[0].boolean() ? values[1] : values[2];
        }
        const std::string text = symbol_text("(", values[0], " ? ", values[1], " : ", values[2], ")");
        return values[1].is_error() || values[2].is_error()
                   ? derived(text, kStringType, values, context_)
                   : make_alternatives(context_.arena, values.subspan(1),
                                       context_.symbols.derive(text, *cause_of(values)));
      };
      const auto text = [&] { return symbol_text("(", condition, " ? ", yes, " : ", no, ")"); };
      // What is written where the condition holds may hang on the same choice as the condition.
      const bool certain = !yes.is_error() && !no.is_error();
      const std::optional<Value> mapped = certain ? map_alternatives(all, context_, choose, text) : std::nullopt;
      const Value value = mapped ? *mapped : choose(all);
      if (yes.is_error() || no.is_error()) {
        put_in_doubt(context_, condition);
      }
      builder_.add_value(with_marks(context_.arena, value, condition.marks()), part.region);
      return std::nullopt;
    }
    const Value boolean = convert(condition, kBoolType, context_);
    if (!boolean.is_bool()) {
      return make_error(context_.arena, "the condition expression must be of type bool", part.expression()->region);
    }
    builder_.add_marks(condition.marks());
    const std::span<const TemplatePart> skipped = boolean.boolean() ? part.otherwise() : part.body();
    if (!skipped.empty()) {
      // A sensitive value marks the result even in the branch that is not taken.
      const bool uncertain_before = context_.uncertain;
      builder_.add_marks(separately(skipped, scope, part.region).marks());
      context_.uncertain = uncertain_before;
    }
    return add(boolean.boolean() ? part.body() : part.otherwise(), scope);
  }

  std::optional<Value> add_for(const TemplatePart& part, const Scope& scope) {
    const Value collection = evaluate(*part.expression(), scope, context_);
    if (collection.is_error()) {
      return collection;
    }
    if (const std::optional<Value> error = not_iterable(collection, part.expression()->region, context_)) {
      return *error;
    }
    builder_.add_marks(collection.marks());
    if (!collection.is_sequence() && !(collection.is_mapping() && collection.node().rest_kind == Rest::kClosed)) {
      return add_unknown_for(part, collection, scope);
    }
    for (const Iteration& iteration : iterate(collection, context_)) {
      if (context_.budget.exhausted()) {
        break;
      }
      const std::array<LocalScope::Binding, 2> bindings{
          LocalScope::Binding{.name = part.directive()->value_variable, .value = iteration.value},
          LocalScope::Binding{.name = part.directive()->key_variable, .value = iteration.key}};
      const LocalScope local(
          std::span<const LocalScope::Binding>(bindings).first(part.directive()->key_variable.empty() ? 1 : 2), &scope);
      if (const std::optional<Value> error = add(part.body(), local)) {
        return error;
      }
    }
    return std::nullopt;
  }

  std::optional<Value> add_unknown_for(const TemplatePart& part, const Value& collection, const Scope& scope) {
    std::string text = symbol_text("%{for in ", collection);
    if (collection.is_unknown()) {
      const std::array<LocalScope::Binding, 2> bindings{
          LocalScope::Binding{.name = part.directive()->value_variable,
                              .value = any_element(collection, part.region, context_)},
          LocalScope::Binding{.name = part.directive()->key_variable,
                              .value = any_key(collection, part.region, context_)}};
      const LocalScope local(
          std::span<const LocalScope::Binding>(bindings).first(part.directive()->key_variable.empty() ? 1 : 2), &scope);
      append_pieces(text, " : ", separately(part.body(), local, part.region));
    }
    put_in_doubt(context_, collection);
    const Value value = derived(text + "}", kStringType, std::span<const Value>(&collection, 1), context_);
    builder_.add_value(value, part.region);
    return std::nullopt;
  }

  const Scope& scope_;
  Context& context_;
  TemplateBuilder& builder_;
  const TemplateExpression* whole_;
};

}  // namespace

void TemplateBuilder::add_literal(std::string_view text, source::Region region) {
  pieces_.push_back({.text = text, .value = std::nullopt, .region = region});
}

void TemplateBuilder::add_value(const Value& value, source::Region region) {
  pieces_.push_back({.text = {}, .value = value, .region = region});
}

void TemplateBuilder::add_marks(std::uint8_t marks) {
  marks_ = static_cast<std::uint8_t>(marks_ | marks);
}

Value TemplateBuilder::finish(source::Region region, bool keep_parts) {
  std::vector<Value> values;
  values.reserve(pieces_.size());
  for (const Piece& piece : pieces_) {
    if (piece.value) {
      values.push_back(*piece.value);
    }
  }
  const auto apply = [&](std::span<const Value> chosen) { return join(chosen, region, keep_parts); };
  const auto text = [&] {
    std::string name = symbol_text("\"");
    for (const Piece& piece : pieces_) {
      if (piece.value) {
        append_pieces(name, "${", *piece.value, "}");
      } else {
        name += piece.text;
      }
    }
    name += '"';
    return name;
  };
  if (const std::optional<Value> mapped = map_alternatives(values, context_, apply, text)) {
    return *mapped;
  }
  return join(values, region, keep_parts);
}

Value TemplateBuilder::join(std::span<const Value> values, source::Region region, bool keep_parts) const {
  source::Arena& arena = context_.arena;
  std::vector<Part> parts;
  parts.reserve(pieces_.size());
  std::string text;
  text.reserve(std::accumulate(pieces_.begin(), pieces_.end(), std::size_t{0},
                               [](std::size_t size, const Piece& piece) { return size + piece.text.size(); }));
  std::string name;  // what the string is, unknowns included; from the first of them on
  bool known = true;
  const Symbol* mistake = nullptr;  // a value in error, where what is beside it counts
  std::uint8_t marks = static_cast<std::uint8_t>(marks_ | all_marks(values));
  std::size_t next = 0;
  struct Literal {
    std::size_t part;
    std::size_t begin;  ///< in the text
  };
  std::vector<Literal> literals;
  literals.reserve(pieces_.size());
  const auto add_text = [&](std::string_view literal) {
    text += literal;
    if (!known) {
      name += literal;
    }
  };
  for (const Piece& piece : pieces_) {
    if (text.size() > context_.limits.value_bytes || parts.size() > kMaxParts) {
      return unevaluated(Reason::kBudget, "a long string", region, context_);
    }
    if (!piece.value) {
      literals.push_back({.part = parts.size(), .begin = text.size()});
      add_text(piece.text);
      parts.push_back({.text = piece.text,
                       .value = nullptr,
                       .region = piece.region,
                       .exact = piece.region.size() == piece.text.size()});
      continue;
    }
    const Value& given = values[next++];
    if (given.is_null() && !context_.around_errors) {
      return make_error(arena, "cannot include a null value in a string template", piece.region);
    }
    Value converted = convert(given, kStringType, context_);
    if (context_.around_errors && (converted.is_null() || converted.is_error())) {
      const Value nothing = unevaluated(Reason::kInvalid, "a part of a template", piece.region, context_);
      mistake = nothing.unknown().symbol;
      converted = make_unknown(arena, kStringType, Unknown{.symbol = mistake, .not_null = true});
    }
    if (converted.is_error()) {
      const std::string message =
          "cannot include the given value in a string template: " + std::string(converted.error().message);
      return make_error(arena, message, piece.region);
    }
    const Value plain = eval::without_marks(arena, converted);
    if (plain.is_string()) {
      add_text(plain.text());
      // A number keeps its own type as a part: what is written in the text is its conversion.
      parts.push_back({.value = arena.make<Value>(plain), .region = piece.region});
      continue;
    }
    if (known) {
      name = symbol_text("\"", text);
      known = false;
    }
    if (!plain.unknown().not_null) {
      put_in_doubt(context_, plain);
    }
    const StringDetail* detail = plain.detail();
    if (detail != nullptr && !detail->parts.empty()) {
      parts.insert(parts.end(), detail->parts.begin(), detail->parts.end());
    } else {
      parts.push_back({.value = arena.make<Value>(plain), .region = piece.region});
    }
    append_pieces(name, "${", plain, "}");
  }
  const bool plain = known && is_ascii(text);
  const std::string normal = known && !plain ? normalize(text) : std::string();
  const std::string_view stored = arena.copy(plain ? std::string_view(text) : std::string_view(normal));
  // Literals lie in the text as a whole, unless that was changed or is not known.
  const bool whole = plain || (known && normal == text);
  for (const Literal& literal : literals) {
    std::string_view& kept = parts[literal.part].text;
    kept = whole ? stored.substr(literal.begin, kept.size()) : arena.copy(kept);
  }
  const bool several = parts.size() > 1 || keep_parts;
  const StringDetail* detail = several ? arena.make<StringDetail>(StringDetail{.parts = arena.copy(parts)}) : nullptr;
  if (known) {
    return with_marks(arena, make_string_view(arena, stored, detail), marks);
  }
  // The only unknown among empty texts is that unknown.
  const std::ptrdiff_t substantial =
      std::ranges::count_if(parts, [](const Part& part) { return part.value != nullptr || !part.text.empty(); });
  if (substantial == 1) {
    const auto only = std::ranges::find_if(parts, [](const Part& part) { return part.value != nullptr; });
    Unknown unknown = only->value->unknown();
    unknown.not_null = true;
    return with_marks(arena, make_unknown(arena, kStringType, unknown, only->value->detail()), marks);
  }
  const Symbol* cause = cause_of(values);
  name += '"';
  const Symbol* symbol = context_.symbols.derive(name, cause != nullptr ? *cause : *mistake);
  return with_marks(arena, make_unknown(arena, kStringType, Unknown{.symbol = symbol, .not_null = true}, detail),
                    marks);
}

Value evaluate_template(const TemplateExpression& expression, const Scope& scope, Context& context) {
  const bool heredoc = expression.form == syntax::hcl::TemplateKind::kHeredoc ||
                       expression.form == syntax::hcl::TemplateKind::kHeredocIndented;
  if (expression.is_literal() && !heredoc) {
    // Texts without escapes are those of the file, which outlives its values; that of a rendered template may not.
    const bool lasting = !context.inside_template && expression.content().size() == expression.literal().size();
    return lasting ? make_string_of(context.arena, expression.literal())
                   : make_string(context.arena, expression.literal());
  }
  if (expression.parts().size() == 1 && expression.parts()[0].kind == TemplatePartKind::kInterpolation && !heredoc) {
    return evaluate(*expression.parts()[0].expression(), scope, context);
  }
  TemplateBuilder builder(context, expression.parts().size());
  PartEvaluator evaluator(scope, context, builder, &expression);
  if (const std::optional<Value> error = evaluator.add(expression.parts())) {
    return *error;
  }
  return builder.finish(expression.region, heredoc);
}

}  // namespace gabion::eval
