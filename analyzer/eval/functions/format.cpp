#include "eval/functions/format.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "eval/functions/big_integer.h"
#include "eval/functions/decimal.h"
#include "eval/functions/support.h"
#include "eval/functions/unicode.h"
#include "source/ascii.h"

namespace gabion::eval::functions {
namespace {

/// One sequence like "%-8.3f" or "%[2]s".
struct Verb {
  std::string_view raw;
  std::size_t offset = 0;
  std::int64_t argument = 0;  ///< 1-based
  char mode = 0;
  bool zero = false;
  bool sharp = false;
  bool plus = false;
  bool minus = false;
  bool space = false;
  std::int64_t width = -1;      ///< -1: none
  std::int64_t precision = -1;  ///< -1: none
};

using source::is_digit;

/// Reads the verb that starts at format[at] == '%'; nothing when it is malformed. Moves `at` behind it.
std::optional<Verb> read_verb(std::string_view format, std::size_t& at, std::int64_t next_argument) {
  // Larger numbers make no sensible output.
  constexpr std::int64_t kLargest = 1'000'000;
  const std::size_t start = at++;
  Verb verb;
  verb.offset = start;
  verb.argument = next_argument;
  const auto number = [&](std::int64_t& out) {
    out = 0;
    for (; at < format.size() && is_digit(format[at]); ++at) {
      out = std::min(out * 10 + (format[at] - '0'), kLargest + 1);
    }
  };
  for (bool flags = true; flags && at < format.size();) {
    switch (format[at]) {
      case '0':
        verb.zero = true;
        break;
      case '#':
        verb.sharp = true;
        break;
      case '-':
        verb.minus = true;
        break;
      case '+':
        verb.plus = true;
        break;
      case ' ':
        verb.space = true;
        break;
      default:
        flags = false;
        break;
    }
    at += flags ? 1 : 0;
  }
  if (at < format.size() && is_digit(format[at])) {
    number(verb.width);
  }
  if (at < format.size() && format[at] == '.') {
    ++at;
    number(verb.precision);
  }
  if (at < format.size() && format[at] == '[') {
    ++at;
    if (at >= format.size() || !is_digit(format[at]) || format[at] == '0') {
      return std::nullopt;
    }
    number(verb.argument);
    if (at >= format.size() || format[at] != ']') {
      return std::nullopt;
    }
    ++at;
  }
  const bool letter =
      at < format.size() && ((format[at] >= 'a' && format[at] <= 'z') || (format[at] >= 'A' && format[at] <= 'Z'));
  if (!letter || verb.width > kLargest || verb.precision > kLargest) {
    return std::nullopt;
  }
  verb.mode = format[at++];
  verb.raw = format.substr(start, at - start);
  return verb;
}

/// Fills up to the width in characters, with zeros on either side if asked.
std::string pad(const Verb& verb, std::string text) {
  const auto length = static_cast<std::int64_t>(verb.width > 0 ? cluster_count(text) : 0);
  if (verb.width <= length) {
    return text;
  }
  const std::string filling(static_cast<std::size_t>(verb.width - length), verb.zero ? '0' : ' ');
  return verb.minus ? text + filling : filling + text;
}

/// Go's rules for integers: precision is the least number of digits, zeros fill only without one.
std::string format_integer(const Verb& verb, const BigInteger& value) {
  int base = 10;
  std::string prefix;
  switch (verb.mode) {
    case 'b':
      base = 2;
      prefix = "0b";
      break;
    case 'o':
      base = 8;
      prefix = "0";
      break;
    case 'x':
      base = 16;
      prefix = "0x";
      break;
    case 'X':
      base = 16;
      prefix = "0X";
      break;
    default:
      break;
  }
  if (!verb.sharp) {
    prefix.clear();
  }
  const std::string sign = value.sign() < 0 ? "-" : (verb.plus ? "+" : (verb.space ? " " : ""));
  std::string digits = value.digits(base);
  if (verb.mode == 'X') {
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  if (verb.precision == 0 && digits == "0") {
    return {};
  }
  const auto size = [](const std::string& text) { return static_cast<std::int64_t>(text.size()); };
  std::int64_t zeros = std::max<std::int64_t>(verb.precision - size(digits), 0);
  const std::int64_t length = size(sign) + size(prefix) + zeros + size(digits);
  std::size_t left = 0;
  std::size_t right = 0;
  if (verb.width > length) {
    const std::int64_t missing = verb.width - length;
    if (verb.minus) {
      right = static_cast<std::size_t>(missing);
    } else if (verb.zero && verb.precision < 0) {
      zeros += missing;
    } else {
      left = static_cast<std::size_t>(missing);
    }
  }
  return std::string(left, ' ') + sign + prefix + std::string(static_cast<std::size_t>(zeros), '0') + digits +
         std::string(right, ' ');
}

std::string format_float(const Verb& verb, const Number& value) {
  const char style = verb.mode;
  std::int64_t precision = verb.precision;
  if (precision < 0 && style != 'g' && style != 'G') {
    precision = 6;
  }
  std::string digits = decimal_text(value, style, static_cast<int>(precision));
  std::string sign;
  if (digits.front() == '-' || digits.front() == '+') {
    sign = digits.front() == '+' && verb.space ? " " : digits.substr(0, 1);
    digits.erase(0, 1);
  } else if (verb.plus) {
    sign = "+";
  } else if (verb.space) {
    sign = " ";
  }
  const auto length = static_cast<std::int64_t>(sign.size() + digits.size());
  const auto missing = static_cast<std::size_t>(std::max<std::int64_t>(verb.width - length, 0));
  // Zeros go before the digits even when the field is to be filled on the right.
  if (verb.zero && !value.is_infinite()) {
    return sign + std::string(missing, '0') + digits;
  }
  const std::string filling(missing, ' ');
  return verb.minus ? sign + digits + filling : filling + sign + digits;
}

std::string cut(const Verb& verb, std::string_view text) {
  if (verb.precision <= 0) {
    return std::string(text);
  }
  std::size_t size = 0;
  for (std::int64_t i = 0; i < verb.precision && size < text.size(); ++i) {
    size += cluster_size(text.substr(size));
  }
  return std::string(text.substr(0, size));
}

/// Formats a call of format() or one round of formatlist().
class Formatter {
 public:
  Formatter(const Call& call, Context& context, std::span<const Value> arguments)
      : call_(call), context_(context), arguments_(arguments), builder_(context) {}

  [[nodiscard]] Value run(const Value& format_value) {
    const std::string_view format = format_value.text();
    std::int64_t next = 1;
    std::int64_t highest = 0;
    for (std::size_t at = 0; at < format.size();) {
      const std::size_t percent = std::min(format.find('%', at), format.size());
      if (percent > at) {
        builder_.add_literal(format.substr(at, percent - at), literal_region(format, at, percent));
      }
      at = percent;
      if (at >= format.size()) {
        break;
      }
      if (format.substr(at + 1).starts_with('%')) {
        builder_.add_literal("%", source::Region{});
        at += 2;
        continue;
      }
      const std::size_t start = at;
      const auto verb = read_verb(format, at, next);
      if (!verb) {
        return argument_error(call_, 0, "unrecognized format sequence at offset " + std::to_string(start), context_);
      }
      highest = std::max(highest, verb->argument);
      if (verb->argument > static_cast<std::int64_t>(arguments_.size())) {
        return call_error(call_,
                          "not enough arguments for \"" + std::string(verb->raw) + "\" at " + std::to_string(start) +
                              ": need index " + std::to_string(verb->argument) + " but have " +
                              std::to_string(arguments_.size()) + " total",
                          context_);
      }
      written_ += static_cast<std::uint64_t>(std::max<std::int64_t>({verb->width, verb->precision, 0}));
      if (written_ > context_.limits.value_bytes) {
        return budget_result(call_, kStringType, context_);
      }
      if (const auto failed = append(*verb, arguments_[static_cast<std::size_t>(verb->argument - 1)])) {
        return *failed;
      }
      next = verb->argument + 1;
    }
    if (highest < static_cast<std::int64_t>(arguments_.size())) {
      return call_error(call_,
                        highest == 0 ? std::string("too many arguments; no verbs in format string")
                                     : "too many arguments; only " + std::to_string(highest) + " used by format string",
                        context_);
    }
    return builder_.finish(call_.region, true);
  }

 private:
  [[nodiscard]] Value unsupported(const Verb& verb, std::string_view why) const {
    return call_error(call_,
                      "unsupported value for \"" + std::string(verb.raw) + "\" at " + std::to_string(verb.offset) +
                          ": " + std::string(why),
                      context_);
  }

  /// Nothing when all is well, else the error.
  [[nodiscard]] std::optional<Value> append(const Verb& verb, const Value& argument) {
    constexpr std::string_view kModes = "vtbdoxXeEfgGsq";
    if (kModes.find(verb.mode) == std::string_view::npos) {
      return call_error(call_, std::string("unsupported format verb '") + verb.mode + "'", context_);
    }
    if (argument.is_null() && verb.mode != 'v') {
      return unsupported(verb, "null value cannot be formatted");
    }
    if (!argument.wholly_known()) {
      return append_unknown(verb, argument);
    }
    switch (verb.mode) {
      case 'v':
        return append_as_is(verb, argument);
      case 's':
      case 'q':
        return append_string(verb, argument);
      case 't': {
        const Value converted = convert(argument, kBoolType, context_);
        if (converted.is_error()) {
          return unsupported(verb, converted.error().message);
        }
        add_text(converted.boolean() ? "true" : "false");
        return std::nullopt;
      }
      default:
        return append_number(verb, argument);
    }
  }

  [[nodiscard]] std::optional<Value> append_unknown(const Verb& verb, const Value& argument) {
    const bool plain = verb.width <= 0 && verb.precision <= 0;
    const Type& type = type_of(context_.arena, argument);
    // What is a string when it is known goes in as it is; other types would change their shape on the way.
    const bool text = verb.mode == 's' || (verb.mode == 'v' && !verb.sharp && type.kind == TypeKind::kString) ||
                      (verb.mode == 'd' && type.kind == TypeKind::kNumber && !verb.plus && !verb.space);
    if (plain && text && argument.is_unknown()) {
      const Value converted = convert(argument, kStringType, context_);
      if (converted.is_error()) {
        return unsupported(verb, converted.error().message);
      }
      builder_.add_value(converted, region_of(call_, converted));
      return std::nullopt;
    }
    if (plain && verb.mode == 'v' && (verb.sharp || !argument.is_unknown())) {
      builder_.add_value(json_encode(argument, context_), region_of(call_, argument));
      return std::nullopt;
    }
    // An unknown piece of its own: the text around it stays known.
    const std::string name = "format(" + std::string(verb.raw) + ", " + identity_text(argument) + ")";
    const Value piece = derived(name, kStringType, std::span(&argument, 1), context_);
    context_.uncertain = true;
    builder_.add_value(piece, region_of(call_, argument));
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Value> append_as_is(const Verb& verb, const Value& argument) {
    if (!verb.sharp && argument.is_string()) {
      append_text(verb, argument);
      return std::nullopt;
    }
    if (!verb.sharp && argument.is_number()) {
      add_text(pad(verb, decimal_text(argument.number(), 'g', -1)));
      return std::nullopt;
    }
    const Value encoded = json_encode(argument, context_);
    if (!encoded.is_string()) {
      return encoded.is_error() ? unsupported(verb, encoded.error().message) : encoded;
    }
    if (verb.width > 0) {
      add_text(pad(verb, std::string(encoded.text())));
    } else {
      builder_.add_value(encoded, region_of(call_, encoded));
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Value> append_string(const Verb& verb, const Value& argument) {
    const Value converted = convert(argument, kStringType, context_);
    if (converted.is_error()) {
      return unsupported(verb, converted.error().message);
    }
    if (verb.mode == 's') {
      append_text(verb, converted);
      return std::nullopt;
    }
    const Value quoted = json_encode(make_string(context_.arena, cut(verb, converted.text())), context_);
    add_text(pad(verb, std::string(quoted.text())));
    return std::nullopt;
  }

  /// Text that goes in whole keeps its origin.
  void append_text(const Verb& verb, const Value& text) {
    // Only %s cuts: precision means nothing to %v.
    if (verb.width <= 0 && (verb.precision <= 0 || verb.mode == 'v')) {
      builder_.add_value(text, region_of(call_, text));
    } else {
      add_text(pad(verb, verb.mode == 'v' ? std::string(text.text()) : cut(verb, text.text())));
    }
  }

  [[nodiscard]] std::optional<Value> append_number(const Verb& verb, const Value& argument) {
    const Value converted = convert(argument, kNumberType, context_);
    if (converted.is_error()) {
      return unsupported(verb, converted.error().message);
    }
    constexpr std::string_view kIntegerModes = "bdoxX";
    if (kIntegerModes.find(verb.mode) == std::string_view::npos) {
      add_text(format_float(verb, converted.number()));
      return std::nullopt;
    }
    const auto integer = BigInteger::from(converted.number());
    if (!integer) {
      return unsupported(verb, "an integer is required");
    }
    add_text(format_integer(verb, *integer));
    return std::nullopt;
  }

  void add_text(std::string_view text) {
    if (!text.empty()) {
      builder_.add_literal(context_.arena.copy(text), source::Region{});
    }
  }

  /// Where that piece of the format was written, if the format is a literal without escapes.
  [[nodiscard]] source::Region literal_region(std::string_view format, std::size_t begin, std::size_t end) const {
    using syntax::hcl::ExpressionKind;
    if (call_.syntax == nullptr || call_.syntax->arguments.empty() ||
        call_.syntax->arguments[0]->kind != ExpressionKind::kTemplate) {
      return {};
    }
    const auto& written = syntax::hcl::as<syntax::hcl::TemplateExpression>(*call_.syntax->arguments[0]);
    if (!written.is_literal() || written.literal() != format || written.content().size() != format.size()) {
      return {};
    }
    return {written.content().artifact, written.content().begin + static_cast<std::uint32_t>(begin),
            written.content().begin + static_cast<std::uint32_t>(end)};
  }

  const Call& call_;
  Context& context_;
  std::span<const Value> arguments_;
  TemplateBuilder builder_;
  std::uint64_t written_ = 0;
};

}  // namespace

Value format_function(const Call& call, Context& context) {
  return Formatter(call, context, call.arguments.subspan(1)).run(call.arguments[0]);
}

Value formatlist_function(const Call& call, Context& context) {
  const auto arguments = call.arguments.subspan(1);
  std::optional<std::size_t> rounds;
  bool unknown_length = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Value& argument = arguments[i];
    const Type& type = type_of(context.arena, argument);
    // The type of a tuple tells its length even while the tuple is unknown.
    if (argument.is_sequence() || (argument.is_unknown() && type.kind == TypeKind::kTuple)) {
      const std::size_t length = argument.is_sequence() ? argument.elements().size() : type.elements.size();
      unknown_length = unknown_length || argument.is_unknown();
      if (rounds && *rounds != length) {
        return argument_error(call, i + 1,
                              "argument has length " + std::to_string(length) +
                                  ", which is inconsistent with the others of length " + std::to_string(*rounds),
                              context);
      }
      rounds = length;
    } else if (argument.is_unknown()) {
      unknown_length = unknown_length || is_sequence_type(type) || type.kind == TypeKind::kDynamic;
    }
  }
  if (unknown_length) {
    return unknown_result(call, kListOfString, context);
  }
  std::vector<Value> results;
  std::vector<Value> round(arguments.begin(), arguments.end());
  for (std::size_t r = 0; r < rounds.value_or(1); ++r) {
    if (!context.budget.step()) {
      return budget_result(call, kListOfString, context);
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].is_sequence()) {
        round[i] = arguments[i].elements()[r];
      }
    }
    results.push_back(Formatter(call, context, round).run(call.arguments[0]));
    if (results.back().is_error()) {
      return results.back();
    }
  }
  return make_list(context.arena, kStringType, results);
}

}  // namespace gabion::eval::functions
