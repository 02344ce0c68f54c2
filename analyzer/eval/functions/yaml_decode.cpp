// Reading YAML: yaml-cpp finds the structure, the meaning of scalars is decided here (YAML 1.1 booleans, dates as
// RFC 3339 text, merge keys).
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "eval/functions/base64.h"
#include "eval/functions/support.h"
#include "eval/functions/timestamp.h"
#include "eval/functions/yaml.h"
#include "source/ascii.h"

namespace gabion::eval::functions {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

bool all_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// Integers of YAML 1.2: decimal with a sign, 0o17, 0x1F.
bool is_integer_literal(std::string_view text) {
  if (text.starts_with("0o")) {
    return all_digits(text.substr(2), "01234567");
  }
  if (text.starts_with("0x")) {
    return all_digits(text.substr(2), "0123456789abcdefABCDEF");
  }
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  return all_digits(text, "0123456789");
}

/// Number text with an optional base as Go's strconv takes it, after decimals have been tried.
std::optional<Number> read_number(source::Arena& arena, std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != '_') {
      plain.push_back(c);
    }
  }
  // A leading plus is fine for big.Float.
  if (const auto number = Number::parse(arena, plain.starts_with('+') ? plain.substr(1) : plain)) {
    return number;
  }
  std::string_view digits = plain;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) {
    digits.remove_prefix(1);
  }
  int base = 0;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = 16;
  } else if (digits.starts_with("0o") || digits.starts_with("0O")) {
    base = 8;
  } else if (digits.starts_with("0b") || digits.starts_with("0B")) {
    base = 2;
  } else {
    return std::nullopt;
  }
  digits.remove_prefix(2);
  // Go reads into 64 bits here.
  if (digits.starts_with('-') || digits.starts_with('+') || digits.size() > 64) {
    return std::nullopt;
  }
  const auto number = parse_integer(arena, digits, base);
  if (!number || *number > Number::parse(arena, "18446744073709551615").value_or(Number())) {
    return std::nullopt;
  }
  return negative ? negate(arena, *number) : number;
}

/// Builds values from yaml-cpp's events. The first thing that Terraform does not take ends it.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Context& context) : context_(context) {}

  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const std::optional<Value>& result() const { return result_; }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t anchor) override { scalar("?", anchor, ""); }
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    scalar(tag, anchor, value);
  }
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t anchor) override {
    if (expects_key()) {
      fail("only strings are allowed as mapping keys");
      return;
    }
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      fail("cannot refer to an anchor from inside its own definition");
      return;
    }
    // Anchors that hold anchors grow fast: what they stand for is counted.
    expanded_ += known->second.weight;
    if (expanded_ > kMostExpanded) {
      fail("too many values behind aliases");
      return;
    }
    add(known->second.value, known->second.weight);
  }
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    start(false, tag, "seq", anchor);
  }
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    start(true, tag, "map", anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  static constexpr std::uint64_t kMostExpanded = 1'000'000;

  struct Frame {
    bool mapping = false;
    YAML::anchor_t anchor = 0;
    std::uint64_t weight = 1;
    std::vector<Value> elements;
    std::map<std::string, Value> members;
    std::optional<std::string> key;
    bool merge = false;  ///< the value to come is merged into the mapping
  };
  struct Anchored {
    Value value;
    std::uint64_t weight = 1;
  };

  void fail(std::string message) {
    if (error_.empty()) {
      error_ = std::move(message);
    }
  }

  [[nodiscard]] bool expects_key() const {
    return !frames_.empty() && frames_.back().mapping && !frames_.back().key && !frames_.back().merge;
  }

  void start(bool mapping, const std::string& tag, std::string_view wanted, YAML::anchor_t anchor) {
    if (expects_key()) {
      fail("only strings are allowed as mapping keys");
    }
    const bool usual = tag.empty() || tag == "?" || tag == "!" || tag == std::string(kTagPrefix) + std::string(wanted);
    if (!usual) {
      fail("cannot interpret a collection as " + tag);
    }
    if (frames_.size() >= context_.limits.nesting) {
      fail("too deeply nested");
    }
    Frame frame;
    frame.mapping = mapping;
    frame.anchor = anchor;
    frames_.push_back(std::move(frame));
  }

  void end() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (!error_.empty()) {
      return;
    }
    Value value;
    if (frame.mapping) {
      std::vector<Member> members;
      for (const auto& [name, inner] : frame.members) {
        Member member{.name = context_.arena.copy(name), .value = inner};
        members.push_back(member);
      }
      value = make_object(context_.arena, members);
    } else {
      value = eval::make_tuple(context_.arena, frame.elements);
    }
    if (frame.anchor != 0) {
      anchors_.insert_or_assign(frame.anchor, Anchored{value, frame.weight});
    }
    add(value, frame.weight);
  }

  /// Puts a finished value where it belongs.
  void add(const Value& value, std::uint64_t weight) {
    if (!error_.empty()) {
      return;
    }
    if (frames_.empty()) {
      result_ = value;
      return;
    }
    Frame& frame = frames_.back();
    frame.weight += weight;
    if (!frame.mapping) {
      frame.elements.push_back(value);
    } else if (frame.merge) {
      frame.merge = false;
      merge(frame, value);
    } else if (frame.key) {
      frame.members.insert_or_assign(*frame.key, value);
      frame.key.reset();
    }
  }

  void merge(Frame& frame, const Value& value) {
    const auto merge_one = [&](const Value& object) {
      if (object.kind() != Kind::kObject) {
        fail("cannot merge " + friendly_name(type_of(context_.arena, object)) + " into mapping");
        return;
      }
      for (const Member& member : object.members()) {
        frame.members.insert_or_assign(std::string(member.name), member.value);
      }
    };
    if (value.kind() == Kind::kTuple) {
      for (const Value& element : value.elements()) {
        merge_one(element);
      }
    } else {
      merge_one(value);
    }
  }

  void scalar(const std::string& tag, YAML::anchor_t anchor, const std::string& text) {
    if (!error_.empty()) {
      return;
    }
    if (!context_.budget.step()) {
      fail("too large");
      return;
    }
    if (expects_key()) {
      take_key(tag, text);
      return;
    }
    const Value value = tag == "!" ? make_string(context_.arena, text) : resolve(tag == "?" ? "" : tag, text);
    if (anchor != 0) {
      anchors_.insert_or_assign(anchor, Anchored{value, 1});
    }
    add(value, 1);
  }

  void take_key(const std::string& tag, const std::string& text) {
    Frame& frame = frames_.back();
    const bool quoted = tag == "!";
    if (text == "<<" || tag == std::string(kTagPrefix) + "merge") {
      frame.merge = true;
      return;
    }
    const Value key = quoted ? make_string(context_.arena, text) : resolve(tag == "?" ? "" : tag, text);
    const Value name = convert(key, kStringType, context_);
    if (!name.is_string()) {
      fail("mapping keys must be strings and not null");
      return;
    }
    frame.key = std::string(name.text());
  }

  /// The value of a plain or tagged scalar.
  Value resolve(std::string tag, const std::string& text) {
    source::Arena& arena = context_.arena;
    if (tag.starts_with(kTagPrefix)) {
      tag = tag.substr(kTagPrefix.size());
    } else if (!tag.empty()) {
      fail("unsupported tag \"" + tag + "\"");
      return Value();
    }
    if (!is_one_of(tag, {"", "str", "bool", "int", "float", "null", "timestamp", "binary"})) {
      fail("unsupported tag \"" + tag + "\"");
      return Value();
    }
    if (tag == "str") {
      return make_string(arena, text);
    }
    if (tag == "binary") {
      if (!base64_decode(text)) {
        fail("not valid base64");
      }
      return make_string(arena, text);
    }
    if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) {
      return make_bool(true);
    }
    if (is_one_of(text, {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) {
      return make_bool(false);
    }
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
      return make_null(arena);
    }
    if (is_one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) {
      return make_number(arena, Number::from_double(arena, std::numeric_limits<double>::infinity()));
    }
    if (is_one_of(text, {"-.inf", "-.Inf", "-.INF"})) {
      return make_number(arena, Number::from_double(arena, -std::numeric_limits<double>::infinity()));
    }
    if (tag.empty() && is_one_of(text, {".nan", ".NaN", ".NAN"})) {
      fail("floating point NaN is not supported");
      return Value();
    }
    return resolve_number_or_text(tag, text);
  }

  Value resolve_number_or_text(std::string_view tag, const std::string& text) {
    source::Arena& arena = context_.arena;
    const char first = text.front();
    if (first == '.') {
      if (const auto number = Number::parse(arena, text)) {
        return make_number(arena, *number);
      }
    } else if (source::is_digit(first) || first == '+' || first == '-') {
      if (tag.empty() || tag == "timestamp") {
        if (const auto time = parse_yaml(text)) {
          return make_string(arena, to_text(*time));
        }
      }
      const bool decimal =
          text.find('_') == std::string::npos && Number::parse(arena, first == '+' ? text.substr(1) : text).has_value();
      if (is_integer_literal(text) || decimal) {
        tag = "float";
      }
    }
    if (tag.empty()) {
      return make_string(arena, text);
    }
    if (tag == "null") {
      return make_null(arena);
    }
    if (tag == "int" || tag == "float") {
      if (const auto number = read_number(arena, text)) {
        return make_number(arena, *number);
      }
    }
    fail("cannot parse \"" + text + "\" as " + std::string(tag));
    return Value();
  }

  Context& context_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::optional<Value> result_;
  std::string error_;
  std::uint64_t expanded_ = 0;
};

/// YAML wants spaces before the first token of a block; yaml-cpp is more patient.
bool starts_with_tab(std::string_view text) {
  const std::size_t tab = text.find('\t');
  return tab != std::string_view::npos && text.substr(0, tab).find_first_not_of(" \r\n") == std::string_view::npos;
}

/// YAML 1.1, which Terraform reads, ends lines at these as well; yaml-cpp takes them for any others.
bool has_other_line_ends(std::string_view text) {
  constexpr std::array<std::string_view, 3> kEnds = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return text.find(end) != std::string_view::npos; });
}

}  // namespace

Value yamldecode(const Call& call, Context& context) {
  if (starts_with_tab(call.arguments[0].text())) {
    return call_error(call, "found character that cannot start any token", context);
  }
  if (has_other_line_ends(call.arguments[0].text())) {
    return unsupported_result(call, kDynamicType, context);
  }
  Builder builder(context);
  // yaml-cpp throws on malformed text: this is where its exceptions end.
  try {
    std::istringstream stream{std::string(call.arguments[0].text())};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      return call_error(call, "missing start of document", context);
    }
    Builder rest(context);
    if (parser.HandleNextDocument(rest)) {
      return call_error(call, "only a single document is allowed", context);
    }
  } catch (const YAML::Exception& exception) {
    return call_error(call,
                      "on line " + std::to_string(exception.mark.line + 1) + ", column " +
                          std::to_string(exception.mark.column + 1) + ": " + exception.msg,
                      context);
  }
  if (!builder.error().empty()) {
    return call_error(call, builder.error(), context);
  }
  return builder.result() ? *builder.result() : make_null(context.arena);
}

}  // namespace gabion::eval::functions
