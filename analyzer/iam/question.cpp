#include "iam/question.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "iam/answer_memo.h"
#include "iam/bearing.h"
#include "iam/expectation.h"
#include "iam/grounding.h"
#include "iam/key_facts.h"
#include "iam/narrowing.h"
#include "iam/principal.h"
#include "iam/problem.h"
#include "iam/solver.h"

namespace gabion::iam {

namespace {

/// What is taken for granted in one round of the search.
struct Given {
  const Surveyed* surveyed = nullptr;          ///< the question itself
  const Bearing* bearing = nullptr;            ///< what its formula says
  std::span<const Subject::Either> callers{};  ///< what that says of every caller
  std::vector<const Fact*> facts{};
  bool aws_keys = true;
  std::vector<std::string> without{};
  OpenPoints alternatives{};
  /// For sure answers about callers that may be somebody unknown: what a witness must be like, holes as ground texts.
  std::optional<std::vector<const Fact*>> of_witness{};
};

/// Does the fact say what the caller's own keys hold?
bool is_about_callers(const Fact& fact) {
  return fact.name == kCallerArnFact || fact.name == kCallerAccountFact;
}

/// A problem with its root node.
struct Posed {
  Posed(const Question& question, const Given& given) : problem(input(question, given)) {
    std::vector<NodeId> parts;
    for (const Formula* part : given.bearing->parts) {
      parts.push_back(problem.formula(*part));
    }
    if (given.bearing->tells_callers_apart) {
      problem.make_candidates();
    }
    switch (question.goal) {
      case Goal::kNotDenied:
        parts.push_back(problem.negate(problem.denied(question.documents, question.kind)));
        break;
      case Goal::kAllowed:
        parts.push_back(problem.allowed(question.documents, question.kind));
        break;
      case Goal::kNewlyAllowed:
        parts.push_back(problem.allowed(question.documents, question.kind));
        parts.push_back(problem.negate(problem.allowed(question.before, question.kind)));
        break;
      case Goal::kAllowedByBoth:
        parts.push_back(problem.allowed(question.documents, question.kind));
        parts.push_back(problem.allowed(question.before, question.kind));
        break;
    }
    for (const Fact* fact : given.facts) {
      if (fact->name == kCallerArnFact) {
        parts.push_back(problem.sessions_of_roles());
      }
      if (is_about_callers(*fact)) {
        callers.push_back(fact);
      } else {
        parts.push_back(problem.formula(fact->formula));
      }
    }
    common = problem.all(std::move(parts));
    pose(given.of_witness.has_value());
  }

  /// `sure`: for sure answers about callers that may be somebody unknown.
  void pose(bool sure) {
    std::vector<NodeId> parts{common};
    if (sure && !callers.empty()) {
      parts.push_back(problem.caller_keys(callers));
    } else {
      for (const Fact* fact : callers) {
        parts.push_back(problem.formula(fact->formula));
      }
    }
    root = problem.all(std::move(parts));
  }

  static ProblemInput input(const Question& question, const Given& given) {
    ProblemInput out;
    out.surveyed = given.surveyed;
    out.callers = given.callers;
    out.facts = given.facts;
    out.keys = question.assumptions->keys;
    out.aws_keys = given.aws_keys;
    out.without = given.without;
    out.alternatives = given.alternatives;
    return out;
  }

  Problem problem;
  std::vector<const Fact*> callers;  ///< facts about what the callers' own keys hold
  NodeId common = 0;                 ///< all but these
  NodeId root = 0;
};

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Ground texts back to the names of their holes.
void name_holes(Request& request, const HoleTable& holes) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const HoleTable::Entry& entry : holes.entries) {
    names.emplace_back(entry.ground, "{" + entry.hole.name + "}");
  }
  std::ranges::sort(names, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  const auto rename = [&](std::string& text) {
    // In two steps, so that names which contain other ground texts are left alone.
    std::vector<std::pair<std::string, const std::string*>> found;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (text.find(names[i].first) != std::string::npos) {
        found.emplace_back('\1' + std::to_string(i) + '\2', &names[i].second);
        replace_all(text, names[i].first, found.back().first);
      }
    }
    for (const auto& [mark, name] : found) {
      replace_all(text, mark, *name);
    }
  };
  rename(request.principal);
  rename(request.action);
  rename(request.resource);
  for (auto& [key, value] : request.context) {
    std::ranges::for_each(value.values, rename);
  }
}

/// A caller that stands for many takes the identity that the keys of the request give it.
void align_caller(Request& request) {
  const Caller caller = read_caller(request.principal);
  const auto value = [&](std::string_view key) -> std::string {
    const auto found = request.context.find(key);
    return found == request.context.end() || found->second.values.size() != 1 ? "" : found->second.values.front();
  };
  const Caller named = read_caller(value("aws:PrincipalArn"));
  if (caller.type == named.type && named.type != PrincipalType::kAnonymous) {
    request.principal = named.text;
  } else if (caller.type == PrincipalType::kSession && named.type == PrincipalType::kRole) {
    request.principal =
        "arn:" + named.partition + ":sts::" + named.account + ":assumed-role/" + named.name + "/session";
  } else if (const std::string account = value("aws:PrincipalAccount");
             account.size() == 12 && !caller.account.empty() && account != caller.account) {
    replace_all(request.principal, ":" + caller.account + ":", ":" + account + ":");
  }
}

/// A question in one round of taking things for granted, and what came out.
class Round {
 public:
  Round(const Question& question, const Given& given) : question_(question), given_(given), posed_(question, given) {}

  [[nodiscard]] const Problem& problem() const { return posed_.problem; }

  /// The same question and facts, for sure answers about callers that may be somebody unknown.
  void look_for_sure(std::vector<const Fact*> of_witness) {
    given_.of_witness = std::move(of_witness);
    posed_.pose(true);
  }

  /// kNo: there is no counterexample whatever the holes are.
  Found search(Search kind) { return search(kind, false, question_.assumptions->steps); }
  /// The same with at most so many steps.
  Found search_briefly(Search kind, std::uint64_t steps) {
    return search(kind, false, std::min(steps, question_.assumptions->steps));
  }
  /// The same where nobody looks at the request.
  Found is_there(Search kind) { return search(kind, true, question_.assumptions->steps); }

  [[nodiscard]] bool out_of_steps() const { return solution_.out_of_steps; }

  /// The request found, when decide() agrees that it is a counterexample.
  [[nodiscard]] std::optional<Request> confirmed() const {
    if (solution_.found != Found::kYes) {
      return std::nullopt;
    }
    Request aligned = solution_.request;
    if (solution_.generic_caller) {
      if (std::optional<Request> named = by_named_caller()) {
        return named;
      }
      align_caller(aligned);
      if (aligned != solution_.request && is_counterexample(aligned, given_.alternatives)) {
        return aligned;
      }
    }
    return is_counterexample(solution_.request, given_.alternatives) ? std::optional(solution_.request) : std::nullopt;
  }

  /// The same request by somebody whom the policy names, whom people know: not denied is what anybody may be.
  [[nodiscard]] std::optional<Request> by_named_caller() const {
    const auto says_who = [](const auto& entry) {
      return entry.first.starts_with("aws:Principal") || entry.first.starts_with("aws:user");
    };
    if (question_.goal != Goal::kNotDenied || std::ranges::any_of(solution_.request.context, says_who)) {
      return std::nullopt;
    }
    Request request = solution_.request;
    for (const std::string& principal : posed_.problem.survey().mentioned_by_name().principals) {
      request.principal = principal;
      const PrincipalType type = read_caller(principal).type;
      const bool person = type == PrincipalType::kUser || type == PrincipalType::kRole;
      if (person && is_counterexample(request, given_.alternatives)) {
        return request;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_counterexample(const Request& request, OpenPoints alternatives) const {
    const GroundQuestion& ground = ground_question();
    const auto decision = [&](const std::vector<const PolicyDocument*>& documents) {
      return decide_together(documents, question_.kind, request, alternatives);
    };
    if (!holds(*ground.formula, request)) {
      return false;
    }
    for (const Fact* fact : given_.of_witness ? *given_.of_witness : given_.facts) {
      if (!holds(fact->formula, request)) {
        return false;
      }
    }
    const Decision now = decision(ground.documents);
    switch (question_.goal) {
      case Goal::kNotDenied:
        return now != Decision::kExplicitlyDenied;
      case Goal::kAllowed:
        return now == Decision::kAllowed;
      case Goal::kNewlyAllowed:
        return now == Decision::kAllowed && decision(ground.before) != Decision::kAllowed;
      case Goal::kAllowedByBoth:
        return now == Decision::kAllowed && decision(ground.before) == Decision::kAllowed;
    }
    return false;
  }

  /// Index of the statement that lets the request through.
  [[nodiscard]] std::optional<std::size_t> statement(const Request& request) const {
    for (const PolicyDocument* document : ground_question().documents) {
      const PolicyDocument& ground = *document;
      const Effect wanted = question_.goal == Goal::kNotDenied ? Effect::kDeny : Effect::kAllow;
      for (const Statement& statement : ground.statements) {
        if (statement.effect != wanted) {
          continue;
        }
        if (wanted == Effect::kAllow) {
          if (matches(statement, ground, question_.kind, request)) {
            return statement.index;
          }
          continue;
        }
        // The Deny that is about such requests but for its other elements.
        Statement only_action = statement;
        only_action.conditions.clear();
        only_action.resources = {};
        only_action.not_resources = {};
        if (matches(only_action, ground, PolicyKind::kIdentity, request)) {
          return statement.index;
        }
      }
    }
    return std::nullopt;
  }

 private:
  Found search(Search kind, bool without_request, std::uint64_t steps) {
    solution_ = solve(posed_.problem, posed_.root,
                      {.search = kind,
                       .without_request = without_request,
                       .steps = steps,
                       .actions = question_.assumptions->actions});
    return solution_.found;
  }

  /// Made when a witness is first looked at: holes have their ground texts by then.
  [[nodiscard]] const GroundQuestion& ground_question() const {
    if (ground_ == nullptr) {
      ground_ = std::make_unique<GroundQuestion>(question_, posed_.problem.survey());
    }
    return *ground_;
  }

  const Question& question_;
  Given given_;
  Posed posed_;
  Solution solution_;
  mutable std::unique_ptr<GroundQuestion> ground_;
};

/// Keys of the formula and of the statement behind the answer that the request does not carry.
std::vector<std::string> absent_keys(const Question& question, const Request& request,
                                     std::optional<std::size_t> statement) {
  std::vector<std::string> keys;
  add_keys(*question.formula, keys);
  if (statement && question.documents.size() == 1 && *statement < question.documents[0]->statements.size()) {
    for (const Condition& condition : question.documents[0]->statements[*statement].conditions) {
      keys.push_back(condition.key.str());
    }
  }
  std::vector<std::string> out;
  for (const std::string& key : keys) {
    const bool known = std::ranges::any_of(out, [&](const std::string& one) { return equal_folded(one, key); });
    if (!known && !request.context.contains(key)) {
      out.push_back(key);
    }
  }
  return out;
}

std::vector<Hole> holes_of(const Question& question) {
  std::set<Hole> found;
  for (const std::vector<const PolicyDocument*>* list : {&question.documents, &question.before}) {
    for (const PolicyDocument* document : *list) {
      for (Hole& hole : document->holes()) {
        found.insert(std::move(hole));
      }
    }
  }
  return {found.begin(), found.end()};
}

void collect_holes(const Formula& formula, std::vector<Hole>& out) {
  for (const auto* list : {&formula.values, &formula.principal.accounts, &formula.principal.is}) {
    for (const Text& text : *list) {
      for (const Segment& segment : text.segments()) {
        if (segment.is_hole && std::ranges::find(out, *segment.hole) == out.end()) {
          out.push_back(*segment.hole);
        }
      }
    }
  }
  for (const Formula& child : formula.children) {
    collect_holes(child, out);
  }
}

/// May somebody be meant of whom not even the kind is known?
bool names_unknown_callers(const Formula& formula) {
  return std::ranges::any_of(formula.principal.is, [](const Text& one) { return !one.known(); }) ||
         std::ranges::any_of(formula.children, names_unknown_callers);
}

/// The yes: there is no counterexample.
Proof nothing_found(Goal goal) {
  Proof out;
  out.answer = Truth::kYes;
  switch (goal) {
    case Goal::kNotDenied:
      out.because = "every such request is explicitly denied";
      break;
    case Goal::kAllowed:
    case Goal::kAllowedByBoth:
      out.because = "no such request is allowed";
      break;
    case Goal::kNewlyAllowed:
      out.because = "nothing is allowed that was not allowed before";
      break;
  }
  return out;
}

/// The way from a question to its answer.
class Answerer {
 public:
  explicit Answerer(const Question& question) : question_(question) {
    Survey& survey = surveyed_.survey;
    for (const PolicyDocument* document : question.documents) {
      survey.add(*document, question.kind);
    }
    for (const PolicyDocument* document : question.before) {
      survey.add(*document, question.kind);
    }
    callers_ = Subject::callers_of(*question.formula);
    // Who is named by an unknown text may be a caller of any type.
    const bool types_known = !survey.names_unknown_callers() && !names_unknown_callers(*question.formula);
    const PrincipalTypes types = types_known ? Subject::types_of(callers_) : PrincipalTypes().set();
    // Facts that a yes hangs on are named from among all of them.
    bearing_ = question.assumptions->name_assumed ? whole(*question.formula)
                                                  : bearing(*question.formula, survey, types, *question.assumptions);
    for (const Formula* part : bearing_.parts) {
      survey.add(*part);
    }
    if (question.assumptions->aws) {
      find_facts(question.assumptions->name_assumed ? PrincipalTypes().set() : types);
    }
    const auto collect = [&](const std::vector<Fact>& aws, std::vector<const Fact*>& out) {
      for (const std::vector<Fact>* list : {&aws, &question.assumptions->facts}) {
        for (const Fact& fact : *list) {
          out.push_back(&fact);
        }
      }
    };
    // Where the caller's ARN or account is compared with known texts, an unknown caller may turn out to be one of
    // these: what its ground text says of the keys is a fact about a witness, but not about all requests.
    const std::vector<Fact>& grounded = all_named_ ? named_ : grounded_;
    collect(callers_compared_ ? named_ : grounded, facts_);
    if (callers_matter_) {
      collect(named_, named_facts_);
      collect(grounded, witness_facts_);
    }
    holes_ = holes_of(question);
    collect_holes(*question.formula, holes_);
  }

  Proof run() {
    if (holes_.size() > kMostHoles) {
      Proof out;
      out.because = "it has more than " + std::to_string(kMostHoles) + " unknown texts";
      return out;
    }
    if (question_.only_sure && !holes_.empty()) {
      Round sure(question_, surely(given()));
      return sure.search(Search::kSure) == Found::kYes ? no(sure) : Proof();
    }
    if (!holes_.empty()) {
      return run_with_holes();
    }
    Round round(question_, given());
    switch (const Found found = round.search(Search::kPossible)) {
      case Found::kNo:
        return yes(round);
      case Found::kYes:
        return no(round);
      default:
        return open(found, round.out_of_steps());
    }
  }

 private:
  /// Tokens and letters have room for twice as many, and each is compared with all others.
  static constexpr std::size_t kMostHoles = 10'000;

  /// A request that is possible shows nothing yet, and one that is sure is possible: where there probably is one, it is
  /// looked for first.
  Proof run_with_holes() {
    std::optional<Round> sure;
    bool sought = false;
    if (expects_no(question_)) {
      constexpr std::uint64_t kFewSteps = 20'000;
      sure.emplace(question_, surely(given()));
      if (sure->search_briefly(Search::kSure, kFewSteps) == Found::kYes) {
        return no(*sure);
      }
      sought = !sure->out_of_steps();
    }
    std::optional<Round> other;
    Round& round = sure && !callers_matter_ ? *sure : other.emplace(question_, given());
    const Found found = round.is_there(Search::kPossible);
    if (found == Found::kNo) {
      return yes(round);
    }
    bool out_of_steps = round.out_of_steps();
    if (!sought) {
      Round* last = &round;
      if (callers_matter_ && callers_compared_) {
        round.look_for_sure(witness_facts_);
      } else if (callers_matter_) {
        last = &sure.emplace(question_, surely(given()));
      }
      if (last->search(Search::kSure) == Found::kYes) {
        return no(*last);
      }
      out_of_steps = out_of_steps || last->out_of_steps();
    }
    return open(found, out_of_steps);
  }

  /// Neither a request nor a proof that there is none was found.
  [[nodiscard]] Proof open(Found found, bool out_of_steps) const {
    Proof out;
    out.holes = holes_;
    if (out_of_steps || found == Found::kGaveUp) {
      out.because = out_of_steps ? "the question needs more steps than are allowed"
                                 : "the values that would show it could not be found";
      return out;
    }
    out.because = "it depends on " + names(holes_);
    return out;
  }

  /// What AWS says about the keys of the question.
  void find_facts(PrincipalTypes callers) {
    const Survey& survey = surveyed_.survey;
    const std::vector<std::string_view> keys = survey.key_names();
    const auto facts_about = [&](const Mentioned& mentioned) {
      std::vector<Fact> facts = aws_facts(keys, mentioned, callers);
      std::erase_if(facts, [&](const Fact& fact) {
        return std::ranges::find(question_.assumptions->without, fact.name) != question_.assumptions->without.end();
      });
      return facts;
    };
    const auto uses = [&](const auto& how) {
      return std::ranges::any_of(std::array{"aws:principalarn", "aws:principalaccount"}, [&](auto key) {
        const auto use = survey.keys().find(key);
        return use != survey.keys().end() && how(use->second);
      });
    };
    callers_matter_ = uses([](const KeyUse&) { return true; });
    if (!callers_matter_) {
      grounded_ = facts_about(survey.mentioned());
      return;
    }
    const Mentioned& all = survey.mentioned();
    const Mentioned by_name = survey.mentioned_by_name();
    const bool somebody = !by_name.accounts.empty() || !by_name.principals.empty();
    callers_compared_ = uses([&](const KeyUse& use) { return !use.constants.empty() || somebody; });
    named_ = facts_about(by_name);
    all_named_ = by_name.accounts.size() == all.accounts.size() && by_name.principals.size() == all.principals.size();
    if (!all_named_) {
      grounded_ = facts_about(all);
    }
  }

  [[nodiscard]] Given given() const {
    Given out;
    out.surveyed = &surveyed_;
    out.bearing = &bearing_;
    out.callers = callers_;
    out.facts = facts_;
    out.aws_keys = question_.assumptions->aws;
    out.without = question_.assumptions->without;
    return out;
  }

  /// The same for a search that is sure of what it finds.
  [[nodiscard]] Given surely(Given given) const {
    if (!holes_.empty() && callers_matter_) {
      given.facts = named_facts_;
      given.of_witness = witness_facts_;
    }
    return given;
  }

  static std::string names(const std::vector<Hole>& holes) {
    std::string out;
    for (std::size_t i = 0; i < holes.size() && i < 3; ++i) {
      out += (i == 0 ? "" : i + 1 == holes.size() ? " and " : ", ") + holes[i].name;
    }
    return holes.size() > 3 ? out + " and others" : out;
  }

  [[nodiscard]] bool still_yes(const Given& given) const {
    return Round(question_, given).is_there(Search::kPossible) == Found::kNo;
  }

  /// Facts about the keys of a problem that are taken for granted.
  static std::vector<std::string> key_facts(const Problem& problem) {
    std::vector<std::string> out;
    bool spelled = false;
    for (const Key& key : problem.keys()) {
      const KnownKey* known = find_known_key(key.name);
      if (known != nullptr && known->always && !key.may_absent) {
        out.push_back(always_present_fact(key.name));
      }
      if (key.no_empty) {
        out.push_back(not_empty_fact(key.name));
      }
      spelled = spelled || key.spelling != Spelling::kAny;
    }
    if (spelled) {
      out.emplace_back(kSpellingFact);
    }
    return out;
  }

  /// Facts that the yes hangs on: without any of them it is no yes.
  void find_assumed(const Round& round, Proof& out) const {
    const std::vector<std::string> of_keys =
        question_.assumptions->aws ? key_facts(round.problem()) : std::vector<std::string>();
    if (!question_.assumptions->name_assumed || (facts_.empty() && of_keys.empty())) {
      return;
    }
    Given none = given();
    none.facts.clear();
    none.aws_keys = false;
    if (still_yes(none)) {
      return;
    }
    for (const Fact* fact : facts_) {
      Given without = given();
      std::erase(without.facts, fact);
      if (!still_yes(without)) {
        out.assumed.push_back(fact->name);
      }
    }
    for (const std::string& fact : of_keys) {
      Given without = given();
      without.without.push_back(fact);
      if (!still_yes(without)) {
        out.assumed.push_back(fact);
      }
    }
    if (out.assumed.empty()) {
      // Each of them is enough together with the others.
      for (const Fact* fact : facts_) {
        out.assumed.push_back(fact->name);
      }
      out.assumed.insert(out.assumed.end(), of_keys.begin(), of_keys.end());
    }
  }

  Proof yes(const Round& round) const {
    Proof out = nothing_found(question_.goal);
    find_assumed(round, out);
    const auto& shapes = round.problem().assumed();
    out.assumed.insert(out.assumed.end(), shapes.begin(), shapes.end());
    const OpenPoints touched = round.problem().touched();
    for (std::size_t i = 0; i < kOpenPointCount; ++i) {
      const auto point = static_cast<OpenPoint>(i);
      if (!touched.has(point)) {
        continue;
      }
      Given alternative = given();
      alternative.alternatives = OpenPoints(point);
      if (!still_yes(alternative)) {
        out.open_points.add(point);
        out.answer = Truth::kUnknown;
        out.because = "it hangs on " + std::string(explain(point));
      }
    }
    return out;
  }

  Proof no(const Round& round) const {
    Proof out;
    const std::optional<Request> witness = round.confirmed();
    if (!witness) {
      out.because = "the request that was found could not be confirmed";
      return out;
    }
    out.answer = Truth::kNo;
    out.witness = witness;
    out.statement = round.statement(*witness);
    const OpenPoints touched = round.problem().touched();
    for (std::size_t i = 0; i < kOpenPointCount; ++i) {
      const auto point = static_cast<OpenPoint>(i);
      if (touched.has(point) && !round.is_counterexample(*witness, OpenPoints(point))) {
        other_witness(point, out);
      }
    }
    switch (question_.goal) {
      case Goal::kNotDenied:
        out.because = "no Deny statement matches the request";
        break;
      case Goal::kAllowed:
      case Goal::kAllowedByBoth:
        out.because = out.statement ? "statement " + std::to_string(*out.statement + 1) + " allows the request"
                                    : "the request is allowed";
        break;
      case Goal::kNewlyAllowed:
        out.because = "the request was not allowed before";
        break;
    }
    if (out.answer == Truth::kUnknown) {
      for (std::size_t i = 0; i < kOpenPointCount; ++i) {
        if (out.open_points.has(static_cast<OpenPoint>(i))) {
          out.because = "it hangs on " + std::string(explain(static_cast<OpenPoint>(i)));
        }
      }
    }
    out.absent = absent_keys(question_, *out.witness, out.statement);
    name_holes(*out.witness, round.problem().holes());
    return out;
  }

  /// The witness is none under the alternative of an open point: is there another one, best for both readings?
  void other_witness(OpenPoint point, Proof& out) const {
    Given alternative = surely(given());
    alternative.alternatives = OpenPoints(point);
    Round round(question_, alternative);
    const Found found = round.search(holes_.empty() ? Search::kPossible : Search::kSure);
    if (found != Found::kYes) {
      out.open_points.add(point);
      out.answer = Truth::kUnknown;
      return;
    }
    if (const auto other = round.confirmed(); other && round.is_counterexample(*other, {})) {
      out.witness = other;
      out.statement = round.statement(*other);
    }
  }

  const Question& question_;
  Surveyed surveyed_;
  Bearing bearing_;
  std::vector<Subject::Either> callers_;
  std::vector<Fact> named_;     ///< facts about AWS that do not take unknown callers for their ground texts
  std::vector<Fact> grounded_;  ///< that do, where there are any
  bool all_named_ = false;      ///< there are none: `named_` are all facts
  bool callers_matter_ = false;
  bool callers_compared_ = false;
  std::vector<const Fact*> facts_;
  std::vector<const Fact*> named_facts_;
  std::vector<const Fact*> witness_facts_;
  std::vector<Hole> holes_;
};

}  // namespace

Decision decide_together(const std::vector<const PolicyDocument*>& documents, PolicyKind kind, const Request& request,
                         OpenPoints alternatives) {
  Decision out = Decision::kImplicitlyDenied;
  for (const PolicyDocument* document : documents) {
    const Decision one = decide(*document, kind, request, alternatives);
    if (one == Decision::kExplicitlyDenied) {
      return one;
    }
    out = one == Decision::kAllowed ? one : out;
  }
  return out;
}

namespace {

/// What is denied is not allowed, which takes fewer statements to see.
bool surely_denied(const Question& question) {
  if (question.only_sure || question.assumptions->name_assumed || !expects_denial(question)) {
    return false;
  }
  Question denials = question;
  denials.goal = Goal::kNotDenied;
  return answer(denials).answer == Truth::kYes;
}

Proof find_answer(const Question& question) {
  return surely_denied(question) ? nothing_found(question.goal) : Answerer(question).run();
}

}  // namespace

Proof answer(const Question& question) {
  const auto may_allow_some = [](const std::vector<const PolicyDocument*>& documents) {
    return std::ranges::any_of(documents, [](const PolicyDocument* document) { return may_allow(*document); });
  };
  const bool asks_what_is_allowed = question.goal != Goal::kNotDenied;
  if (asks_what_is_allowed && (!may_allow_some(question.documents) ||
                               (question.goal == Goal::kAllowedByBoth && !may_allow_some(question.before)))) {
    return nothing_found(question.goal);
  }
  AnswerMemo* const memo = question.assumptions->answers;
  if (memo == nullptr) {
    return find_answer(question);
  }
  const QuestionText text(question);
  std::optional<Proof> known = memo->find(text);
  if (!known) {
    known = find_answer(question);
    memo->remember(text, *known);
  }
  return *std::move(known);
}

}  // namespace gabion::iam
