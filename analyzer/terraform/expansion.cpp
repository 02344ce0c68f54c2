#include "terraform/expansion.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "eval/limits.h"
#include "syntax/json/parser.h"
#include "terraform/constant_scope.h"
#include "terraform/module_instance.h"

namespace gabion::terraform {

using findings::DiagnosticSeverity;

Expansion::Expansion(Library& library, const std::string& directory, const RootChoice& choice)
    : library_(library),
      directory_(directory),
      configuration_(std::make_unique<model::Configuration>(library.options().limits)),
      files_(library, directory, [this](std::string_view path, source::Region region) { report_unread(path, region); }),
      context_(configuration_->context()),
      variables_(library, directory,
                 choice.environment != nullptr ? choice.environment->variables : library.options().variables),
      workspace_(choice.workspace),
      workspace_is_open_(choice.workspace_is_open && !choice.workspace) {
  context_.files = &files_;
  context_.observer = library.observer();
  context_.remembered = &remembered_;
  context_.patterns = &patterns_;
  configuration_->set_directory(context_.arena.copy(directory));
  if (const auto moved = library.options().environment.find("TF_DATA_DIR");
      moved != library.options().environment.end() && !moved->second.empty()) {
    library.allow(library.data_directory(directory));
  }
  read_manifest();
  const Module* found = library.module(directory);
  const Module& module = found != nullptr ? *found : library.empty_module();
  variables_.check(module, *this);
  root_ = std::make_unique<ModuleInstance>(*this, module);
}

Expansion::~Expansion() = default;

void Expansion::read_manifest() {
  const std::string path = source::join_path(library_.data_directory(directory_), "modules/modules.json");
  if (!library_.files().status(path) || !library_.may_read(path)) {
    return;
  }
  const auto artifact = library_.artifact(path);
  if (!artifact) {
    return;
  }
  const auto parsed =
      syntax::json::parse((*artifact)->bytes(), (*artifact)->whole(), context_.arena, library_.options().limits);
  const syntax::json::Value* modules = parsed.value != nullptr ? parsed.value->member("Modules") : nullptr;
  if (modules == nullptr) {
    report(DiagnosticSeverity::kWarning, "module-manifest", "the list of downloaded modules cannot be read",
           "run terraform init again", (*artifact)->whole());
    return;
  }
  for (const syntax::json::Value& entry : modules->elements) {
    const syntax::json::Value* key = entry.member("Key");
    const syntax::json::Value* target = entry.member("Dir");
    if (key != nullptr && target != nullptr && !key->text.empty()) {
      manifest_.emplace(key->text, source::join_path(directory_, target->text));
    }
  }
}

std::string Expansion::downloaded(const std::string& call_path) const {
  const auto found = manifest_.find(call_path);
  return found == manifest_.end() ? std::string{} : found->second;
}

void Expansion::report(DiagnosticSeverity severity, std::string code, std::string message, std::string hint,
                       source::Region region, std::string path) {
  if (reported_.emplace(region, code, message).second) {
    configuration_->mutable_diagnostics().push_back(
        {severity, std::move(code), std::move(message), std::move(hint), region, std::move(path)});
  }
}

void Expansion::report_unread(std::string_view path, source::Region region) {
  report(DiagnosticSeverity::kWarning, "file-outside",
         "\"" + std::string(path) + "\" lies outside of the project and is not read",
         "scan a directory that holds it too, or allow it with --allow-outside", region);
}

eval::Value Expansion::invalid(std::string_view name, source::Region region) {
  const eval::Symbol* symbol = context_.symbols.intern({eval::Reason::kInvalid, name, {}, {}, region});
  return eval::make_unknown(context_.arena, eval::kDynamicType, symbol);
}

eval::Value Expansion::settle(const eval::Value& value, std::string_view name) {
  if (value.is_unknown() && value.unknown().symbol->reason == eval::Reason::kBudget && !limit_reported_) {
    limit_reported_ = true;
    report(DiagnosticSeverity::kError, "evaluation-limit",
           std::string(name) + " is not evaluated: " + eval::explain(*value.unknown().symbol),
           "it and what depends on it are taken as unknown", value.unknown().symbol->region);
  }
  if (!value.is_error()) {
    return value;
  }
  const eval::EvaluationError& error = value.error();
  if (eval::is_limit(error)) {
    report(DiagnosticSeverity::kError, "evaluation-limit",
           std::string(name) + " is not evaluated: " + std::string(error.message),
           "it and what depends on it are taken as unknown", error.region);
  } else {
    report(DiagnosticSeverity::kWarning, "evaluation", std::string(error.message), "", error.region);
  }
  return invalid(name, error.region).with_origin(value.origin());
}

Expansion::Evaluated Expansion::evaluate(const hcl::Expression& expression, const eval::Scope& scope,
                                         eval::Context& context) {
  const bool met_before = meet_mended(false);
  const eval::Value value = eval::evaluate(expression, scope, context);
  return {value, meet_mended(met_before)};
}

eval::Value Expansion::settle(const Evaluated& evaluated, const hcl::Expression& expression, const eval::Scope& scope,
                              std::string_view name, eval::Context& context) {
  const eval::Value& value = evaluated.value;
  const eval::Value settled = settle(value, name);
  if (value.is_error() ? eval::is_limit(value.error()) : !evaluated.met_mended) {
    return settled;
  }
  const eval::Value rest = eval::evaluate_around_errors(expression, scope, context);
  if (rest.is_error()) {
    return settled;
  }
  // A node of its own, since what is a part of this value need not be mended where it comes from.
  const eval::Value mended = eval::Value(&eval::duplicate(context.arena, settle(rest, name).node()), rest.origin());
  mended_.emplace(&mended.node(), settled);
  return mended;
}

void Expansion::note_made_of(const eval::Value& given, const eval::Value& made) {
  if (const eval::Value* before = before_mending(given); before != nullptr && &given.node() != &made.node()) {
    mended_.emplace(&made.node(), *before);
  }
}

const eval::Value* Expansion::before_mending(const eval::Value& value) const {
  const auto found = mended_.find(&value.node());
  return found == mended_.end() ? nullptr : &found->second;
}

eval::Value Expansion::workspace(source::Region asked_at) {
  if (!workspace_asked_) {
    workspace_asked_ = true;
    workspace_asked_at_ = asked_at;
  }
  if (!workspace_is_open_) {
    return eval::make_string(context_.arena, workspace_.value_or("default"));
  }
  eval::Unknown detail;
  detail.symbol = context_.symbols.intern({eval::Reason::kVariable, "terraform.workspace", {}, {}, {}});
  detail.not_null = true;
  return eval::make_unknown(context_.arena, eval::kStringType, detail);
}

bool Expansion::take_instance(source::Region region, std::uint32_t weight) {
  if (instances_ + weight > context_.limits.total_instances) {
    report(DiagnosticSeverity::kError, "instance-limit",
           "there are more than " + std::to_string(context_.limits.total_instances) + " instances",
           "the rest is not analysed; analyse parts of the configuration one by one", region);
    return false;
  }
  instances_ += weight;
  return true;
}

std::span<const std::pair<std::string_view, eval::Value>> Expansion::copy_outputs(
    const std::vector<std::pair<std::string_view, eval::Value>>& outputs) {
  using Output = std::pair<std::string_view, eval::Value>;
  if (outputs.empty()) {
    return {};
  }
  auto* memory = static_cast<Output*>(context_.arena.allocate(outputs.size() * sizeof(Output), alignof(Output)));
  std::uninitialized_copy(outputs.begin(), outputs.end(), memory);
  return {memory, outputs.size()};
}

model::Body Expansion::with_backend_configuration(const model::Body& body) {
  std::vector<model::Attribute> attributes(body.attributes.begin(), body.attributes.end());
  for (const std::string& path : library_.options().backend_configuration) {
    const hcl::Body* given = library_.attributes_file(path);
    if (given == nullptr) {
      continue;
    }
    for (const hcl::Attribute& written : given->attributes) {
      const eval::Value value = settle(eval::evaluate(*written.expression, ConstantScope{}, context_),
                                       "backend." + std::string(written.name));
      const model::Attribute attribute = model::attribute_of(written, value);
      const auto known =
          std::find_if(attributes.begin(), attributes.end(), [&](const auto& a) { return a.name() == written.name; });
      if (known != attributes.end()) {
        *known = attribute;
      } else {
        attributes.push_back(attribute);
      }
    }
  }
  model::Body result = body;
  result.attributes = context_.arena.copy(attributes);
  return result;
}

std::unique_ptr<model::Configuration> Expansion::finish() {
  root_->freeze(model::ModuleId{}, true);
  if (context_.budget.exhausted() && !limit_reported_) {
    report(DiagnosticSeverity::kError, "step-limit",
           "evaluation of " + directory_ + " took more than " + std::to_string(context_.limits.steps) + " steps",
           "what was left is taken as unknown", {});
  }
  root_.reset();
  configuration_->freeze();
  return std::move(configuration_);
}

}  // namespace gabion::terraform
