// Inputs made to exhaust the stack or the time of a parser. They are parsed on a small stack; each has a size at which
// quadratic work would be felt as a hanging test.
#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>
#include <string>

#include "unit/syntax/hcl_support.h"

namespace gabion::syntax::hcl {
namespace {

using test::Parsed;

constexpr std::size_t kMany = 50'000;

std::string repeat(std::string_view text, std::size_t count) {
  std::string result;
  result.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}

/// Runs `work` on a thread with `bytes` of stack.
void on_small_stack(std::size_t bytes, std::function<void()> work) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, bytes), 0);
  pthread_t thread{};
  ASSERT_EQ(pthread_create(
                &thread, &attributes,
                [](void* argument) -> void* {
                  (*static_cast<std::function<void()>*>(argument))();
                  return nullptr;
                },
                &work),
            0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

constexpr std::size_t kSmallStack = std::size_t{1024} * 1024;

std::string code_of(const std::string& text) {
  std::string code;
  on_small_stack(kSmallStack, [&] {
    Parsed parsed(text);
    const Body& body = parsed.file();
    code = parsed.code();
    if (parsed.diagnostics.empty()) {
      EXPECT_TRUE(print_source(body, parsed.artifact) == text);
      EXPECT_FALSE(print_tree(body).empty());
    }
  });
  return code;
}

TEST(HclHostile, DeepNestingIsADiagnostic) {
  for (const std::string_view opener :
       {"(", "[", "{a=", "f(", "a[", "-", "!", "\"${", "\"%{if ", "a?b:", "a?", "[for x in ", "{(", "a(b,[",
        "\"${\"%{if a}${", "<<A\n${", "1+(", "a.*[b[", "{for k,v in a:"}) {
    EXPECT_EQ(code_of("x = " + repeat(opener, kMany)), "hcl-nesting") << opener;
  }
  EXPECT_EQ(code_of("x = a" + repeat("[*]", kMany)), "hcl-nesting");
  EXPECT_EQ(code_of(repeat("a {\n", kMany)), "hcl-nesting");
  EXPECT_EQ(code_of("x = \"" + repeat("%{if a}", kMany)), "hcl-nesting");
  EXPECT_EQ(code_of("x = <<A\n" + repeat("%{for a in b}\n", kMany)), "hcl-nesting");
}

TEST(HclHostile, ClosingDirectivesBuyNoDepth) {
  EXPECT_EQ(code_of("x = " + repeat("\"%{endif}${", kMany)), "hcl-unbalanced-directive");
  EXPECT_EQ(code_of("x = " + repeat("\"%{if a}%{endif}%{endif}${", kMany)), "hcl-unbalanced-directive");
  EXPECT_EQ(code_of("x = " + repeat("\"%{if a}%{endif}${", kMany)), "hcl-nesting");
}

TEST(HclHostile, TheLimitItselfFits) {
  source::Limits limits;
  const std::size_t room = limits.nesting - 1;
  const auto nested = [&](std::string_view open, std::string_view middle, std::string_view close, std::size_t cost) {
    return "x = " + repeat(open, room / cost) + std::string(middle) + repeat(close, room / cost) + "\n";
  };
  EXPECT_EQ(code_of(nested("(", "a", ")", 1)), "ok");
  EXPECT_EQ(code_of(nested("[", "a", "]", 1)), "ok");
  EXPECT_EQ(code_of(nested("{a=", "b", "}", 1)), "ok");
  EXPECT_EQ(code_of(nested("f(", "b", ")", 1)), "ok");
  EXPECT_EQ(code_of(nested("1+2*(", "b", ")", 1)), "ok");
  EXPECT_EQ(code_of(nested("\"${", "b", "}\"", 1)), "ok");
  EXPECT_EQ(code_of(nested("a?b:", "b", "", 1)), "ok");
  EXPECT_EQ(code_of(nested("!", "b", "", 1)), "ok");
  EXPECT_EQ(code_of(nested("a||b&&c==d<e+f*(", "b", ")", 1)), "ok");
  EXPECT_EQ(code_of(nested("\"%{if a}${", "b", "}%{endif}\"", 2)), "ok");
  EXPECT_EQ(code_of(nested("[for a in b : ", "b", "]", 1)), "ok");
  EXPECT_EQ(code_of(repeat("a {\n", limits.nesting) + repeat("}\n", limits.nesting)), "ok");
  EXPECT_EQ(code_of("x = \"" + repeat("%{if a}", room) + repeat("%{endif}", room) + "\"\n"), "ok");
}

TEST(HclHostile, LongChainsAreNotDeep) {
  EXPECT_EQ(code_of("x = a" + repeat(" + a", kMany) + "\n"), "ok");
  EXPECT_EQ(code_of("x = a" + repeat(" && a || a * a - a < a", kMany / 4) + "\n"), "ok");
  EXPECT_EQ(code_of("x = a" + repeat(".b", kMany) + "\n"), "ok");
  EXPECT_EQ(code_of("x = a" + repeat("[0]", kMany) + "\n"), "ok");
  EXPECT_EQ(code_of("x = a" + repeat("[b]", kMany) + "\n"), "ok");
  EXPECT_EQ(code_of("x = a" + repeat("[b].c", kMany) + "\n"), "ok");
  EXPECT_EQ(code_of("x = a" + repeat(".*.c[0]", kMany) + "\n"), "ok");
  EXPECT_EQ(code_of("x = \"" + repeat("${a}b", kMany) + "\"\n"), "ok");
  EXPECT_EQ(code_of("x = \"" + repeat("%{if a}b%{endif}", kMany / 4) + "\"\n"), "ok");
  EXPECT_EQ(code_of("x = \"" + repeat("$${\\n", kMany) + "\"\n"), "ok");
  EXPECT_EQ(code_of("x = [" + repeat("a,", kMany) + "]\n"), "ok");
  EXPECT_EQ(code_of("x = [" + repeat("[],{},\"\",", kMany) + "]\n"), "ok");
  EXPECT_EQ(code_of("x = f(" + repeat("a,", kMany) + ")\n"), "ok");
  EXPECT_EQ(code_of("x = {" + repeat("a=1\n", kMany) + "}\n"), "ok");
  EXPECT_EQ(code_of("x = " + repeat("a::", kMany) + "b()\n"), "ok");
  EXPECT_EQ(code_of("x = " + repeat("a:: ", kMany) + "b()\n"), "ok");
  EXPECT_EQ(code_of("x " + repeat("a \"b\" ", kMany) + "{}\n"), "ok");
  EXPECT_EQ(code_of(repeat("a {}\n", kMany)), "ok");
  EXPECT_EQ(code_of("x = <<A\n" + repeat("A b\n ${c}\n", kMany) + "A\n"), "ok");
  EXPECT_EQ(code_of("x = <<-A\n" + repeat("  A$${b}\n", kMany) + "  A\n"), "ok");
}

TEST(HclHostile, UnclosedThingsEndTheWork) {
  for (const std::string_view unit : {"\"", "a = <<A\n", "/*", "# ", "${", "%{", "\"${\"", "a = \"\n", "a = [\n", "}",
                                      "<<A\n", "a = <<A\n${", "a\"", "\\", "\r", "'", "1.", "1..", "a = 1e"}) {
    EXPECT_NE(code_of("x = " + repeat(unit, kMany)), "") << unit;
    EXPECT_NE(code_of(repeat(unit, kMany)), "") << unit;
  }
}

TEST(HclHostile, ManyAttributesOfOneName) {
  Parsed parsed(repeat("a = 1\n", 20'000));
  EXPECT_EQ(parsed.file().attributes.size(), 1U);
  EXPECT_EQ(parsed.diagnostics.size(), 19'999U);
}

TEST(HclHostile, NoNestingAllowedAtAll) {
  Parsed parsed("a = 1\n");
  parsed.limits.nesting = 0;
  static_cast<void>(parsed.file());
  EXPECT_EQ(parsed.code(), "hcl-nesting");
}

}  // namespace
}  // namespace gabion::syntax::hcl
