#include "engine/judge.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/fix.h"
#include "engine/functions.h"
#include "engine/iam_functions.h"
#include "engine/needed_parameters.h"
#include "engine/statement_trace.h"
#include "engine/trace.h"
#include "engine/view.h"
#include "eval/evaluator.h"
#include "source/file_system.h"
#include "source/words.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;
using syntax::hcl::Expression;

/// What is judged: a resource, a block of a module (backend, provider ...), or a file.
struct Subject {
  const model::Resource* resource = nullptr;
  const model::Module* module = nullptr;
  const model::ConfigurationBlock* block = nullptr;
  const model::SourceFile* file = nullptr;
  source::Region header;
  bool outlined = false;  ///< a resource that stands for a module that is not here: it goes by the name of the call

  /// Made when there is something to say: most is judged in silence.
  [[nodiscard]] std::string address() const {
    if (resource != nullptr) {
      return std::string(outlined ? module->address : resource->address);
    }
    if (block == nullptr) {
      return std::string(file->artifact->path());
    }
    std::string text(module->address);
    for (const std::string_view part : {block->kind, block->name, block->alias}) {
      text += text.empty() || part.empty() ? "" : ".";
      text += part;
    }
    return text;
  }
};

/// Subjects as rules see them.
Value view_of(const Subject& subject, Views& views) {
  if (subject.resource != nullptr) {
    return views.subject(*subject.resource);
  }
  return subject.block != nullptr ? views.block(*subject.block) : views.file(*subject.file);
}

/// The value of a let name that several judgements ask for, and whether it is in doubt.
struct SharedValue {
  std::optional<Value> value;
  bool doubtful = false;                ///< those who use it must see that it is
  bool of_subject = false;              ///< it holds for what is judged alone, see RuleContext
  const eval::Symbol* doubt = nullptr;  ///< why it is in doubt, for explanations

  void reset() { *this = {}; }
};

/// Names of one judgement: self, item, config, witness and the rule's own let names.
class RuleScope final : public eval::Scope {
 public:
  /// Values of let names that last longer than a judgement, and contexts in which they do.
  struct Shared {
    eval::Context& context;
    std::vector<SharedValue>& values;  ///< the same for all that the rule judges, once somebody asked
    eval::Context& of_subject;
    std::deque<SharedValue>& same;      ///< for all rules that judge the subject, by their numbers
    std::vector<std::uint32_t>& known;  ///< which of these are there
  };

  RuleScope(PreparedRules& rules, const PreparedRule& rule, const Subject& subject, RuleContext& functions,
            Shared shared)
      : rules_(rules), rule_(rule), subject_(subject), functions_(functions), shared_(shared) {}

  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, eval::Context& context) const override {
    const std::string_view root = reference.root;
    const std::uint32_t key = root.empty() ? 0 : key_of(root);
    if (key == kSelf && root == "self") {
      return {self(), 0};
    }
    if (key == kItem && root == "item" && item_) {
      return {*item_, 0};
    }
    if ((key == kConfig && root == "config") || (key == kWitness && root == "witness")) {
      return {root == "config" ? rules_.config(rule_) : witness(context), 0};
    }
    for (std::size_t i = 0; i < rule_.let_keys.size(); ++i) {
      if (rule_.let_keys[i] == key && source::same_text(rule_.let[i].name, root)) {
        return {let(i, context), 0};
      }
    }
    return {no_name(reference, context), 0};
  }

  [[nodiscard]] std::optional<Value> call(const eval::Call& call, eval::Context& context) const override {
    const RuleFunction* function = find_rule_function(call.name);
    if (function == nullptr) {
      return std::nullopt;
    }
    if (call.arguments.size() < function->min_arguments || call.arguments.size() > function->max_arguments) {
      return eval::make_error(context.arena, "wrong number of arguments: " + std::string(function->signature),
                              call.region);
    }
    for (const Value& argument : call.arguments) {
      if (argument.is_error()) {
        return argument;
      }
    }
    const std::optional<Value> known = rules_.results().call(*function, call, functions_, context);
    return known ? *known : function->call(call, functions_, context);
  }

  void set_item(const Value& item) {
    item_ = item;
    forget();
  }
  /// Before each check: names that say the same for all checks of a subject are kept.
  void clear_item() {
    item_.reset();
    forget();
  }

 private:
  static constexpr std::uint32_t kSelf = key_of("self");
  static constexpr std::uint32_t kItem = key_of("item");
  static constexpr std::uint32_t kConfig = key_of("config");
  static constexpr std::uint32_t kWitness = key_of("witness");

  /// Many rules ask for parameters before they look at what they judge.
  [[nodiscard]] const Value& self() const { return self_ ? *self_ : look_at_subject(); }
  [[gnu::noinline]] const Value& look_at_subject() const { return self_.emplace(view_of(subject_, functions_.views)); }

  [[nodiscard, gnu::noinline]] static Value no_name(const syntax::hcl::Traversal& reference, eval::Context& context) {
    return eval::make_error(
        context.arena,
        "rules know self, item, config, witness and their own let names, not \"" + std::string(reference.root) + "\"",
        reference.root_region());
  }

  /// The value of a let name, once it was asked for.
  struct Known {
    std::optional<Value> value;
    bool doubtful = false;                ///< evaluating it put something in doubt, which each check must see
    bool seen = false;                    ///< this one did
    bool of_subject = false;              ///< a function had to look at what is judged, see RuleContext
    bool evaluating = false;              ///< who asks for it now is part of it
    const eval::Symbol* doubt = nullptr;  ///< why it is in doubt, for explanations
  };

  void forget() {
    for (std::size_t i = 0; i < let_.size(); ++i) {
      if (!let_[i].value) {
        continue;
      }
      const std::optional<LetFacts>& facts = rule_.let[i].facts;
      if (facts && (facts->item || facts->evidence)) {
        let_[i] = {};
      } else {
        let_[i].seen = false;
      }
    }
  }

  [[nodiscard]] Value let(std::size_t index, eval::Context& context) const {
    if (index >= let_.size() || !let_[index].value) {
      return first_let(index, context);
    }
    return known_let(let_[index], context);
  }

  /// A name that somebody asked for before, or that is known otherwise.
  [[nodiscard]] Value known_let(Known& known, eval::Context& context) const {
    functions_.asked_subject = functions_.asked_subject || known.of_subject;
    if (known.doubtful && !known.seen) {
      known.seen = true;
      context.uncertain = true;
      context.doubt = known.doubt;
    }
    return *known.value;
  }

  [[nodiscard, gnu::noinline]] Value first_let(std::size_t index, eval::Context& context) const {
    if (let_.empty()) {
      let_.resize(rule_.let.size());
    }
    Known& known = let_[index];
    if (known.evaluating) {
      return itself(index, context);
    }
    const PreparedLet& let = rules_.let(rule_, index);
    if (let.facts->shared()) {
      return shared_let(index, context);
    }
    if (let.same != kOwnLet && rules_.holders(let.same) > 1) {
      return same_let(index, let.same, context);
    }
    if (!evaluate_in(context, index)) {
      known.doubt = context.doubt;
    }
    return known_let(known, context);
  }

  /// A value that is the same for all that the rule judges; one that is known is kept for the other configurations too
  /// when it hangs on none.
  [[nodiscard]] Value shared_let(std::size_t index, eval::Context& context) const {
    if (rule_.let[index].facts->constant()) {
      std::optional<Value>& constant = rules_.constants(rule_)[index];
      if (!constant && constant_let(index)) {
        constant = let_[index].value;
      }
      if (constant) {
        let_[index] = {.value = constant};
        return *constant;
      }
    }
    shared_.values.resize(rule_.let.size());
    return lasting_let(index, shared_.values[index], shared_.context, context);
  }

  /// A value that other rules ask for as well.
  [[nodiscard]] Value same_let(std::size_t index, std::uint32_t same, eval::Context& context) const {
    if (shared_.same.size() <= same) {
      shared_.same.resize(rules_.numbers());
    }
    SharedValue& value = shared_.same[same];
    if (!value.value) {
      shared_.known.push_back(same);
    }
    return lasting_let(index, value, shared_.of_subject, context);
  }

  /// A value that is worked out once, in the context that it lasts as long as. One that is in doubt puts each check in
  /// doubt that asks for it.
  [[nodiscard]] Value lasting_let(std::size_t index, SharedValue& shared, eval::Context& lasting,
                                  eval::Context& context) const {
    Known& known = let_[index];
    if (!shared.value) {
      known.doubt = evaluate_in(lasting, index) ? nullptr : lasting.doubt;
      if (!known.of_subject || &lasting == &shared_.of_subject) {
        shared = {
            .value = known.value, .doubtful = known.doubtful, .of_subject = known.of_subject, .doubt = known.doubt};
      }
    } else {
      known = {
          .value = shared.value, .doubtful = shared.doubtful, .of_subject = shared.of_subject, .doubt = shared.doubt};
    }
    return known_let(known, context);
  }

  [[nodiscard]] bool constant_let(std::size_t index) const {
    if (evaluate_in(rules_.lasting(), index) && let_[index].value->wholly_known()) {
      return true;
    }
    let_[index] = {};
    return false;
  }

  /// Evaluates a name in a context, whose doubts stay as they are; false when that put something in doubt. Conditions
  /// ask for it as well as messages.
  [[nodiscard]] bool evaluate_in(eval::Context& other, std::size_t index) const {
    Known& known = let_[index];
    known.evaluating = true;
    const bool doubtful = std::exchange(other.uncertain, false);
    const bool for_people = std::exchange(other.for_people, false);
    const bool asked_subject = std::exchange(functions_.asked_subject, false);
    known.value = eval::evaluate(*rule_.let[index].expression, *this, other);
    known.of_subject = functions_.asked_subject;
    functions_.asked_subject = asked_subject || known.of_subject;
    other.for_people = for_people;
    known.doubtful = std::exchange(other.uncertain, doubtful);
    known.evaluating = false;
    return !known.doubtful;
  }

  /// What a name that is defined by itself would be.
  [[nodiscard]] Value itself(std::size_t index, eval::Context& context) const {
    return eval::make_error(context.arena, "the name " + std::string(rule_.let[index].name) + " is defined by itself",
                            rule_.let[index].expression->region);
  }

  [[nodiscard, gnu::noinline]] Value witness(eval::Context& context) const {
    const std::optional<findings::Witness>& found = functions_.evidence.witness;
    if (!found) {
      return eval::make_null(context.arena);
    }
    std::vector<eval::Member> members;
    members.push_back({"principal", eval::make_string(context.arena, found->principal), {}});
    members.push_back({"action", eval::make_string(context.arena, found->action), {}});
    members.push_back({"resource",
                       found->resource ? eval::make_string(context.arena, *found->resource)
                                       : eval::make_null(context.arena, eval::kStringType),
                       {}});
    members.push_back({"because", eval::make_string(context.arena, functions_.evidence.because), {}});
    return eval::make_object(context.arena, members);
  }

  PreparedRules& rules_;
  const PreparedRule& rule_;
  const Subject& subject_;
  mutable std::optional<Value> self_;  ///< once somebody looked at it
  RuleContext& functions_;
  Shared shared_;
  std::optional<Value> item_;
  mutable std::vector<Known> let_;  ///< empty until somebody asks for a name: most judgements end before that
};

Truth truth_of(const Value& value, eval::Context& context) {
  if (value.is_error() || value.is_null()) {
    return Truth::kUnknown;
  }
  const Value converted = value.is_bool() ? value : eval::convert(value, eval::kBoolType, context);
  return converted.is_bool() ? eval::truth_of(converted.boolean()) : Truth::kUnknown;
}

std::string text_of(const Value& value) {
  if (value.is_string()) {
    return std::string(value.text());
  }
  if (value.is_unknown() && value.detail() != nullptr) {
    std::string result;
    for (const eval::Part& part : value.detail()->parts) {
      result += part.value == nullptr ? std::string(part.text)
                                      : (part.value->is_string() ? std::string(part.value->text())
                                                                 : "{" + eval::describe(*part.value) + "}");
    }
    return result;
  }
  return eval::describe(value);
}

/// Whether people can read what stands for an unknown: a name, but not the expression that it comes from.
bool is_readable(const Value& value) {
  if (!value.is_unknown()) {
    return true;
  }
  if (value.detail() != nullptr && !value.detail()->parts.empty()) {
    return std::ranges::all_of(value.detail()->parts, [](const eval::Part& part) {
      return part.value == nullptr || is_readable(*part.value);
    });
  }
  const std::string text = eval::describe(value);
  return !text.starts_with('(') && text.find("${") == std::string::npos && text.find("[for ") == std::string::npos;
}

/// Limits whose steps grow with what is judged: each resource is judged by as many rules as any other.
source::Limits of_size(source::Limits limits, std::size_t resources) {
  constexpr std::uint64_t kStepsPerResource = 20'000;
  limits.steps += kStepsPerResource * resources;
  return limits;
}

/// Is nothing known of an element but that it would be one?
bool may_be_anything(const Value& element) {
  return element.is_unknown() && element.node().type()->kind == eval::TypeKind::kDynamic &&
         element.unknown().alternatives.empty() && element.held_members().empty();
}

class Judge {
 public:
  Judge(const model::Configuration& configuration, PreparedRules& rules, const source::ArtifactStore& artifacts,
        const source::Limits& limits, Verdicts& verdicts)
      : configuration_(configuration),
        rules_(rules),
        artifacts_(artifacts),
        budget_(of_size(limits, configuration.resources().size())),
        base_(configuration.context()),
        lasting_(context_in(arena_)),
        views_(configuration, lasting_),
        verdicts_(verdicts),
        first_finding_(verdicts.findings.size()),
        first_unresolved_(verdicts.unresolved.size()) {
    views_.share(rules.policies(), rules.detector());
  }

  void run() {
    quiet_ = rules_.quiet().of(configuration_, artifacts_);
    known_quiet_ = quiet_ != nullptr && quiet_->complete;
    if (quiet_ != nullptr && !known_quiet_) {
      quiet_->quiet.clear();
    }
    for (const model::Resource& resource : configuration_.resources()) {
      Target* const target = resource.mode == model::Mode::kData ? rules_.target("data." + std::string(resource.type))
                                                                 : rules_.target(resource.type);
      if (target == nullptr) {
        continue;
      }
      const model::Module& module = configuration_.module(resource.module);
      // What an outline stands for is known as the call of the module that is not here.
      const bool outlined =
          resource.header.valid() && artifacts_.get(resource.header.artifact).role() == source::Role::kInternal;
      Subject subject{.resource = &resource, .module = &module, .header = resource.header, .outlined = outlined};
      judge_subject(*target, subject);
    }
    std::string_view kind;  // many blocks of one kind come one after the other
    Target* target = nullptr;
    for (const model::Module& module : configuration_.modules()) {
      for (const model::ConfigurationBlock& block : module.blocks) {
        if (block.kind != kind) {
          kind = block.kind;
          target = rules_.target(kind);
        }
        if (target != nullptr) {
          Subject subject{.module = &module, .block = &block, .header = block.header};
          judge_subject(*target, subject);
        }
      }
    }
    if (Target* const files = rules_.target("file")) {
      for (const model::SourceFile& file : configuration_.files()) {
        Subject subject{.file = &file, .header = {file.artifact->id(), 0, 0}};
        judge_subject(*files, subject);
      }
    }
    if (quiet_ != nullptr) {
      quiet_->complete = quiet_->complete || (!budget_.exhausted() && !given_up_);
    }
    const std::string directory(configuration_.directory().empty() ? "the files of the project"
                                                                   : configuration_.directory());
    if (budget_.exhausted()) {
      report_limit("rules-budget", "the rules ran out of steps in " + directory, "scan fewer modules at once");
    }
    if (out_of_time_) {
      report_limit("time-limit", "time ran out while " + directory + " was judged", "--max-time allows more");
    }
    if (too_many_) {
      report_limit("findings-limit",
                   "there are more than " + std::to_string(verdicts_.most) + " findings in " + directory,
                   "the rest is left out; --max-findings allows more");
    }
  }

 private:
  /// For evaluating what rules say.
  [[nodiscard]] eval::Context context_in(source::Arena& arena) {
    eval::Context made{arena, base_.symbols, budget_, base_.limits};
    made.patterns = &rules_.patterns();
    made.for_rules = true;
    return made;
  }

  void report_limit(std::string code, std::string message, std::string hint) {
    verdicts_.diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                                     .code = std::move(code),
                                     .message = std::move(message),
                                     .hint = std::move(hint),
                                     .region = {},
                                     .path = std::string(configuration_.directory())});
  }

  /// Puts down a finding or a note, unless there are too many of them already.
  template <class Entry>
  void put_down(Entry entry, std::vector<Entry>& entries, std::size_t first) {
    constexpr bool kIsFinding = std::is_same_v<Entry, findings::Finding>;
    if (entries.size() - first + (kIsFinding ? taken_ : 0) < verdicts_.most) {
      entries.push_back(std::move(entry));
      if constexpr (kIsFinding) {
        hand_over();
      }
      return;
    }
    too_many_ = true;
    held_back_ = true;
    given_up_ = given_up_ || kIsFinding;
  }

  /// Has findings taken away when there are enough of them: nothing here looks back at them.
  void hand_over() {
    constexpr std::size_t kEnough = 256;
    if (verdicts_.take_findings && verdicts_.findings.size() >= kEnough) {
      taken_ += verdicts_.findings.size();
      verdicts_.take_findings();
    }
  }

  void judge_subject(Target& target, const Subject& subject) {
    given_up_ = given_up_ || (verdicts_.obsolete && verdicts_.obsolete());
    out_of_time_ = out_of_time_ || (!given_up_ && verdicts_.out_of_time && verdicts_.out_of_time());
    given_up_ = given_up_ || out_of_time_;
    if (given_up_) {
      return;
    }
    of_subject_arena_.clear();
    of_subject_.emplace(context_in(of_subject_arena_));
    for (const std::uint32_t number : known_lets_) {
      same_lets_[number].reset();
    }
    known_lets_.clear();
    const BlockReads* reads = subject.block != nullptr ? rules_.local_reads(target) : nullptr;
    std::vector<bool>* equal_block = nullptr;
    for (std::size_t i = 0; i < target.rules.size(); ++i) {
      if (known_quiet_ && quiet_->quiet[judgement_++]) {
        continue;
      }
      const PreparedRule& rule = rules_.prepare(target, i);
      bool quiet = subject.block != nullptr && rule.is_closed(subject.block->name).value_or(false);
      if (!quiet && reads != nullptr) {
        equal_block = rules_.quiet().of(*subject.block, *reads, artifacts_, target.rules.size());
        reads = nullptr;  // asked once
      }
      quiet = quiet || (equal_block != nullptr && (*equal_block)[i]);
      if (!quiet) {
        const std::size_t said = said_so_far();
        held_back_ = false;
        scratch_.clear();
        context_.emplace(context_in(scratch_));
        apply(rule, subject);
        quiet = said_so_far() == said && !held_back_;
        if (equal_block != nullptr && quiet && rules_.block_needs(rule).local) {
          (*equal_block)[i] = true;
        }
      }
      if (quiet_ != nullptr && !known_quiet_) {
        quiet_->quiet.push_back(quiet);
      }
    }
    views_.end_subject();
  }

  /// Grows with everything that a judgement puts down.
  [[nodiscard]] std::size_t said_so_far() const {
    return taken_ + verdicts_.findings.size() + verdicts_.unresolved.size() + verdicts_.diagnostics.size() +
           verdicts_.proposals.size() + verdicts_.claims.size();
  }

  /// Whether what the header of a block names leaves nothing to check; asked once of each name.
  bool is_closed(const PreparedRule& prepared, const model::ConfigurationBlock& block, const RuleScope& scope) {
    const std::vector<const Expression*>& gates = rules_.block_needs(prepared).gates;
    if (gates.empty()) {
      return false;
    }
    std::optional<bool> known = prepared.is_closed(block.name);
    if (!known) {
      known = std::ranges::all_of(gates, [&](const Expression* gate) {
        const Value value = eval::evaluate(*gate, scope, *context_);
        return value.is_bool() && !value.boolean();
      });
      rules_.set_closed(prepared, block.name, *known);
    }
    return *known;
  }

  void apply(const PreparedRule& prepared, const Subject& subject) {
    Evidence evidence;
    RuleContext functions{configuration_, artifacts_, views_, evidence, subject.resource};
    RuleScope scope(rules_, prepared, subject, functions,
                    {lasting_, shared_lets(prepared), *of_subject_, same_lets_, known_lets_});
    if (subject.block != nullptr && is_closed(prepared, *subject.block, scope)) {
      return;
    }
    for (const PreparedCheck& check : prepared.checks) {
      evidence = {};
      scope.clear_item();
      if (check.each == nullptr) {
        judge_one(prepared, check, subject, scope, functions, nullptr);
        continue;
      }
      const Value list = eval::evaluate(*check.each, scope, *context_);
      const auto judge_item = [&](const Value& item) {
        scope.set_item(item);
        judge_one(prepared, check, subject, scope, functions, &item);
      };
      if (const std::optional<Value> decided = whichever(check, list, scope, functions)) {
        std::ranges::for_each(decided->held(), judge_item);
        continue;
      }
      std::ranges::for_each(list.held(), judge_item);
      std::ranges::for_each(list.members(), judge_item, &eval::Member::value);
      // What is wrong with every element is wrong however many there are; of which something has to be known, or there
      // may be none. Where a condition chooses the elements, it may choose none.
      const Value* element = list.is_unknown() && !list.unknown().filtered ? list.unknown().element : nullptr;
      if (element != nullptr && !may_be_anything(*element)) {
        judge_item(*element);
      } else if (list.is_unknown() || list.is_error()) {
        unresolved(prepared, subject, list, subject.header);
      }
    }
  }

  std::vector<SharedValue>& shared_lets(const PreparedRule& rule) {
    if (shared_lets_.size() <= rule.number) {
      shared_lets_.resize(rule.number + 1);
    }
    return shared_lets_[rule.number];
  }

  /// Of a list that is one of several: an empty one where a check holds for all elements of each of them, the first
  /// where it fails for some element of each. Nothing where it hangs on which of them it is.
  std::optional<Value> whichever(const PreparedCheck& check, const Value& list, RuleScope& scope,
                                 RuleContext& functions) {
    if (!list.is_unknown() || list.unknown().alternatives.empty() || check.unique != nullptr) {
      return std::nullopt;
    }
    const std::span<const Value> alternatives = list.unknown().alternatives;
    std::optional<Truth> all;
    for (const Value& alternative : alternatives) {
      if (!alternative.is_sequence()) {
        return std::nullopt;
      }
      Truth one = Truth::kYes;
      for (const Value& item : alternative.elements()) {
        scope.set_item(item);
        functions.evidence = {};
        one = one & holds(check, scope);
      }
      if (one == Truth::kUnknown || (all && *all != one)) {
        return std::nullopt;
      }
      all = one;
    }
    return all == Truth::kYes ? eval::make_tuple(context_->arena, {}) : alternatives.front();
  }

  /// What a check is worth for an element, without saying so.
  Truth holds(const PreparedCheck& check, const RuleScope& scope) {
    const Truth applies =
        check.given == nullptr ? Truth::kYes : truth_of(eval::evaluate(*check.given, scope, *context_), *context_);
    if (applies == Truth::kNo) {
      return Truth::kYes;
    }
    const Truth required = truth_of(eval::evaluate(*check.require, scope, *context_), *context_);
    return applies == Truth::kYes || required == Truth::kYes ? required : Truth::kUnknown;
  }

  /// Once for each rule and parameter: that a check applies to nothing because the organisation said nothing.
  void ask_for_parameters(const PreparedRule& rule, const PreparedCheck& check, const Subject& subject) {
    const auto [asked, is_new] = asked_.try_emplace(&check, false);
    if (!is_new) {
      held_back_ = held_back_ || asked->second;
      return;
    }
    for (const std::string_view name : needed_parameters(*check.given)) {
      const auto parameter = std::ranges::find(rule.parameters, name, &PreparedParameter::name);
      if (parameter == rule.parameters.end() || parameter->setting != nullptr) {
        continue;
      }
      asked->second = true;
      const bool is_first = verdicts_.asked.emplace(rule.rule->data->id, name).second;
      held_back_ = held_back_ || !is_first;
      if (!is_first && verdicts_.missed == nullptr) {
        continue;
      }
      findings::Unresolved note;
      note.rule = &rule.rule->description;
      note.message =
          "the parameter " + std::string(name) + " is not set, and so a check of this rule applies to nothing";
      note.about_parameter = true;
      std::vector<findings::TraceStep> ignored;
      note.region = reportable(subject.header, subject, ignored);
      if (verdicts_.missed != nullptr) {
        verdicts_.missed->push_back({rule.rule->data->id, name, note});
      }
      if (is_first && note.region.valid()) {
        put_down(std::move(note), verdicts_.unresolved, first_unresolved_);
      }
    }
  }

  void judge_one(const PreparedRule& rule, const PreparedCheck& check, const Subject& subject, RuleScope& scope,
                 RuleContext& functions, const Value* item) {
    Truth applies = Truth::kYes;
    if (check.given != nullptr) {
      const Value given = eval::evaluate(*check.given, scope, *context_);
      applies = truth_of(given, *context_);
      if (applies == Truth::kNo) {
        ask_for_parameters(rule, check, subject);
        return;
      }
      if (applies == Truth::kUnknown) {
        if (check.unique != nullptr) {
          claim(rule, check, subject, scope, functions, item, given);
          return;
        }
        // Only worth a note when the requirement fails; a requirement that holds anyway is decided.
        const Value require = eval::evaluate(*check.require, scope, *context_);
        if (truth_of(require, *context_) != Truth::kYes) {
          unresolved(rule, subject, given, subject.header);
        }
        return;
      }
    }
    functions.evidence = {};
    if (check.unique != nullptr) {
      claim(rule, check, subject, scope, functions, item, {});
      return;
    }
    const Value require = eval::evaluate(*check.require, scope, *context_);
    switch (truth_of(require, *context_)) {
      case Truth::kYes:
        return;
      case Truth::kUnknown:
        unresolved(rule, subject, require, place_of(rules_.report(check), subject, scope, functions, item));
        return;
      case Truth::kNo:
        break;
    }
    findings::Finding finding = finding_of(rule, check, subject, scope, functions, item);
    if (finding.region.valid()) {
      put_down(std::move(finding), verdicts_.findings, first_finding_);
    }
  }

  /// Puts down what no other root module may have; `doubt` is a value that leaves open whether the check applies.
  void claim(const PreparedRule& rule, const PreparedCheck& check, const Subject& subject, const RuleScope& scope,
             RuleContext& functions, const Value* item, const std::optional<Value>& doubt) {
    Claim claim;
    claim.check = static_cast<std::size_t>(&check - rule.checks.data());
    // A backend is that of the directory in which it is written, also in a file of Terragrunt.
    const bool backend = subject.block != nullptr && subject.block->kind == "backend" && subject.header.valid();
    claim.root = backend ? source::directory_of(artifacts_.get(subject.header.artifact).path())
                         : std::string(configuration_.directory());
    const Value value = doubt ? *doubt : eval::evaluate(*check.unique, scope, *context_);
    claim.open = doubt.has_value();
    const std::span<const Value> parts = value.is_sequence() ? value.elements() : std::span(&value, 1);
    for (const Value& part : parts) {
      const bool known = !part.is_error() && !part.is_null() && eval::first_unknown(part) == nullptr;
      claim.parts.push_back(known ? std::optional(text_of(part)) : std::nullopt);
    }
    claim.finding = finding_of(rule, check, subject, scope, functions, item);
    claim.unresolved = note_of(rule, subject, value, claim.finding.region);
    if (!value.is_error() && eval::first_unknown(value) == nullptr) {
      claim.unresolved.message = "depends on what is not written here";
    }
    verdicts_.claims.push_back(std::move(claim));
  }

  /// Where a finding points: `at`, the statement to blame, the judged block, the header.
  source::Region place_of(const PreparedReport& report, const Subject& subject, const RuleScope& scope,
                          const RuleContext& functions, const Value* item, const eval::Origin** origin = nullptr) {
    if (report.at != nullptr) {
      // Steps are dropped from the end until something is written down: self.a.b of a missing b points at a.
      const Expression& at = *report.at;
      if (at.kind == syntax::hcl::ExpressionKind::kTraversal) {
        syntax::hcl::Traversal shorter = syntax::hcl::as<syntax::hcl::Traversal>(at);
        while (true) {
          const Value value = eval::evaluate(shorter, scope, *context_);
          if (const eval::Origin* written = first_written(value.origin(), artifacts_); written != nullptr) {
            if (origin != nullptr) {
              *origin = written;
            }
            return written->region;
          }
          if (shorter.steps.empty()) {
            break;
          }
          shorter.steps = shorter.steps.first(shorter.steps.size() - 1);
        }
      } else {
        const Value value = eval::evaluate(at, scope, *context_);
        if (const eval::Origin* written = first_written(value.origin(), artifacts_); written != nullptr) {
          if (origin != nullptr) {
            *origin = written;
          }
          return written->region;
        }
      }
    }
    if (functions.evidence.culprit.valid()) {
      return functions.evidence.culprit;
    }
    if (item != nullptr) {
      if (const eval::Origin* written = first_written(item->origin(), artifacts_); written != nullptr) {
        if (origin != nullptr) {
          *origin = written;
        }
        return written->region;
      }
    }
    return subject.header;
  }

  /// Findings in modules that are not part of the project are reported at the call that brought them in. An invalid
  /// region means that the place is in a file that was only read for context.
  source::Region reportable(source::Region region, const Subject& subject, std::vector<findings::TraceStep>& trace) {
    const model::Module* module = subject.module;
    while (region.valid() && artifacts_.get(region.artifact).role() != source::Role::kProject && module != nullptr &&
           module->call.valid()) {
      if (artifacts_.get(region.artifact).role() != source::Role::kInternal) {
        trace.insert(trace.begin(), {region, "found here, in a module that is not part of the project"});
      }
      region = module->call;
      module = &configuration_.module(module->parent);
    }
    const auto given = [&](source::Region place) {
      return place.valid() && artifacts_.get(place.artifact).role() == source::Role::kProject;
    };
    if (given(region)) {
      return region;
    }
    // What a file of the project reads from elsewhere is reported where it is used.
    if (region.valid() && given(subject.header)) {
      trace.insert(trace.begin(), {region, "found here, in a file outside of what is analysed"});
      return subject.header;
    }
    held_back_ = true;
    return {};
  }

  /// What is reported, but for what tells it from others, see identify(); without a valid region when the place is in a
  /// file that was only read for context.
  findings::Finding finding_of(const PreparedRule& rule, const PreparedCheck& check, const Subject& subject,
                               const RuleScope& scope, RuleContext& functions, const Value* item) {
    const Evidence evidence = functions.evidence;
    const PreparedReport& report = rules_.report(check);
    findings::Finding finding;
    finding.rule = &rule.rule->description;
    finding.severity = rule.rule->severity;
    if (report.severity != nullptr) {
      if (const auto severity =
              findings::severity_from_name(text_of(eval::evaluate(*report.severity, scope, *context_)))) {
        finding.severity = *severity;
      }
    }
    finding.resource = subject.address();
    context_->for_people = true;
    const Value message = eval::evaluate(*report.message, scope, *context_);
    // What Terraform would not print is not printed here either.
    const bool sayable = !message.is_error() && !message.is_sensitive() && is_readable(message);
    finding.message = sayable ? text_of(message) : std::string(rule.rule->data->title);
    const eval::Origin* origin = nullptr;
    functions.evidence = evidence;
    const source::Region place = place_of(report, subject, scope, functions, item, &origin);
    context_->for_people = false;
    if (origin != nullptr) {
      finding.trace = trace_of(*origin, place, artifacts_);
    }
    if (subject.resource != nullptr && place.valid()) {
      trace_statement(*subject.resource, place, views_, artifacts_, finding.trace);
    }
    finding.region = reportable(place, subject, finding.trace);
    if (!finding.region.valid()) {
      return finding;
    }
    if (subject.outlined && !subject.module->assumed_version.empty()) {
      finding.trace.push_back({subject.module->call, "version " + std::string(subject.module->assumed_version) +
                                                         " of the module, the newest that is known: the call sets no "
                                                         "limit"});
    }
    finding.witness = evidence.witness;
    if (report.fix != nullptr && verdicts_.make_fixes) {
      // A block of a module is fixed as a resource of its kind would be.
      model::Resource stand_in;
      stand_in.address = finding.resource;
      stand_in.config_address = finding.resource;
      if (subject.resource == nullptr && subject.block != nullptr) {
        stand_in.module = subject.module->id;
        stand_in.type = subject.block->kind;
        stand_in.name = subject.block->name;
        stand_in.body = &subject.block->body;
        stand_in.syntax = subject.block->syntax;
        stand_in.header = subject.block->header;
      } else if (subject.resource == nullptr) {
        stand_in.header = subject.header;
      }
      const model::Resource& fixed = subject.resource == nullptr ? stand_in : *subject.resource;
      FixProposal proposal = make_fix(*report.fix, fixed, item, functions, scope, *context_,
                                      verdicts_.syntax(artifacts_), verdicts_.all_proposals);
      if (verdicts_.all_proposals || proposal.alternatives.size() > 1) {
        finding.fix = proposal.alternatives.front().fix;
        finding.fix->proposal = static_cast<std::uint32_t>(verdicts_.proposals.size());
        verdicts_.proposals.push_back(std::move(proposal));
      } else {
        finding.fix = std::move(proposal.alternatives.front().fix);
      }
    }
    return finding;
  }

  void unresolved(const PreparedRule& rule, const Subject& subject, const Value& value, source::Region region) {
    findings::Unresolved note = note_of(rule, subject, value, region);
    if (note.region.valid()) {
      put_down(std::move(note), verdicts_.unresolved, first_unresolved_);
    }
  }

  /// That a rule could not decide, and why.
  findings::Unresolved note_of(const PreparedRule& rule, const Subject& subject, const Value& value,
                               source::Region region) {
    findings::Unresolved note;
    note.rule = &rule.rule->description;
    note.resource = subject.address();
    if (value.is_error()) {
      note.message = "could not be decided: " + std::string(value.error().message);
    } else if (const eval::Symbol* symbol = eval::first_unknown(value); symbol != nullptr) {
      note.message = depends_on(*symbol);
    } else {
      note.message = "could not be decided";
    }
    std::vector<findings::TraceStep> ignored;
    note.region = reportable(region, subject, ignored);
    return note;
  }

  const model::Configuration& configuration_;
  PreparedRules& rules_;
  const source::ArtifactStore& artifacts_;
  source::Budget budget_;
  eval::Context base_;
  source::Arena arena_;  // its own: a configuration whose values took all memory allowed is judged all the same
  eval::Context lasting_;
  Views views_;
  source::Arena scratch_{std::size_t{16} * 1024};  // nothing that a rule makes of a subject is needed after it
  std::optional<eval::Context> context_;
  source::Arena of_subject_arena_{std::size_t{16} * 1024};  // but what several rules ask for is kept for all of them
  std::optional<eval::Context> of_subject_;
  std::deque<SharedValue> same_lets_;      ///< by their numbers; those of names in a name that is worked out may come
  std::vector<std::uint32_t> known_lets_;  ///< the numbers of those that are known
  Verdicts& verdicts_;
  const std::size_t first_finding_;                   ///< of this configuration
  std::size_t taken_ = 0;                             ///< findings of this configuration that were taken away
  const std::size_t first_unresolved_;                ///< of this configuration
  std::deque<std::vector<SharedValue>> shared_lets_;  ///< by numbers of rules
  /// This judgement has something to say that is not put down: it has no place in the project, was said already, or is
  /// too much.
  bool held_back_ = false;
  QuietJudgements* quiet_ = nullptr;  ///< of this configuration, null when they are not remembered
  bool known_quiet_ = false;          ///< an equal one was judged before
  bool given_up_ = false;             ///< nobody waits for the rest, or something ran out
  bool too_many_ = false;             ///< findings are left out
  bool out_of_time_ = false;
  std::size_t judgement_ = 0;                             ///< the next one's number
  std::unordered_map<const PreparedCheck*, bool> asked_;  ///< for parameters, and whether any was missing
};

}  // namespace

void judge(const model::Configuration& configuration, PreparedRules& rules, const source::ArtifactStore& artifacts,
           const source::Limits& limits, Verdicts& verdicts) {
  Judge(configuration, rules, artifacts, limits, verdicts).run();
}

}  // namespace gabion::engine
