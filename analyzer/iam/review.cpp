#include "iam/review.h"

#include <algorithm>
#include <array>

#include "iam/compare.h"

namespace gabion::iam {

namespace {

/// Steps for one question of a review: there are many of them, and a remark is no must.
constexpr std::uint64_t kSteps = 50'000;

/// The document with some statements alone, each as an Allow: what it allows is what they match.
PolicyDocument only(const PolicyDocument& document, const std::vector<std::size_t>& statements) {
  PolicyDocument out;
  out.version = document.version;
  for (const std::size_t index : statements) {
    out.statements.push_back(document.statements[index]);
    out.statements.back().effect = Effect::kAllow;
    out.statements.back().index = out.statements.size() - 1;
  }
  return out;
}

PolicyDocument of_effect(const PolicyDocument& document, Effect effect) {
  std::vector<std::size_t> statements;
  for (std::size_t i = 0; i < document.statements.size(); ++i) {
    if (document.statements[i].effect == effect) {
      statements.push_back(i);
    }
  }
  PolicyDocument out = only(document, statements);
  out.open = document.open;
  return out;
}

std::string numbers(const std::vector<std::size_t>& statements) {
  std::string out = statements.size() == 1 ? "statement " : "statements ";
  for (std::size_t i = 0; i < statements.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == statements.size() ? " and " : ", ") + std::to_string(statements[i] + 1);
  }
  return out;
}

/// Reviews one document.
class Reviewer {
 public:
  Reviewer(const PolicyDocument& document, PolicyKind kind, Assumptions assumptions)
      : document_(document), kind_(kind), assumptions_(std::move(assumptions)) {
    assumptions_.steps = std::min(assumptions_.steps, kSteps);
  }

  std::vector<Remark> run() {
    const std::size_t count = document_.statements.size();
    std::vector<Remark> out;
    std::vector<bool> idle(count, false);  // says nothing, so it covers nothing for the others
    for (std::size_t i = 0; i < count; ++i) {
      const Effect effect = document_.statements[i].effect;
      if (effect != Effect::kAllow && effect != Effect::kDeny) {
        idle[i] = true;
        continue;
      }
      if (std::optional<Remark> remark = never_matches(i)) {
        idle[i] = true;
        out.push_back(std::move(*remark));
      }
    }
    // From the last one on: of equal statements the first one stays.
    for (std::size_t i = count; i-- > 0;) {
      if (idle[i]) {
        continue;
      }
      const Effect effect = document_.statements[i].effect;
      if (std::optional<Remark> remark = covered(i, others(i, effect, idle), RemarkKind::kRedundant)) {
        idle[i] = true;
        out.push_back(std::move(*remark));
      } else if (effect == Effect::kAllow) {
        if (std::optional<Remark> shadow = covered(i, others(i, Effect::kDeny, idle), RemarkKind::kShadowed)) {
          out.push_back(std::move(*shadow));
        }
      }
    }
    std::ranges::stable_sort(out, {}, &Remark::statement);
    return out;
  }

 private:
  [[nodiscard]] Proof can_match(const Statement& statement) const {
    PolicyDocument document;
    document.version = document_.version;
    document.statements.push_back(statement);
    document.statements.back().effect = Effect::kAllow;
    document.statements.back().index = 0;
    return prove_never_allows(document, kind_, Formula(), assumptions_);
  }

  std::optional<Remark> never_matches(std::size_t index) const {
    const Statement& statement = document_.statements[index];
    const Proof proof = can_match(statement);
    if (proof.answer != Truth::kYes) {
      return std::nullopt;
    }
    Remark out;
    out.kind = RemarkKind::kNeverMatches;
    out.statement = index;
    out.region = statement.region;
    out.assumed = proof.assumed;
    Statement unconditional = statement;
    unconditional.conditions.clear();
    if (statement.conditions.empty() || can_match(unconditional).answer == Truth::kYes) {
      out.because = "no request can match its elements";
      return out;
    }
    // Conditions that are not needed for the contradiction are left out one by one.
    Statement core = statement;
    for (std::size_t i = 0; i < statement.conditions.size(); ++i) {
      out.conditions.push_back(i);
    }
    for (std::size_t i = statement.conditions.size(); i-- > 0;) {
      Statement fewer = core;
      fewer.conditions.erase(fewer.conditions.begin() + static_cast<std::ptrdiff_t>(i));
      const Proof without = can_match(fewer);
      if (without.answer == Truth::kYes) {
        core = std::move(fewer);
        out.conditions.erase(out.conditions.begin() + static_cast<std::ptrdiff_t>(i));
        out.assumed = without.assumed;
      }
    }
    std::string names;
    for (std::size_t i = 0; i < core.conditions.size(); ++i) {
      const Condition& condition = core.conditions[i];
      names += (i == 0                            ? ""
                : i + 1 == core.conditions.size() ? " and "
                                                  : ", ") +
               condition.operator_text.str() + " on " + condition.key.str();
    }
    out.because = core.conditions.size() == 1 ? "its condition " + names + " can never hold"
                                              : "its conditions " + names + " can never hold together";
    if (core.conditions.front().region.valid()) {
      out.region = core.conditions.front().region;
    }
    return out;
  }

  [[nodiscard]] std::vector<std::size_t> others(std::size_t index, Effect effect, const std::vector<bool>& idle) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < document_.statements.size(); ++i) {
      if (i != index && !idle[i] && document_.statements[i].effect == effect) {
        out.push_back(i);
      }
    }
    return out;
  }

  /// Is everything that the statement matches matched by the others? Then by as few of them as possible.
  std::optional<Remark> covered(std::size_t index, std::vector<std::size_t> by, RemarkKind kind) const {
    if (by.empty()) {
      return std::nullopt;
    }
    const PolicyDocument one = only(document_, {index});
    const auto is_covered = [&](const std::vector<std::size_t>& statements) {
      return compare(only(document_, statements), one, kind_, assumptions_);
    };
    Proof proof = is_covered(by);
    if (proof.answer != Truth::kYes) {
      return std::nullopt;
    }
    // One alone, as it mostly is; otherwise those are left out that are not needed.
    bool alone = by.size() == 1;
    for (std::size_t i = 0; i < by.size() && !alone; ++i) {
      Proof single = is_covered({by[i]});
      if (single.answer == Truth::kYes) {
        by = {by[i]};
        proof = std::move(single);
        alone = true;
      }
    }
    for (std::size_t i = by.size(); i-- > 0 && !alone;) {
      std::vector<std::size_t> fewer = by;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      Proof without = is_covered(fewer);
      if (without.answer == Truth::kYes) {
        by = std::move(fewer);
        proof = std::move(without);
      }
    }
    Remark out;
    out.kind = kind;
    out.statement = index;
    out.region = document_.statements[index].region;
    out.assumed = std::move(proof.assumed);
    if (kind == RemarkKind::kShadowed) {
      out.because = "all that it allows is denied by " + numbers(by);
    } else {
      out.because = "all that it matches is matched by " + numbers(by) + " too";
    }
    out.by = std::move(by);
    return out;
  }

  const PolicyDocument& document_;
  PolicyKind kind_;
  Assumptions assumptions_;
};

}  // namespace

std::string_view name(RemarkKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"never-matches", "redundant", "shadowed"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<Remark> review(const PolicyDocument& document, PolicyKind kind, const Assumptions& assumptions) {
  return Reviewer(document, kind, assumptions).run();
}

Equivalence compare_both(const PolicyDocument& old, const PolicyDocument& changed, PolicyKind kind,
                         const Assumptions& assumptions) {
  Equivalence out;
  out.gained = compare(old, changed, kind, assumptions);
  out.lost = compare(changed, old, kind, assumptions);
  const PolicyDocument old_denies = of_effect(old, Effect::kDeny);
  const PolicyDocument new_denies = of_effect(changed, Effect::kDeny);
  out.newly_denied = compare(old_denies, new_denies, kind, assumptions);
  out.no_longer_denied = compare(new_denies, old_denies, kind, assumptions);
  out.newly_denied.because = out.newly_denied.answer == Truth::kYes  ? "nothing is denied that was not denied before"
                             : out.newly_denied.answer == Truth::kNo ? "the request was not explicitly denied before"
                                                                     : out.newly_denied.because;
  out.no_longer_denied.because = out.no_longer_denied.answer == Truth::kYes ? "everything that was denied still is"
                                 : out.no_longer_denied.answer == Truth::kNo
                                     ? "the request is no longer explicitly denied"
                                     : out.no_longer_denied.because;
  out.lost.because = out.lost.answer == Truth::kYes  ? "everything that was allowed still is"
                     : out.lost.answer == Truth::kNo ? "the request is no longer allowed"
                                                     : out.lost.because;
  out.equivalent = Truth::kYes;
  for (const Proof* proof : {&out.gained, &out.lost, &out.newly_denied, &out.no_longer_denied}) {
    if (proof->answer == Truth::kNo) {
      out.equivalent = Truth::kNo;
    } else if (proof->answer == Truth::kUnknown && out.equivalent == Truth::kYes) {
      out.equivalent = Truth::kUnknown;
    }
  }
  return out;
}

}  // namespace gabion::iam
