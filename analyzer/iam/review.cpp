#include "iam/review.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "aws/resource_patterns.h"
#include "iam/compare.h"
#include "iam/decide.h"

namespace gabion::iam {

namespace {

/// Steps for one question of a review: there are many of them, and a remark is no must.
constexpr std::uint64_t kSteps = 50'000;

/// Texts of statements in all questions of a review together: what preparing a question costs goes with them.
constexpr std::size_t kMostTexts = 20'000;

std::size_t texts_of(const Statement& statement) {
  std::size_t out = statement.actions.items.size() + statement.not_actions.items.size() +
                    statement.resources.items.size() + statement.not_resources.items.size() +
                    statement.principals.identifiers.size() + statement.not_principals.identifiers.size();
  for (const Condition& condition : statement.conditions) {
    out += 1 + condition.values.items.size();
  }
  return out;
}

bool has_holes(const Statement& statement) {
  const auto open = [](const TextList& list) {
    return std::ranges::any_of(list.items, [](const Text& text) { return !text.known(); });
  };
  const auto open_set = [](const PrincipalSet& set) {
    return std::ranges::any_of(set.identifiers, [](const Identifier& one) { return !one.value.known(); });
  };
  return statement.open || open(statement.actions) || open(statement.not_actions) || open(statement.resources) ||
         open(statement.not_resources) || open_set(statement.principals) || open_set(statement.not_principals) ||
         std::ranges::any_of(statement.conditions, [&](const Condition& condition) {
           return !condition.operator_text.known() || !condition.key.known() || open(condition.values);
         });
}

/// A pattern that covers at least what the text matches: a star for holes and policy variables.
std::string widened(const Text& text) {
  std::string out;
  for (const Segment& segment : text.segments()) {
    out += segment.is_hole ? "*" : segment.text;
  }
  for (std::size_t at = out.find("${"); at != std::string::npos; at = out.find("${", at + 1)) {
    const std::size_t end = out.find('}', at);
    out.replace(at, end == std::string::npos ? std::string::npos : end - at + 1, "*");
  }
  return out;
}

/// Can some text be in both lists? Letters of any case count as equal: that errs on the safe side.
bool may_overlap(const TextList& a, const TextList& b) {
  if (!a.present || !b.present) {
    return true;
  }
  return std::ranges::any_of(a.items, [&](const Text& one) {
    const std::string left = fold_case(widened(one));
    return std::ranges::any_of(
        b.items, [&](const Text& other) { return aws::patterns_overlap(left, fold_case(widened(other))); });
  });
}

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

/// Reviews one document. Most statements are told apart by one request that each of them matches and no other does;
/// only where that fails is the prover asked about several statements, within a budget.
class Reviewer {
 public:
  Reviewer(const PolicyDocument& document, PolicyKind kind, Assumptions assumptions)
      : document_(document), kind_(kind), assumptions_(std::move(assumptions)), samples_(document.statements.size()) {
    assumptions_.steps = std::min(assumptions_.steps, kSteps);
    std::ranges::transform(document.statements, std::back_inserter(open_), has_holes);
  }

  Review run() {
    const std::size_t count = document_.statements.size();
    Review out;
    std::vector<bool> idle(count, false);  // says nothing, so it covers nothing for the others
    for (std::size_t i = 0; i < count; ++i) {
      const Effect effect = document_.statements[i].effect;
      if (effect != Effect::kAllow && effect != Effect::kDeny) {
        idle[i] = true;
        continue;
      }
      if (std::optional<Remark> remark = never_matches(i)) {
        idle[i] = true;
        out.remarks.push_back(std::move(*remark));
      }
    }
    // From the last one on: of equal statements the first one stays.
    for (std::size_t i = count; i-- > 0;) {
      if (idle[i]) {
        continue;
      }
      const Effect effect = document_.statements[i].effect;
      gave_up_ = false;
      if (std::optional<Remark> remark = covered(i, others(i, effect, idle), RemarkKind::kRedundant)) {
        idle[i] = true;
        gave_up_ = false;
        out.remarks.push_back(std::move(*remark));
      } else if (effect == Effect::kAllow) {
        if (std::optional<Remark> shadow = covered(i, others(i, Effect::kDeny, idle), RemarkKind::kShadowed)) {
          out.remarks.push_back(std::move(*shadow));
        }
      }
      if (gave_up_) {
        out.unfinished.push_back(i);
      }
    }
    std::ranges::stable_sort(out.remarks, {}, &Remark::statement);
    std::ranges::sort(out.unfinished);
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

  std::optional<Remark> never_matches(std::size_t index) {
    const Statement& statement = document_.statements[index];
    const Proof proof = can_match(statement);
    if (proof.answer != Truth::kYes) {
      samples_[index] = proof.witness;
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

  [[nodiscard]] bool matched_by(std::size_t index, const Request& request) const {
    return open_[index] || matches(document_.statements[index], document_, kind_, request);
  }

  /// Can some request be matched by both statements, as far as their actions and resources tell?
  [[nodiscard]] bool may_meet(std::size_t a, std::size_t b) const {
    const Statement& left = document_.statements[a];
    const Statement& right = document_.statements[b];
    return may_overlap(left.actions, right.actions) && may_overlap(left.resources, right.resources);
  }

  /// Do these statements match all that one statement matches? Unknown when that needs too much work.
  Proof ask(std::size_t index, const std::vector<std::size_t>& by) {
    std::size_t texts = texts_of(document_.statements[index]);
    for (const std::size_t other : by) {
      texts += texts_of(document_.statements[other]);
    }
    if (texts > texts_left_) {
      texts_left_ = 0;
      gave_up_ = true;
      return {};
    }
    texts_left_ -= texts;
    Proof proof = compare(only(document_, by), only(document_, {index}), kind_, assumptions_);
    gave_up_ = gave_up_ || (proof.answer == Truth::kUnknown && proof.holes.empty());
    return proof;
  }

  /// Is everything that the statement matches matched by the others? Then by as few of them as possible.
  std::optional<Remark> covered(std::size_t index, std::vector<std::size_t> by, RemarkKind kind) {
    // Requests that the statement matches: one that no other matches settles it.
    std::vector<Request> samples;
    if (samples_[index] && !open_[index]) {
      samples.push_back(*samples_[index]);
    }
    const auto settled = [&](const Request& sample) {
      return std::ranges::none_of(by, [&](std::size_t other) { return matched_by(other, sample); });
    };
    if (by.empty() || std::ranges::any_of(samples, settled)) {
      return std::nullopt;
    }
    std::optional<Proof> proof;
    // One alone, as it mostly is.
    for (const std::size_t other : by) {
      if (!std::ranges::all_of(samples, [&](const Request& sample) { return matched_by(other, sample); }) ||
          (samples.empty() && !may_meet(index, other))) {
        continue;
      }
      Proof single = ask(index, {other});
      if (single.answer == Truth::kYes) {
        by = {other};
        proof = std::move(single);
        break;
      }
      if (single.witness && !open_[index] && !open_[other]) {
        if (settled(*single.witness)) {
          return std::nullopt;
        }
        samples.push_back(std::move(*single.witness));
      }
    }
    if (!proof) {
      std::erase_if(by, [&](std::size_t other) { return !may_meet(index, other); });
      if (by.size() < 2) {
        return std::nullopt;
      }
      proof = ask(index, by);
      if (proof->answer != Truth::kYes) {
        return std::nullopt;
      }
      for (std::size_t i = by.size(); i-- > 0 && by.size() > 2;) {
        std::vector<std::size_t> fewer = by;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        Proof without = ask(index, fewer);
        if (without.answer == Truth::kYes) {
          by = std::move(fewer);
          proof = std::move(without);
        }
      }
    }
    Remark out;
    out.kind = kind;
    out.statement = index;
    out.region = document_.statements[index].region;
    out.assumed = std::move(proof->assumed);
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
  std::vector<std::optional<Request>> samples_;  ///< a request that each statement matches
  std::vector<bool> open_;                       ///< what the statement matches is not all known
  std::size_t texts_left_ = kMostTexts;
  bool gave_up_ = false;
};

}  // namespace

std::string_view name(RemarkKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"never-matches", "redundant", "shadowed"};
  return kNames[static_cast<std::size_t>(kind)];
}

Review review(const PolicyDocument& document, PolicyKind kind, const Assumptions& assumptions) {
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
