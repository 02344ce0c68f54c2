// Functions that write and read encoded text.
#include <string>
#include <vector>

#include "eval/functions/base64.h"
#include "eval/functions/csv.h"
#include "eval/functions/json_decode.h"
#include "eval/functions/support.h"
#include "eval/functions/text_encoding.h"
#include "eval/functions/unicode.h"
#include "eval/functions/yaml.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace functions {
namespace {

std::string_view argument(const Call& call, std::size_t index) {
  return call.arguments[index].text();
}

Value base64encode(const Call& call, Context& context) {
  return text_result(call, base64_encode(argument(call, 0)), context);
}

Value base64decode(const Call& call, Context& context) {
  const auto bytes = base64_decode(argument(call, 0));
  if (!bytes) {
    return call_error(call, "failed to decode base64 data", context);
  }
  if (!is_valid_utf8(*bytes)) {
    return call_error(call, "the result of decoding the provided string is not valid UTF-8", context);
  }
  return text_result(call, *bytes, context);
}

Value no_such_encoding(const Call& call, Context& context) {
  return argument_error(call, 1, describe(call.arguments[1]) + " is not a supported IANA encoding name or alias",
                        context);
}

Value textencodebase64(const Call& call, Context& context) {
  const TextEncoding encoding = find_encoding(argument(call, 1));
  if (encoding.kind == EncodingKind::kNone) {
    return no_such_encoding(call, context);
  }
  if (!is_computed(encoding, argument(call, 0))) {
    return unsupported_result(call, kStringType, context);
  }
  const auto bytes = encode_text(encoding, argument(call, 0));
  if (!bytes) {
    return argument_error(call, 0, "the given string contains characters that the encoding does not have", context);
  }
  return text_result(call, base64_encode(*bytes), context);
}

Value textdecodebase64(const Call& call, Context& context) {
  const TextEncoding encoding = find_encoding(argument(call, 1));
  if (encoding.kind == EncodingKind::kNone) {
    return no_such_encoding(call, context);
  }
  const auto bytes = base64_decode(argument(call, 0));
  if (!bytes) {
    return argument_error(call, 0, "the given value has an invalid base64 symbol", context);
  }
  if (!is_computed(encoding, *bytes)) {
    return unsupported_result(call, kStringType, context);
  }
  const auto text = decode_text(encoding, *bytes);
  if (!text) {
    return argument_error(call, 0, "the given string contains symbols that are not defined for the encoding", context);
  }
  return text_result(call, *text, context);
}

Value csvdecode(const Call& call, Context& context) {
  CsvRows csv = read_csv(argument(call, 0));
  if (csv.rows.empty() && csv.error_line == 0) {
    return call_error(call, "missing header line", context);
  }
  if (csv.error_line != 0) {
    return call_error(call, "CSV parse error on line " + std::to_string(csv.error_line) + ": " + std::string(csv.error),
                      context);
  }
  const std::vector<std::string>& header = csv.rows.front();
  std::vector<AttributeType> attributes;
  std::vector<std::string_view> names;
  for (const std::string& name : header) {
    names.push_back(make_string(context.arena, name).text());
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
      if (names[i] == names.back()) {
        return call_error(call, "duplicate column name \"" + name + "\"", context);
      }
    }
    attributes.push_back({.name = names.back(), .type = &kStringType});
  }
  const Type& type = *object_type(context.arena, attributes);
  std::vector<Value> rows;
  for (std::size_t r = 1; r < csv.rows.size(); ++r) {
    if (csv.rows[r].size() != names.size()) {
      return call_error(call, "CSV parse error: wrong number of fields in record " + std::to_string(r), context);
    }
    if (!context.budget.step(names.size())) {
      return budget_result(call, *list_type(context.arena, type), context);
    }
    std::vector<Member> members;
    for (std::size_t c = 0; c < names.size(); ++c) {
      Member member{.name = names[c], .value = make_string(context.arena, csv.rows[r][c])};
      members.push_back(member);
    }
    rows.push_back(make_object(context.arena, members));
  }
  return make_list(context.arena, type, rows);
}

Value jsonencode(const Call& call, Context& context) {
  const Value encoded = json_encode(call.arguments[0], context);
  const bool too_long =
      encoded.is_unknown() && encoded.unknown().symbol->reason == Reason::kBudget && call.arguments[0].wholly_known();
  return too_long ? budget_result(call, kStringType, context) : encoded;
}

Value urlencode(const Call& call, Context& context) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-_.~";
  std::string out;
  for (const char c : argument(call, 0)) {
    const bool letter = source::is_alphanumeric(c);
    if (letter || kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else if (c == ' ') {
      out.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4U]);
      out.push_back(kDigits[byte & 15U]);
    }
  }
  return text_result(call, out, context);
}

constexpr Parameter kText[] = {{.name = "str", .type = &kStringType}};
constexpr Parameter kEncoded[] = {{.name = "str", .type = &kStringType, .allow_unknown = true}};
constexpr Parameter kSource[] = {{.name = "src", .type = &kStringType}};
constexpr Parameter kValue[] = {{.name = "val", .allow_null = true, .allow_unknown = true}};
constexpr Parameter kEncode[] = {{.name = "string", .type = &kStringType}, {.name = "encoding", .type = &kStringType}};
constexpr Parameter kDecode[] = {{.name = "source", .type = &kStringType}, {.name = "encoding", .type = &kStringType}};

constexpr Builtin kTable[] = {
    {.name = "base64decode", .parameters = kText, .result = &kStringType, .call = &base64decode},
    {.name = "base64encode", .parameters = kText, .result = &kStringType, .call = &base64encode},
    // The exact bytes are a matter of the compressor's version.
    {.name = "base64gzip", .parameters = kText, .result = &kStringType, .pure = false},
    {.name = "csvdecode", .parameters = kText, .call = &csvdecode},
    {.name = "jsondecode", .parameters = kEncoded, .call = &jsondecode},
    {.name = "jsonencode", .parameters = kValue, .result = &kStringType, .call = &jsonencode},
    {.name = "textdecodebase64", .parameters = kDecode, .result = &kStringType, .call = &textdecodebase64},
    {.name = "textencodebase64", .parameters = kEncode, .result = &kStringType, .call = &textencodebase64},
    {.name = "urlencode", .parameters = kText, .result = &kStringType, .call = &urlencode},
    {.name = "yamldecode", .parameters = kSource, .call = &yamldecode},
    {.name = "yamlencode", .parameters = kValue, .result = &kStringType, .call = &yamlencode},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> encoding_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
