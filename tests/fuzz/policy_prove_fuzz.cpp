// fuzz: iam
// Any bytes as a policy, a formula and a request: reading ends and loses nothing silently, decisions and proofs agree.
// The first line is the formula, the second the request's action, resource and principal by tabs, the rest the policy;
// the byte 0x7F stands for an unknown text.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/compare.h"
#include "iam/prove.h"
#include "iam/review.h"
#include "input.h"

namespace {

using gabion::fuzz::require;

using namespace std::string_view_literals;
using gabion::eval::Truth;
namespace iam = gabion::iam;

/// Unknown texts of a policy are as many different ones.
constexpr std::size_t kHoleNames = 3;

/// Takes the text up to the separator.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return out;
}

/// A remark says that a statement does nothing, so the request is decided the same without it.
void check_remarks(const iam::PolicyDocument& document, iam::PolicyKind kind, const iam::Request& request) {
  iam::Assumptions assumptions;
  assumptions.aws = false;
  assumptions.steps = 300;
  const std::vector<iam::Remark> remarks = iam::review(document, kind, assumptions).remarks;
  const bool real = request.action == "s3:GetObject" && request.resource == "arn:aws:s3:::b/k";
  if (!real || !document.holes().empty()) {
    return;
  }
  iam::PolicyDocument fewer = document;
  std::erase_if(fewer.statements, [&](const iam::Statement& statement) {
    return std::any_of(remarks.begin(), remarks.end(),
                       [&](const iam::Remark& remark) { return remark.statement == statement.index; });
  });
  require(iam::decide(fewer, kind, request) == iam::decide(document, kind, request));
}

/// Known texts only: what decide() says without holes must fit what is proved.
void check_against(const iam::PolicyDocument& document, iam::PolicyKind kind, const iam::Formula& formula,
                   const iam::Request& request) {
  iam::Assumptions assumptions;
  assumptions.aws = false;
  assumptions.steps = 3000;
  const iam::Proof denies = iam::prove_denies(document, kind, formula, assumptions);
  const iam::Proof never = iam::prove_never_allows(document, kind, formula, assumptions);
  const bool holds = iam::holds(formula, request);
  const iam::Decision decision = iam::decide(document, kind, request);
  // Requests outside of what exists (odd actions, resources, callers) are not what proofs are about.
  const bool real = request.action == "s3:GetObject" && request.resource == "arn:aws:s3:::b/k";
  if (document.holes().empty()) {
    require(!(real && holds && denies.answer == Truth::kYes && decision != iam::Decision::kExplicitlyDenied));
    require(!(real && holds && never.answer == Truth::kYes && decision == iam::Decision::kAllowed));
    if (denies.answer == Truth::kNo) {
      require(iam::decide(document, kind, *denies.witness) != iam::Decision::kExplicitlyDenied);
      require(iam::holds(formula, *denies.witness));
    }
    if (never.answer == Truth::kNo) {
      require(iam::decide(document, kind, *never.witness) == iam::Decision::kAllowed);
      require(iam::holds(formula, *never.witness));
    }
  }
  require(iam::compare(document, document, kind, assumptions).answer != Truth::kNo);
  assumptions.aws = true;
  const iam::Proof in_aws = iam::prove_never_allows(document, kind, formula, assumptions);
  if (document.holes().empty() && in_aws.answer == Truth::kNo) {
    require(iam::decide(document, kind, *in_aws.witness) == iam::Decision::kAllowed);
    require(never.answer != Truth::kYes);  // fewer requests cannot allow more
  }
  check_remarks(document, kind, request);
}

/// Could all unknown texts of the policy be names of roles and users? Others would make it no policy.
bool may_be_names(const iam::PolicyDocument& document) {
  const auto known = [](const iam::Text& text) { return text.known(); };
  return (!document.version || document.version->known()) &&
         std::all_of(document.statements.begin(), document.statements.end(), [&](const iam::Statement& statement) {
           const auto names = [&](const iam::PrincipalSet& set) {
             return std::all_of(set.identifiers.begin(), set.identifiers.end(), [&](const iam::Identifier& one) {
               return one.value.known() || (one.type == "AWS" && one.value.segments().size() == 1);
             });
           };
           const auto whole = [&](const iam::TextList& list) {
             return std::all_of(list.items.begin(), list.items.end(),
                                [&](const iam::Text& text) { return known(text) || text.segments().size() == 1; });
           };
           return std::all_of(statement.actions.items.begin(), statement.actions.items.end(), known) &&
                  std::all_of(statement.not_actions.items.begin(), statement.not_actions.items.end(), known) &&
                  names(statement.principals) && names(statement.not_principals) && whole(statement.resources) &&
                  whole(statement.not_resources);
         });
}

/// The policy with every unknown text turned out to be one of these.
std::optional<iam::PolicyDocument> filled(std::string_view text, std::size_t first) {
  static constexpr std::array kTexts{"arn:aws:iam::111122223333:role/r"sv, "arn:aws:iam::444455556666:user/u"sv};
  std::string known;
  std::size_t holes = 0;
  while (!text.empty()) {
    const bool hole = text.find('\x7F') != std::string_view::npos;
    known += take(text, '\x7F');
    if (hole) {
      known += kTexts[(first + holes++ % kHoleNames) % kTexts.size()];
    }
  }
  iam::PolicyReading reading = iam::read_policy_json(known);
  return reading.complete == Truth::kYes && reading.documents.size() == 1 && reading.diagnostics.empty()
             ? std::optional(std::move(reading.documents.front()))
             : std::nullopt;
}

/// What is sure of a policy with unknown texts is so whatever they turn out to be.
void check_filled(const iam::PolicyDocument& document, const iam::PolicyDocument& known, iam::PolicyKind kind,
                  const iam::Formula& formula) {
  for (const bool aws : {false, true}) {
    iam::Assumptions assumptions;
    assumptions.aws = aws;
    assumptions.steps = 3000;
    const auto agree = [](const iam::Proof& open, const iam::Proof& closed) {
      require(open.answer == Truth::kUnknown || closed.answer == Truth::kUnknown || open.answer == closed.answer);
    };
    agree(iam::prove_denies(document, kind, formula, assumptions),
          iam::prove_denies(known, kind, formula, assumptions));
    agree(iam::prove_never_allows(document, kind, formula, assumptions),
          iam::prove_never_allows(known, kind, formula, assumptions));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMaxSize = 2000;
  if (size > kMaxSize) {
    return 0;
  }
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string formula_text(take(text, '\n'));
  std::string_view request_text = take(text, '\n');
  const std::string_view policy_text = text;
  std::vector<gabion::syntax::json::Piece> pieces;
  std::vector<iam::Hole> holes;
  while (!text.empty()) {
    const bool hole = text.find('\x7F') != std::string_view::npos;
    gabion::syntax::json::Piece piece;
    piece.text = take(text, '\x7F');
    pieces.push_back(piece);
    if (hole) {
      gabion::syntax::json::Piece open;
      open.hole = static_cast<std::int32_t>(holes.size());
      pieces.push_back(open);
      holes.push_back(
          iam::Hole{.name = "hole." + std::to_string(holes.size() % kHoleNames), .literal = holes.size() % 2 == 0});
    }
  }
  const iam::PolicyReading reading = iam::read_policy_json(pieces, holes);
  const iam::ParsedFormula parsed = iam::read_formula(formula_text);
  require(parsed.formula.has_value() != !parsed.error.empty());
  if (reading.documents.empty()) {
    require(reading.complete != Truth::kYes);
    return 0;
  }
  iam::Request request;
  request.action = "s3:GetObject";
  request.resource = "arn:aws:s3:::b/k";
  request.principal = "arn:aws:iam::111122223333:user/bob";
  const std::string_view action = take(request_text, '\t');
  const std::string_view resource = take(request_text, '\t');
  if (!action.empty()) {
    request.action = std::string(action);
    request.resource = std::string(resource);
  }
  const iam::Formula formula = parsed.formula.value_or(iam::Formula());
  for (const iam::PolicyKind kind : {iam::PolicyKind::kIdentity, iam::PolicyKind::kResource, iam::PolicyKind::kTrust}) {
    (void)iam::judge(reading.documents.front(), kind, request);
    check_against(reading.documents.front(), kind, formula, request);
    // Mistakes are read as what they may have been meant to be: other texts, other mistakes.
    const bool sound =
        reading.complete == Truth::kYes && reading.diagnostics.empty() && may_be_names(reading.documents.front());
    for (std::size_t first = 0; sound && !holes.empty() && first < 2; ++first) {
      if (const auto known = filled(policy_text, first)) {
        check_filled(reading.documents.front(), *known, kind, formula);
      }
    }
  }
  return 0;
}
