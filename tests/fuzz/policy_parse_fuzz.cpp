// fuzz: iam
// Any bytes as the text of a policy; the byte 0x7F stands for an unknown text. Reading ends and says when something is
// missing, the validator judges whatever was read, for every use, and judges it the same way twice.
#include <cstdint>
#include <string_view>
#include <vector>

#include "iam/decide.h"
#include "iam/validate.h"
#include "input.h"

namespace {

using gabion::fuzz::require;

namespace iam = gabion::iam;
using gabion::eval::Truth;

void check(const iam::PolicyReading& reading, iam::PolicyUse use) {
  const std::vector<iam::PolicyProblem> problems = iam::validate(reading, use);
  const std::vector<iam::PolicyProblem> again = iam::validate(reading, use);
  require(problems.size() == again.size());
  for (std::size_t i = 0; i < problems.size(); ++i) {
    require(!problems[i].what.code.empty() && !problems[i].what.message.empty());
    require(problems[i].what.message == again[i].what.message);
    if (problems[i].fix) {
      require(problems[i].fix->from != problems[i].fix->to);
      (void)iam::edit_of(*problems[i].fix, problems[i].fix->from);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMaxSize = 8000;
  if (size > kMaxSize) {
    return 0;
  }
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<gabion::syntax::json::Piece> pieces;
  std::vector<iam::Hole> holes;
  while (!text.empty()) {
    const std::size_t end = text.find('\x7F');
    gabion::syntax::json::Piece piece;
    piece.text = text.substr(0, end);
    pieces.push_back(piece);
    if (end == std::string_view::npos) {
      break;
    }
    text.remove_prefix(end + 1);
    gabion::syntax::json::Piece open;
    open.hole = static_cast<std::int32_t>(holes.size());
    pieces.push_back(open);
    holes.push_back(iam::Hole{.name = "hole." + std::to_string(holes.size() % 3), .literal = holes.size() % 2 == 0});
  }
  const iam::PolicyReading reading = iam::read_policy_json(pieces, holes);
  require(!reading.documents.empty() || reading.complete != Truth::kYes);
  for (int use = 0; use <= static_cast<int>(iam::PolicyUse::kSecret); ++use) {
    check(reading, static_cast<iam::PolicyUse>(use));
  }
  iam::Request request;
  request.principal = "arn:aws:iam::111122223333:user/bob";
  request.action = "s3:GetObject";
  request.resource = "arn:aws:s3:::b/k";
  for (const iam::PolicyDocument& document : reading.documents) {
    require(document.visible_size <= document.compact_size);
    for (const iam::PolicyKind kind :
         {iam::PolicyKind::kIdentity, iam::PolicyKind::kResource, iam::PolicyKind::kTrust}) {
      (void)iam::judge(document, kind, request);
    }
  }
  return 0;
}
