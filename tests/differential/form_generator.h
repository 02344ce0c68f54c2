// Makes expressions of all forms up: operators, conditionals, indexes, splats, for expressions, templates with
// directives and strip markers, heredocs, expansion, try() and can(), over each other and over calls of functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "differential/call_generator.h"

namespace gabion::eval {

/// What `local` holds where the expressions are evaluated, as the body of a locals block.
inline constexpr std::string_view kLocals = R"~(
    text     = "a-b"
    count    = 3
    flag     = true
    nothing  = null
    names    = ["x", "y", "x"]
    ports    = tolist([80, 443])
    zones    = toset(["b", "a"])
    tags     = tomap({ Name = "n", env = "dev" })
    item     = { name = "first", size = 2, tags = { a = "b" }, list = [1, { b = null }] }
    items    = [{ name = "i", size = 1, sub = [{ v = 1 }] }, { name = "j", size = 2, sub = [] }]
    template = "%%{ for v in list ~}\n<$${upper(v)}>%%{ endfor } $${name}%%{ if size > 1 } big%%{ endif }"
)~";

/// The same seed makes the same expressions on every machine.
class FormGenerator {
 public:
  explicit FormGenerator(std::uint32_t seed) : calls_(seed) {}

  std::string expression() { return any(1 + static_cast<int>(pick(3))); }

 private:
  std::size_t pick(std::size_t count) { return calls_.pick(count); }

  template <std::size_t kCount>
  std::string one(const std::array<std::string_view, kCount>& pool) {
    return calls_.one_of(pool);
  }
  std::string either(const std::string& a, const std::string& b) { return pick(2) == 0 ? a : b; }

  std::string any(int depth) {
    switch (pick(9)) {
      case 0:
        return number(depth);
      case 1:
        return boolean(depth);
      case 2:
      case 3:
        return sequence(depth);
      case 4:
      case 5:
        return mapping(depth);
      case 6:
        return anything(depth);
      default:
        return text(depth);
    }
  }

  /// The result that a conditional does not take must not be an error: what type such a one still has is not modelled.
  static std::string safe(const std::string& expression, std::string_view otherwise) {
    return expression.find('(') == std::string::npos && expression.find('.') == std::string::npos
               ? expression
               : "try(" + expression + ", " + std::string(otherwise) + ")";
  }

  /// Forms of which the result may be of any type.
  std::string anything(int depth) {
    if (depth <= 0) {
      return loop_variable(one(kLeaves));
    }
    const int d = depth - 1;
    switch (pick(14)) {
      case 0:
      case 1:
        return "(" + boolean(d) + " ? " + safe(any(d), "null") + " : " + safe(any(d), "\"\"") + ")";
      case 2:
        return sequence(d) + "[" + index(d) + "]";
      case 3:
        return mapping(d) + either("[" + text(d) + "]", "." + one(kAttributes));
      case 4:
        return "try(" + any(d) + ", " + any(d) + ")";
      case 5:
        return "(" + any(d) + ")";
      case 6:
        return quoted([&] { return "${" + any(d) + "}"; });
      case 7:
        return "coalesce(" + any(d) + ", " + any(d) + ")";
      case 8:
        return one(kExpanding) + "(" + sequence(d) + "...)";
      case 9:
        return "local.items[" + index(d) + "]." + one(kAttributes) + either("", "." + one(kAttributes));
      case 10:
        return one(kAccesses);
      default:
        return calls_.call(kShapes[pick(std::size(kShapes))], 1);
    }
  }

  /// Inside of a loop now and then its variable; elsewhere such a name is an error that nothing catches.
  std::string loop_variable(const std::string& otherwise) {
    if (loops_ == 0 || pick(3) != 0) {
      return otherwise;
    }
    return keyed_ && pick(3) == 0 ? "k" : "v";
  }

  /// The body of a loop.
  template <class Body>
  std::string inside_loop(bool keyed, Body body) {
    ++loops_;
    const bool outer = std::exchange(keyed_, keyed || (keyed_ && loops_ > 1));
    std::string out = body();
    keyed_ = outer;
    --loops_;
    return out;
  }

  std::string index(int depth) { return pick(4) == 0 ? number(depth) : one(kIndexes); }

  std::string number(int depth) {
    if (depth <= 0) {
      return loop_variable(pick(3) == 0 ? one(kNumberNames) : calls_.argument('n', 0));
    }
    const int d = depth - 1;
    switch (pick(8)) {
      case 0:
      case 1:
      case 2:
        return "(" + number(d) + one(kArithmetic) + number(d) + ")";
      case 3:
        return "-" + number(0);
      case 4:
        return "length(" + any(d) + ")";
      case 5:
        return "(" + boolean(d) + " ? " + safe(number(d), "0") + " : " + safe(number(d), "0") + ")";
      case 6:
        return "tonumber(" + text(d) + ")";
      default:
        return number(0);
    }
  }

  std::string boolean(int depth) {
    if (depth <= 0) {
      return one(kBooleans);
    }
    const int d = depth - 1;
    switch (pick(9)) {
      case 0:
      case 1: {
        const std::string left = any(d);
        return "(" + left + one(kEquality) + (pick(3) == 0 ? left : any(d)) + ")";
      }
      case 2:
        return "(" + number(d) + one(kOrder) + number(d) + ")";
      case 3:
      case 4:
        // Releases differ in what an error beside a deciding operand comes to.
        return "(" + safe(boolean(d), "true") + either(" && ", " || ") + safe(boolean(d), "false") + ")";
      case 5:
        return "!" + boolean(d);
      case 6:
        return "can(" + any(d) + ")";
      case 7:
        return "(" + any(d) + either(" == null)", " != null)");
      default:
        return boolean(0);
    }
  }

  std::string text(int depth) {
    if (depth <= 0) {
      return loop_variable(pick(3) == 0 ? one(kTextNames) : calls_.argument('s', 0));
    }
    const int d = depth - 1;
    switch (pick(8)) {
      case 0:
      case 1:
      case 2:
        return quoted([&] { return piece(d) + piece(d) + piece(d); });
      case 3:
        return heredoc(d);
      case 4:
        return "tostring(" + any(d) + ")";
      case 5:
        return "templatestring(local.template, {list = " + sequence(d) + ", name = " + text(d) +
               ", size = " + number(d) + "})";
      case 6:
        return "join(" + text(0) + ", " + sequence(d) + ")";
      default:
        return text(0);
    }
  }

  /// In quotes there is no place for a heredoc.
  template <class Body>
  std::string quoted(Body body) {
    ++quotes_;
    const std::string out = "\"" + body() + "\"";
    --quotes_;
    return out;
  }

  /// A piece of a quoted template.
  std::string piece(int depth) {
    switch (pick(7)) {
      case 0:
        return one(kLiterals);
      case 1:
      case 2:
        return one(kOpen) + either(text(depth), either(number(depth), any(depth))) + one(kClose);
      case 3:
        return one(kDirective) + "if " + boolean(depth) + one(kClose) + one(kLiterals) + one(kDirective) + "else" +
               one(kClose) + one(kLiterals) + one(kDirective) + "endif" + one(kClose);
      case 4:
        return one(kDirective) + "for v in " + sequence(depth) + one(kClose) + " ${v}, " + one(kDirective) + "endfor" +
               one(kClose);
      case 5: {
        const std::string over = mapping(depth);
        return one(kDirective) + "for k, v in " + over + one(kClose) + "${k}" +
               inside_loop(true, [&] { return one(kLiterals) + "${" + text(depth) + "}"; }) + one(kDirective) +
               "endfor" + one(kClose);
      }
      default:
        return "";
    }
  }

  std::string heredoc(int depth) {
    if (quotes_ > 0) {
      return text(0);
    }
    std::string out = "(" + either("<<EOT\n", "<<-EOT\n");
    ++quotes_;
    for (std::size_t i = pick(4); i > 0; --i) {
      out += one(kIndents);
      out += one(kLines);
      out += pick(3) == 0 ? "${" + text(depth > 1 ? 1 : 0) + "}" : "";
      out += pick(4) == 0
                 ? "%{ if " + boolean(0) + one(kClose) + "\n" + one(kIndents) + "yes" + one(kDirective) + "endif }"
                 : "";
      out += "\n";
    }
    --quotes_;
    return out + one(kIndents) + "EOT\n)";
  }

  std::string sequence(int depth) {
    if (depth <= 0) {
      return pick(2) == 0 ? one(kSequenceNames) : calls_.argument('t', 0);
    }
    const int d = depth - 1;
    switch (pick(10)) {
      case 0:
      case 1:
        return "[" + any(d) + ", " + any(d) + "]";
      case 2:
      case 3:
        return loop(
            "[", d, [&] { return any(d); }, "]");
      case 4:
        return anything(d) + "[*]";
      case 5:
        return "local.items" + either("[*].", ".*.") + one(kAttributes) + either("", "[0]");
      case 6:
        return "[" + mapping(d) + ", " + mapping(d) + "][*]" + either("." + one(kAttributes), "[" + text(0) + "]");
      case 7:
        return one(kSequenceCalls) + "(" + sequence(d) + ")";
      case 8:
        return "concat(" + sequence(d) + ", " + sequence(d) + ")";
      default:
        return "(" + boolean(d) + " ? " + safe(sequence(d), "[]") + " : " + safe(sequence(d), "[]") + ")";
    }
  }

  std::string mapping(int depth) {
    if (depth <= 0) {
      return pick(2) == 0 ? one(kMappingNames) : calls_.argument('m', 0);
    }
    const int d = depth - 1;
    switch (pick(8)) {
      case 0:
        return "{a = " + any(d) + ", (" + text(d) + ") = " + any(d) + "}";
      case 1:
        return "{" + quoted([&] { return "a${" + text(d) + "}"; }) + " : " + any(d) + "\n name = " + any(d) + "}";
      case 2:
      case 3:
        return loop(
            "{", d, [&] { return either(text(d), "v") + " => " + either(any(d), "v"); }, either("}", "...}"));
      case 4:
        return "merge(" + mapping(d) + ", " + mapping(d) + ")";
      case 5:
        return "tomap(" + mapping(d) + ")";
      case 6:
        return "zipmap(" + sequence(d) + ", " + sequence(d) + ")";
      default:
        return "(" + boolean(d) + " ? " + safe(mapping(d), "{}") + " : " + safe(mapping(d), "{}") + ")";
    }
  }

  /// The ellipsis of grouping stands before the condition.
  template <class Body>
  std::string loop(const std::string& open, int depth, Body body, const std::string& close) {
    const bool keyed = pick(2) == 0;
    const std::string over = either(sequence(depth), mapping(depth));
    return inside_loop(keyed, [&] {
      std::string out = open + "for " + (keyed ? "k, v" : "v") + " in " + over + " : ";
      out += body();
      out += close == "...}" ? "..." : "";
      if (pick(3) == 0) {
        out += " if " + either(boolean(depth), either("v != \"x\"", "can(v.name)"));
      }
      return out + close.substr(close.size() - 1);
    });
  }

  static constexpr std::array<std::string_view, 8> kLeaves{
      "null", "local.nothing", "[null]", "local.item.list", "local.items", "[]", "{}", "local.flag"};
  static constexpr std::array<std::string_view, 5> kAttributes{"name", "size", "sub", "tags", "a"};
  static constexpr std::array<std::string_view, 8> kIndexes{"0", "1", "\"0\"", "\"a\"", "-1", "0.5", "true", "2"};
  static constexpr std::array<std::string_view, 10> kExpanding{
      "concat", "merge", "max", "min", "coalesce", "setunion", "format", "cidrsubnets", "zipmap", "core::setproduct"};
  static constexpr std::array<std::string_view, 13> kAccesses{
      "local.item.list[1].b",     "local.item[\"tags\"].a", "local.items.0.name", "local.items[*].sub[*].v",
      "local.items.*.sub.0",      "local.nothing[*]",       "local.text[*].x",    "local.tags[\"none\"]",
      "local.ports[\"1\"]",       "local.zones[0]",         "local.item.none",    "[for s in local.zones : s][0]",
      "local.item[*].tags[\"a\"]"};
  static constexpr std::array<std::string_view, 4> kNumberNames{"local.count", "local.ports[0]", "local.item.size",
                                                                "local.nothing"};
  static constexpr std::array<std::string_view, 6> kArithmetic{" + ", " - ", " * ", " / ", " % ", " -"};
  static constexpr std::array<std::string_view, 4> kEquality{" == ", " != ", "==", "!="};
  static constexpr std::array<std::string_view, 4> kOrder{" < ", " > ", " <= ", " >= "};
  static constexpr std::array<std::string_view, 6> kBooleans{"true",        "false",    "local.flag",
                                                             "!local.flag", "\"true\"", "\"0\""};
  static constexpr std::array<std::string_view, 4> kTextNames{"local.text", "local.names[1]", "local.tags.env",
                                                              "local.item.name"};
  static constexpr std::array<std::string_view, 7> kLiterals{"", " ", "x", "\\n  ", "$${", "%%{", " -é- "};
  static constexpr std::array<std::string_view, 3> kOpen{"${", "${ ", "${~ "};
  static constexpr std::array<std::string_view, 3> kDirective{"%{ ", "%{~ ", "%{"};
  static constexpr std::array<std::string_view, 3> kClose{" }", "}", " ~}"};
  static constexpr std::array<std::string_view, 4> kIndents{"", "  ", "    ", "\t"};
  static constexpr std::array<std::string_view, 7> kLines{"line",  "",   "\"quoted\" \\n", "$${x}", "  more ",
                                                          "é %%{", "$ %"};
  static constexpr std::array<std::string_view, 5> kSequenceNames{"local.names", "local.ports", "local.zones",
                                                                  "local.items", "local.item.list"};
  static constexpr std::array<std::string_view, 8> kSequenceCalls{"tolist",  "toset",   "reverse", "distinct",
                                                                  "flatten", "compact", "sort",    "values"};
  static constexpr std::array<std::string_view, 3> kMappingNames{"local.tags", "local.item", "local.items[0]"};

  Generator calls_;
  int loops_ = 0;       ///< loops around what is being written
  bool keyed_ = false;  ///< one of them has a key variable
  int quotes_ = 0;
};

}  // namespace gabion::eval
