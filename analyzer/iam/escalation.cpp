#include "iam/escalation.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "aws/service_facts.h"
#include "iam/escalation_requests.h"
#include "iam/escalation_trust.h"
#include "iam/step_actions.h"

namespace gabion::iam {
namespace {

using Target = EscalationTarget;

/// Outcome of one step or method, with what it shows.
struct Outcome {
  Truth answer = Truth::kNo;
  Escalation way;
  std::vector<Hole> holes;
  std::string because;
};

class Search {
 public:
  Search(const Estate& estate, std::size_t max_questions, AnswerMemo* answers)
      : estate_(estate),
        results_(estate.principals.size()),
        reachable_(estate.principals.size()),
        could_surely_(estate.principals.size() * StepActions::instance().count()),
        trust_(answers),
        questions_left_(max_questions) {
    assumptions_.answers = answers;
    AllowedSteps steps;
    could_.reserve(estate.principals.size());
    for (const EscalationPrincipal& principal : estate.principals) {
      could_.push_back(steps.of(principal.policies));
    }
  }

  std::vector<Escalations> run() {
    const std::size_t count = estate_.principals.size();
    const std::size_t first_sign = StepActions::instance().number_of(kSigns.front());
    for (std::size_t i = 0; i < count; ++i) {
      const EscalationPrincipal& principal = estate_.principals[i];
      // Most are none by the first thing that one may do.
      results_[i].administrator = could_[i].test(first_sign) ? administrator(principal) : Truth::kNo;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (results_[i].administrator != Truth::kYes && could_[i].any()) {
        for (const EscalationMethod& method : escalation_methods()) {
          if (matters(i, method)) {
            keep(i, broad(i, method));
          }
        }
      }
    }
    // Named principals are worth taking over when they are powerful; who takes them over becomes so.
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < count; ++i) {
        if (results_[i].administrator == Truth::kYes || !results_[i].ways.empty() || could_[i].none()) {
          continue;
        }
        for (const EscalationMethod& method : escalation_methods()) {
          if (matters(i, method)) {
            keep(i, named(i, method));
          }
        }
        changed = changed || !results_[i].ways.empty();
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      settle(i);
    }
    return std::move(results_);
  }

 private:
  /// Could the method change what is known of the principal by now?
  [[nodiscard]] bool matters(std::size_t index, const EscalationMethod& method) {
    return reachable_[index] != Truth::kNo && applies(index, method) && !stays_open(index, method);
  }

  /// Once some way is open, one that cannot be surely there tells no more. Policies of which little is known leave all
  /// of them open.
  [[nodiscard]] bool stays_open(std::size_t index, const EscalationMethod& method) {
    if (!results_[index].open) {
      return false;
    }
    const std::span<const std::size_t> numbers = StepActions::instance().of(method);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::optional<bool>& known = could_surely_[index * StepActions::instance().count() + numbers[i]];
      if (!known) {
        known = could_surely_allow(estate_.principals[index].policies, method.steps[i].action);
      }
      if (!*known) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] Truth powerful(std::size_t principal) const {
    const Escalations& result = results_[principal];
    if (result.administrator == Truth::kYes || !result.ways.empty()) {
      return Truth::kYes;
    }
    return result.administrator == Truth::kUnknown || result.open ? Truth::kUnknown : Truth::kNo;
  }

  // ---- Questions. ----

  [[nodiscard]] const Home& home(const EscalationPrincipal& principal) {
    const auto known = homes_.find(principal.name);
    return known != homes_.end() ? known->second : homes_.emplace(principal.name, home_of(principal)).first->second;
  }

  /// Versions of the policies that AWS manages are made by AWS.
  [[nodiscard]] static bool only_own_versions(std::string_view action) { return action.ends_with("PolicyVersion"); }

  [[nodiscard]] StepAnswer ask(const EscalationPrincipal& principal, std::string_view action, Formula formula) {
    if (questions_left_ == 0) {
      StepAnswer out;
      out.because = "there are too many questions to ask";
      return out;
    }
    --questions_left_;
    std::vector<Formula> parts = {std::move(formula)};
    if (only_own_versions(action)) {
      parts.push_back(Formula::negation(resource_like(Text("arn:*:iam::aws:policy/*"))));
    }
    if (principal.sort == PrincipalSort::kRole) {
      parts.push_back(caller_is(PrincipalType::kSession));
    } else {
      if (principal.sort != PrincipalSort::kPolicy) {
        parts.push_back(caller_is(PrincipalType::kUser));
      }
      // The name of a user is the value of a policy variable in its own requests; it is not that of anybody else. The
      // account of the user need not be known for that.
      const Text name = principal.sort == PrincipalSort::kUser ? name_in(principal.arn) : Text();
      parts.push_back(name.known() && !name.segments().empty() ? key_is("aws:username", name.str())
                                                               : Formula::negation(key_is("aws:username", kAnyName)));
    }
    return StepAnswer(may(principal.policies, action, Formula::all(std::move(parts)), assumptions_));
  }

  /// What an administrator may do.
  static constexpr std::array<std::string_view, 10> kSigns = {"iam:AttachRolePolicy",
                                                              "iam:PutRolePolicy",
                                                              "iam:PassRole",
                                                              "sts:AssumeRole",
                                                              "s3:PutBucketPolicy",
                                                              "s3:DeleteObject",
                                                              "secretsmanager:GetSecretValue",
                                                              "kms:PutKeyPolicy",
                                                              "ec2:RunInstances",
                                                              "lambda:CreateFunction"};

  /// May do anything already: all of that, on things of any name.
  [[nodiscard]] Truth administrator(const EscalationPrincipal& principal) {
    if (!std::ranges::all_of(kSigns,
                             [&](std::string_view action) { return could_allow(principal.policies, action); })) {
      return Truth::kNo;
    }
    if (allows_everything(principal.policies)) {
      return Truth::kYes;
    }
    Truth all = Truth::kYes;
    for (const std::string_view action : kSigns) {
      all = all & on_types(principal, EscalationStep{action, Target::kExisting, {}}, {}).allowed;
      if (all == Truth::kNo) {
        return all;
      }
    }
    return all;
  }

  /// Is the action allowed on all resource types that it needs? `extra` holds for the requests besides. The witness is
  /// the one for the type that matters.
  [[nodiscard]] StepAnswer on_types(const EscalationPrincipal& principal, const EscalationStep& step,
                                    const std::vector<Formula>& extra, const Text* exactly = nullptr) {
    const auto action = aws::find_action(step.action);
    const auto question = [&](Formula resource) {
      std::vector<Formula> parts = extra;
      parts.push_back(std::move(resource));
      return ask(principal, step.action, Formula::all(std::move(parts)));
    };
    const std::vector<aws::ActionResource> types =
        action ? aws::resources_of(*action) : std::vector<aws::ActionResource>{};
    if (types.empty()) {
      return question(resource_is("*"));
    }
    std::vector<std::string> patterns;
    const std::string_view any = step.target == Target::kNew ? "*" : kAnyName;
    for (const std::string_view wanted : words(step.types)) {
      const std::size_t equals = wanted.find('=');
      const auto found = std::ranges::find_if(types, [&](const aws::ActionResource& resource) {
        return aws::name_of(resource.type) == wanted.substr(0, equals);
      });
      if (found != types.end()) {
        patterns.push_back(pattern_of(aws::arn_format(found->type),
                                      equals == std::string_view::npos ? any : wanted.substr(equals + 1),
                                      home(principal)));
      }
    }
    if (patterns.empty()) {
      for (const aws::ActionResource& resource : types) {
        if (resource.required) {
          patterns.push_back(pattern_of(aws::arn_format(resource.type), patterns.empty() ? any : "*", home(principal)));
        }
      }
    }
    if (patterns.empty() && exactly != nullptr) {
      return question(resource_like(*exactly));
    }
    if (patterns.empty()) {
      // Any of them will do.
      std::vector<Formula> choices;
      choices.reserve(types.size());
      for (const aws::ActionResource& resource : types) {
        choices.push_back(resource_like(Text(pattern_of(aws::arn_format(resource.type), any, home(principal)))));
      }
      return question(Formula::any(std::move(choices)));
    }
    const std::optional<Grant> grant =
        only_own_versions(step.action) ? std::nullopt : grant_of_all(principal.policies, step.action);
    const auto like = [&](const Text& pattern) {
      if (grant && questions_left_ > 0) {
        if (std::optional<StepAnswer> sure = granted(*grant, step.action, pattern)) {
          --questions_left_;
          return *std::move(sure);
        }
      }
      return question(resource_like(pattern));
    };
    StepAnswer first;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      StepAnswer one = like(i == 0 && exactly != nullptr ? *exactly : Text(patterns[i]));
      if (i == 0) {
        first = one;
      }
      if (one.allowed == Truth::kNo) {
        return one;
      }
      if (one.allowed == Truth::kUnknown) {
        first.allowed = Truth::kUnknown;
        first.holes.insert(first.holes.end(), one.holes.begin(), one.holes.end());
        first.because = one.because;
      }
    }
    return first;
  }

  /// Conditions that requests of a step satisfy in practice.
  [[nodiscard]] static std::vector<Formula> circumstances(const EscalationMethod& method, const EscalationStep& step,
                                                          const EscalationPrincipal& principal) {
    std::vector<Formula> out;
    if (step.action == "iam:PassRole") {
      out.push_back(key_is("iam:PassedToService", method.service));
    }
    if (step.action.find(":Attach") != std::string_view::npos && step.action.starts_with("iam:")) {
      out.push_back(key_is("iam:PolicyARN", "arn:aws:iam::aws:policy/AdministratorAccess"));
    }
    // Whom a boundary goes on limiting has gained nothing by it. That of the caller is another matter, see bounded().
    const bool own = step.target == Target::kSelf && principal.policies.bounded;
    if (!own && !method.lifts_boundary && StepActions::instance().takes_boundary(method, step)) {
      out.push_back(Formula::test(FormulaKind::kAbsent, "iam:PermissionsBoundary"));
    }
    return out;
  }

  // ---- Methods against anything of a kind. ----

  /// No is certain; asked before anything else, for most methods are open to nobody.
  [[nodiscard]] bool applies(std::size_t index, const EscalationMethod& method) const {
    const EscalationPrincipal& principal = estate_.principals[index];
    const bool user = principal.sort == PrincipalSort::kUser || principal.sort == PrincipalSort::kGroup;
    const bool role = principal.sort == PrincipalSort::kRole;
    if ((method.callers == Callers::kUsers && role) || (method.callers == Callers::kRoles && user)) {
      return false;
    }
    if (method.lifts_boundary && !principal.policies.bounded) {
      return false;
    }
    const ActionSet& needed = StepActions::instance().needed_by(method);
    return (needed & could_[index]) == needed;
  }

  [[nodiscard]] static bool about_caller(const EscalationMethod& method) {
    return std::ranges::any_of(method.steps, [](const EscalationStep& step) {
      return step.target == Target::kSelf || step.target == Target::kOwnGroup || step.target == Target::kOwnPolicy;
    });
  }

  Outcome broad(std::size_t index, const EscalationMethod& method) {
    const EscalationPrincipal& principal = estate_.principals[index];
    Outcome out;
    out.way.method = &method;
    out.answer = Truth::kYes;
    for (std::size_t i = 0; i < method.steps.size() && out.answer != Truth::kNo; ++i) {
      const EscalationStep& step = method.steps[i];
      add(step, step_on_any(principal, method, step), out);
    }
    if (out.answer == Truth::kYes) {
      share_names(principal, method, out);
    }
    if (out.answer != Truth::kNo && about_caller(method) && principal.policies.bounded) {
      bounded(principal, method, out);
    }
    return out;
  }

  /// Methods share steps: each is asked about once.
  StepAnswer step_on_any(const EscalationPrincipal& principal, const EscalationMethod& method,
                         const EscalationStep& step) {
    std::string key = principal.name + '\n' + std::string(step.action) + '\n' + std::string(step.types) + '\n' +
                      std::to_string(static_cast<int>(step.target)) + (method.lifts_boundary ? "!" : "");
    if (step.target == Target::kPassedRole) {
      key += method.service;
    }
    const auto known = asked_.find(key);
    return known != asked_.end() ? known->second
                                 : asked_.emplace(std::move(key), ask_on_any(principal, method, step)).first->second;
  }

  StepAnswer ask_on_any(const EscalationPrincipal& principal, const EscalationMethod& method,
                        const EscalationStep& step) {
    std::vector<Formula> extra = circumstances(method, step, principal);
    switch (step.target) {
      case Target::kSelf:
      case Target::kOwnGroup:
      case Target::kOwnPolicy:
        return on_own(principal, step, std::move(extra));
      case Target::kTrustingRole: {
        // Whether some role lets the caller in is not known of roles in general.
        StepAnswer none;
        none.allowed = Truth::kNo;
        return none;
      }
      default: {
        const EscalationStep any{step.action, step.target == Target::kNew ? Target::kNew : Target::kExisting,
                                 step.types};
        return on_types(principal, any, extra);
      }
    }
  }

  /// On the caller itself, a group or a policy it has.
  StepAnswer on_own(const EscalationPrincipal& principal, const EscalationStep& step, std::vector<Formula> extra) {
    std::vector<Formula> choices;
    if (step.target == Target::kSelf && !principal.arn.segments().empty() && principal.sort != PrincipalSort::kGroup) {
      choices.push_back(resource_like(at_home(principal.arn, home(principal))));
    } else if (step.target == Target::kSelf && principal.sort != PrincipalSort::kRole &&
               step.action.find("User") != std::string_view::npos) {
      choices.push_back(resource_is("arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}"));
    }
    if (step.target == Target::kOwnGroup) {
      for (const std::size_t group : principal.groups) {
        choices.push_back(resource_like(at_home(estate_.principals[group].arn, home(principal))));
      }
      if (principal.sort == PrincipalSort::kGroup) {
        choices.push_back(resource_like(at_home(principal.arn, home(principal))));
      }
    }
    if (step.target == Target::kOwnPolicy) {
      for (const Text& arn : principal.own_policies) {
        choices.push_back(resource_like(at_home(arn, home(principal))));
      }
    }
    // Whoever may do it to anything may do it to its own, which are perhaps not all in the configuration.
    const auto action = aws::find_action(step.action);
    if (action && (step.target != Target::kSelf || choices.empty())) {
      for (const aws::ActionResource& type : aws::resources_of(*action)) {
        choices.push_back(resource_like(Text(pattern_of(aws::arn_format(type.type), kAnyName, home(principal)))));
      }
    }
    extra.push_back(Formula::any(std::move(choices)));
    return ask(principal, step.action, Formula::all(std::move(extra)));
  }

  /// Steps on new things of one type need one name that all of them allow.
  void share_names(const EscalationPrincipal& principal, const EscalationMethod& method, Outcome& out) {
    std::map<std::string, std::vector<std::size_t>> by_type;
    for (std::size_t i = 0; i < method.steps.size(); ++i) {
      const auto action = aws::find_action(method.steps[i].action);
      if (method.steps[i].target != Target::kNew || !action) {
        continue;
      }
      for (const aws::ActionResource& resource : aws::resources_of(*action)) {
        if (resource.required) {
          by_type[aws::name_of(resource.type)].push_back(i);
          break;
        }
      }
    }
    for (const auto& [type, steps] : by_type) {
      if (steps.size() > 1 && !share_name(principal, method, steps, out)) {
        out.answer = Truth::kNo;
        return;
      }
    }
  }

  /// Finds one resource that all the steps are allowed on: an example of one of them, or one that is made of what two
  /// statements have in common.
  bool share_name(const EscalationPrincipal& principal, const EscalationMethod& method,
                  const std::vector<std::size_t>& steps, Outcome& out) {
    const auto allowed_on = [&](std::size_t index, const Text& resource) {
      const EscalationStep& step = method.steps[index];
      return on_types(principal, step, circumstances(method, step, principal), &resource);
    };
    const auto all_allowed = [&](const Text& resource) {
      return std::ranges::all_of(steps,
                                 [&](std::size_t index) { return allowed_on(index, resource).allowed == Truth::kYes; });
    };
    for (const std::size_t first : steps) {
      const Text example(without_holes(out.way.permissions[first].resource));
      if (all_allowed(example)) {
        return true;
      }
      const Statement* statement = out.way.permissions[first].statement;
      for (const Text& pattern : statement != nullptr ? statement->resources.items : std::vector<Text>{}) {
        for (const std::size_t second : steps) {
          const StepAnswer both = second == first ? StepAnswer() : allowed_on(second, pattern);
          if (both.resource && all_allowed(Text(without_holes(*both.resource)))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// A caller that gives itself permissions is still limited by its boundary, unless it lifts that.
  void bounded(const EscalationPrincipal& principal, const EscalationMethod& method, Outcome& out) {
    EscalationPrincipal other = principal;
    if (method.lifts_boundary) {
      // Worth it when the rest allows more than the boundary lets through.
      other.policies.bounded = false;
      other.policies.unknown_boundary.clear();
      const Truth more = administrator(other);
      out.answer = out.answer & more;
      return;
    }
    other.policies.identity = principal.policies.boundary;
    other.policies.unknown = principal.policies.unknown_boundary;
    other.policies.boundary.clear();
    other.policies.unknown_boundary.clear();
    other.policies.bounded = false;
    const Truth wide = administrator(other);
    out.answer = out.answer & wide;
    if (wide == Truth::kUnknown) {
      out.holes.insert(out.holes.end(), principal.policies.unknown_boundary.begin(),
                       principal.policies.unknown_boundary.end());
    }
  }

  // ---- Methods against principals of the configuration. ----

  struct Candidate {
    std::string name;
    Text arn;
    std::size_t principal = 0;
  };

  static PrincipalSort sort_of(Target target) {
    switch (target) {
      case Target::kGroup:
        return PrincipalSort::kGroup;
      case Target::kUser:
      case Target::kAnyUser:
        return PrincipalSort::kUser;
      default:
        return PrincipalSort::kRole;
    }
  }

  /// The target of a method that is a principal; kNew when it has none.
  static Target principal_target(const EscalationMethod& method) {
    for (const EscalationStep& step : method.steps) {
      if (step.target != Target::kNew && step.target != Target::kExisting && step.target != Target::kSelf &&
          step.target != Target::kOwnGroup && step.target != Target::kOwnPolicy &&
          step.target != Target::kPolicyOfRole) {
        return step.target;
      }
    }
    return Target::kNew;
  }

  Outcome named(std::size_t index, const EscalationMethod& method) {
    const EscalationPrincipal& principal = estate_.principals[index];
    Outcome best;
    best.way.method = &method;
    const Target target = principal_target(method);
    if (target == Target::kNew) {
      return named_workload(principal, method);
    }
    for (std::size_t i = 0; i < estate_.principals.size(); ++i) {
      const EscalationPrincipal& candidate = estate_.principals[i];
      if (i == index || candidate.sort != sort_of(target) ||
          std::ranges::find(principal.groups, i) != principal.groups.end()) {
        continue;
      }
      Outcome one = on_principal(principal, method, i);
      if (one.answer == Truth::kYes) {
        return one;
      }
      if (one.answer == Truth::kUnknown && best.answer == Truth::kNo) {
        best = std::move(one);
        if (questions_left_ == 0) {
          return best;  // no other one is sure any more
        }
      }
    }
    return best;
  }

  Outcome on_principal(const EscalationPrincipal& principal, const EscalationMethod& method, std::size_t target) {
    const EscalationPrincipal& candidate = estate_.principals[target];
    Outcome out;
    out.way.method = &method;
    out.way.target = candidate.name;
    const Target kind = principal_target(method);
    const bool given_first = kind == Target::kAnyRole || kind == Target::kAnyUser || kind == Target::kAssumableRole;
    out.answer = given_first ? Truth::kYes : powerful(target);
    if (out.answer == Truth::kUnknown) {
      out.holes = results_[target].holes;
    }
    if (out.answer != Truth::kNo && kind == Target::kPassedRole) {
      const Truth trusts = trust_.allows_service(candidate, method.service);
      out.answer = out.answer & trusts;
      if (trusts == Truth::kUnknown && out.holes.empty()) {
        out.because = "whom " + candidate.name + " trusts";
      }
    }
    if (out.answer != Truth::kNo && (kind == Target::kTrustingRole || kind == Target::kAssumableRole)) {
      out.answer = out.answer & trust_.allows(candidate, principal);
    }
    // What a boundary holds back is not gained by giving more.
    if (given_first && candidate.policies.bounded) {
      out.answer = Truth::kNo;
    }
    for (std::size_t i = 0; i < method.steps.size() && out.answer != Truth::kNo; ++i) {
      const EscalationStep& step = method.steps[i];
      std::vector<Formula> extra = circumstances(method, step, principal);
      if (step.target == Target::kNew || step.target == Target::kExisting) {
        add(step, step_on_any(principal, method, step), out);
        continue;
      }
      // Whoever does it to another user is not that user. A name holds no slash, so it is not the path before a name
      // either.
      if (candidate.sort == PrincipalSort::kUser && principal.sort != PrincipalSort::kRole) {
        extra.push_back(Formula::negation(Formula::test(FormulaKind::kIn, "aws:username", {name_in(candidate.arn)})));
        extra.push_back(Formula::negation(Formula::test(FormulaKind::kLike, "aws:username", {Text("*/*")})));
      }
      std::vector<Formula> choices;
      if (step.target == Target::kPolicyOfRole) {
        for (const Text& arn : candidate.own_policies) {
          choices.push_back(resource_like(at_home(arn, home(principal))));
        }
      } else {
        choices.push_back(resource_like(at_home(candidate.arn, home(principal))));
      }
      extra.push_back(Formula::any(std::move(choices)));
      add(step, ask(principal, step.action, Formula::all(std::move(extra))), out);
    }
    if (out.answer == Truth::kYes) {
      share_names(principal, method, out);
    }
    return out;
  }

  Outcome on_workload(const EscalationPrincipal& principal, const EscalationMethod& method,
                      const EscalationWorkload& workload, const Text& arn) {
    Outcome one;
    one.way.method = &method;
    one.way.target = workload.name;
    one.answer = powerful(workload.role) & workload.has_role;
    if (one.answer == Truth::kUnknown) {
      one.holes = results_[workload.role].holes;
    }
    for (std::size_t i = 0; i < method.steps.size() && one.answer != Truth::kNo; ++i) {
      const EscalationStep& step = method.steps[i];
      add(step,
          step.target == Target::kNew ? step_on_any(principal, method, step)
                                      : on_types(principal, step, circumstances(method, step, principal), &arn),
          one);
    }
    return one;
  }

  /// Something that has a powerful role already.
  Outcome named_workload(const EscalationPrincipal& principal, const EscalationMethod& method) {
    Outcome best;
    best.way.method = &method;
    const auto first = std::ranges::find(method.steps, Target::kExisting, &EscalationStep::target);
    const bool takes_over =
        first != method.steps.end() && std::ranges::none_of(method.steps, [](const EscalationStep& step) {
          return step.target != Target::kExisting && step.target != Target::kNew;
        });
    for (const EscalationWorkload& workload : estate_.workloads) {
      if (!takes_over || std::ranges::find(workload.actions, first->action) == workload.actions.end()) {
        continue;
      }
      for (const Text* arn : {&workload.arn, &workload.reference}) {
        if (arn->segments().empty()) {
          continue;
        }
        Outcome one = on_workload(principal, method, workload, *arn);
        if (one.answer == Truth::kYes) {
          return one;
        }
        // That a reference is the name of another resource is not known of any: it leaves nothing open.
        if (one.answer == Truth::kUnknown && best.answer == Truth::kNo && arn == &workload.arn) {
          best = std::move(one);
        }
      }
    }
    return best;
  }

  // ---- Results. ----

  static void add(const EscalationStep& step, const StepAnswer& answer, Outcome& out) {
    out.answer = out.answer & answer.allowed;
    EscalationPermission shown;
    shown.action = step.action;
    shown.resource = answer.resource.value_or("");
    if (answer.policy != nullptr) {
      shown.policy = answer.policy->name;
      shown.statement = answer.statement;
    }
    out.way.permissions.push_back(std::move(shown));
    if (answer.allowed == Truth::kUnknown) {
      out.holes.insert(out.holes.end(), answer.holes.begin(), answer.holes.end());
      if (out.because.empty()) {
        out.because = answer.because;
      }
    }
  }

  void keep(std::size_t index, Outcome outcome) {
    Escalations& result = results_[index];
    if (outcome.answer == Truth::kNo) {
      return;
    }
    // Asked last: most principals have no way at all.
    std::optional<Truth>& reach = reachable_[index];
    reach = reach ? reach : std::optional(trust_.in_reach(estate_.principals[index]));
    outcome.answer = outcome.answer & *reach;
    if (outcome.answer == Truth::kYes) {
      result.ways.push_back(std::move(outcome.way));
    } else if (outcome.answer == Truth::kUnknown) {
      result.open = true;
      if (*reach == Truth::kUnknown && outcome.because.empty()) {
        outcome.because = "it depends on whom the role trusts";
      }
      for (Hole& hole : outcome.holes) {
        if (std::ranges::find(result.holes, hole) == result.holes.end()) {
          result.holes.push_back(std::move(hole));
        }
      }
      if (result.because.empty()) {
        result.because = outcome.because;
      }
    }
  }

  void settle(std::size_t index) {
    Escalations& result = results_[index];
    // What a group gives to all of its members is said of the group.
    std::erase_if(result.ways, [&](const Escalation& way) {
      return std::ranges::any_of(estate_.principals[index].groups, [&](std::size_t group) {
        return std::ranges::any_of(results_[group].ways,
                                   [&](const Escalation& other) { return other.method == way.method; });
      });
    });
    if (result.administrator == Truth::kYes) {
      result.ways.clear();
      result.open = false;
    }
    result.open = result.open || result.administrator == Truth::kUnknown;
    std::sort(result.holes.begin(), result.holes.end());
  }

  const Estate& estate_;
  std::vector<Escalations> results_;
  std::vector<std::optional<Truth>> reachable_;
  std::map<std::string, Home> homes_;              // by name
  std::vector<ActionSet> could_;                   // what principals could do
  std::vector<std::optional<bool>> could_surely_;  // actions of steps, by principal
  std::map<std::string, StepAnswer> asked_;
  TrustQuestions trust_;
  Assumptions assumptions_;
  std::size_t questions_left_;
};

}  // namespace

std::vector<Escalations> find_escalations(const Estate& estate, std::size_t max_questions, AnswerMemo* answers) {
  return Search(estate, max_questions, answers).run();
}

std::string describe(const Escalation& escalation) {
  std::string out(escalation.method->title);
  if (!escalation.target.empty()) {
    out += " (" + escalation.target + ")";
  }
  out += " and so get " + std::string(escalation.method->gain) + ": ";
  const auto source = [](const EscalationPermission& permission) {
    if (permission.policy.empty() || permission.statement == nullptr) {
      return permission.policy;
    }
    const std::optional<Text>& sid = permission.statement->sid;
    const bool named = sid && sid->known() && !sid->str().empty();
    return (named ? "\"" + sid->str() + "\"" : "statement " + std::to_string(permission.statement->index + 1)) +
           " of " + permission.policy;
  };
  for (std::size_t i = 0; i < escalation.permissions.size(); ++i) {
    const std::string from = source(escalation.permissions[i]);
    out += (i == 0 ? "" : ", ") + escalation.permissions[i].action;
    // What one statement grants is said together.
    const bool last = i + 1 == escalation.permissions.size() || source(escalation.permissions[i + 1]) != from;
    out += last && !from.empty() ? " by " + from : "";
  }
  return out;
}

}  // namespace gabion::iam
