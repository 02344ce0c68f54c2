#include "lsp/definition.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace gabion::lsp {
namespace {

namespace hcl = syntax::hcl;
using terraform::CallDeclaration;
using terraform::Module;

/// A place, and all of what it stands for.
struct Origin {
  source::Region name;
  source::Region whole;
};

class Search {
 public:
  Search(ModuleView& modules, const Module& module, const SyntaxAt& at, std::uint32_t offset)
      : modules_(modules), module_(module), at_(at), offset_(offset) {}

  std::vector<Origin> run() {
    const hcl::Traversal* reference = this->reference();
    if (reference != nullptr) {
      follow(*reference);
    } else if (at_.attribute != nullptr) {
      attribute();
    } else if (at_.on_header && at_.blocks.size() == 1) {
      header(*at_.blocks.front());
    }
    return std::move(found_);
  }

 private:
  /// The reference under the cursor.
  [[nodiscard]] const hcl::Traversal* reference() const {
    if (at_.on_name || at_.expressions.empty() || at_.expressions.back()->kind != hcl::ExpressionKind::kTraversal) {
      return nullptr;
    }
    const auto& traversal = hcl::as<hcl::Traversal>(*at_.expressions.back());
    return traversal.root.empty() ? nullptr : &traversal;
  }

  void add(const hcl::Block& block) { found_.push_back({block.header, block.region}); }
  void add(const hcl::Attribute& attribute) { found_.push_back({attribute.name_region(), attribute.region}); }

  /// The name of a step; empty when it is none.
  static std::string_view step(const hcl::Traversal& reference, std::size_t index) {
    return index < reference.steps.size() && reference.steps[index].kind == hcl::StepKind::kAttribute
               ? reference.steps[index].name
               : std::string_view();
  }

  /// The step behind the instance key, if there is one.
  static std::size_t behind_key(const hcl::Traversal& reference, std::size_t index) {
    return index < reference.steps.size() && reference.steps[index].kind != hcl::StepKind::kAttribute ? index + 1
                                                                                                      : index;
  }

  /// Whether the cursor is on a step or behind it.
  [[nodiscard]] bool reaches(const hcl::Traversal& reference, std::size_t index) const {
    return index < reference.steps.size() && reference.steps[index].region.begin < offset_;
  }

  void follow(const hcl::Traversal& reference) {
    const std::string_view root = reference.root;
    if (loop_variable(root)) {
      return;
    }
    if (root == "var") {
      variable(module_, step(reference, 0));
    } else if (root == "local") {
      if (const auto index = module_.local(step(reference, 0))) {
        add(*module_.locals[*index].attribute);
      }
    } else if (root == "module") {
      call(reference);
    } else if (root == "each" || root == "count") {
      repetition(root == "each" ? "for_each" : "count");
    } else if (root == "self") {
      if (!at_.blocks.empty()) {
        add(*at_.blocks.front());
      }
    } else if (root == "data") {
      resource(reference, model::Mode::kData, step(reference, 0), step(reference, 1), 2);
    } else if (!provider(reference)) {
      resource(reference, model::Mode::kManaged, root, step(reference, 0), 1);
    }
  }

  /// Names that a for expression, a template or a dynamic block gives.
  bool loop_variable(std::string_view name) {
    for (auto at = at_.expressions.rbegin(); at != at_.expressions.rend(); ++at) {
      if ((*at)->kind != hcl::ExpressionKind::kFor) {
        continue;
      }
      const auto& loop = hcl::as<hcl::ForExpression>(**at);
      if (loop.key_variable == name || loop.value_variable == name) {
        found_.push_back({loop.collection->region, loop.region});
        return true;
      }
    }
    for (const hcl::TemplatePart* loop : at_.loops) {
      if (loop->directive()->key_variable == name || loop->directive()->value_variable == name) {
        found_.push_back({loop->expression()->region, loop->region});
        return true;
      }
    }
    for (auto at = at_.blocks.rbegin(); at != at_.blocks.rend(); ++at) {
      const hcl::Block& block = **at;
      if (block.type != "dynamic" || block.labels.empty()) {
        continue;
      }
      const hcl::Attribute* given = block.body->attribute("iterator");
      const bool renamed = given != nullptr && given->expression->kind == hcl::ExpressionKind::kTraversal;
      const std::string_view iterator =
          renamed ? hcl::as<hcl::Traversal>(*given->expression).root : block.labels.front().text();
      if (iterator == name) {
        const hcl::Attribute* each = block.body->attribute("for_each");
        if (each != nullptr) {
          add(*each);
        } else {
          add(block);
        }
        return true;
      }
    }
    return false;
  }

  void variable(const Module& module, std::string_view name) {
    const auto index = module.variable(name);
    if (!index) {
      return;
    }
    add(*module.variables[*index].block);
    given(module, name);
  }

  /// Where a variable of a module gets its value: arguments of calls, files of variables.
  void given(const Module& module, std::string_view name) {
    for (const auto& [caller, call] : modules_.workspace().calls_of(module.directory)) {
      if (const hcl::Attribute* argument = call->block->body->attribute(name)) {
        add(*argument);
      }
    }
    for (const std::string& path : modules_.files_in(module.directory)) {
      const std::string_view file = source::name_of(path);
      const bool automatic = file == "terraform.tfvars" || file.ends_with(".auto.tfvars");
      const source::Artifact* artifact = automatic ? modules_.artifact(path) : nullptr;
      const hcl::Body* tree = artifact == nullptr ? nullptr : modules_.tree(*artifact);
      if (const hcl::Attribute* value = tree == nullptr ? nullptr : tree->attribute(name)) {
        add(*value);
      }
    }
  }

  void call(const hcl::Traversal& reference) {
    const auto index = module_.call(step(reference, 0));
    if (!index) {
      return;
    }
    const CallDeclaration& call = module_.calls[*index];
    const std::size_t output = behind_key(reference, 1);
    const Module* callee = callee_of(call);
    if (callee != nullptr && reaches(reference, output)) {
      if (const auto found = callee->output(step(reference, output))) {
        const terraform::OutputDeclaration& declaration = callee->outputs[*found];
        add(*declaration.block);
      }
    }
    add(*call.block);
  }

  [[nodiscard]] const Module* callee_of(const CallDeclaration& call) {
    return call.directory.empty() ? nullptr : modules_.workspace().module(call.directory);
  }

  void resource(const hcl::Traversal& reference, model::Mode mode, std::string_view type, std::string_view name,
                std::size_t steps) {
    const auto index = module_.resource(mode, type, name);
    if (!index) {
      return;
    }
    const hcl::Block& block = *module_.resources[*index].block;
    const std::size_t next = behind_key(reference, steps);
    if (reaches(reference, next)) {
      if (const hcl::Attribute* attribute = block.body->attribute(step(reference, next))) {
        add(*attribute);
      }
    }
    add(block);
  }

  void repetition(std::string_view name) {
    for (auto at = at_.blocks.rbegin(); at != at_.blocks.rend(); ++at) {
      if ((*at)->type == "dynamic") {
        continue;
      }
      if (const hcl::Attribute* attribute = (*at)->body->attribute(name)) {
        add(*attribute);
        return;
      }
    }
  }

  /// aws.east in `provider` and `providers`.
  bool provider(const hcl::Traversal& reference) {
    if (at_.attribute == nullptr || (at_.attribute->name != "provider" && at_.attribute->name != "providers")) {
      return false;
    }
    for (const hcl::Block* block : module_.other_blocks) {
      if (block->type != "provider" || block->labels.empty() || block->labels.front().text() != reference.root) {
        continue;
      }
      const hcl::Attribute* alias = block->body->attribute("alias");
      const std::string_view written =
          alias == nullptr ? std::string_view() : terraform::literal_text(*alias->expression).value_or("");
      if (written == step(reference, 0)) {
        add(*block);
      }
    }
    return true;
  }

  /// An argument of a call leads to the variable, its source to the module.
  void attribute() {
    const bool in_call =
        at_.blocks.size() == 1 && at_.blocks.front()->type == "module" && !at_.blocks.front()->labels.empty();
    const auto index = in_call ? module_.call(at_.blocks.front()->labels.front().text()) : std::nullopt;
    const Module* callee = index ? callee_of(module_.calls[*index]) : nullptr;
    if (callee == nullptr) {
      return;
    }
    if (at_.attribute->name == "source") {
      const std::vector<std::string> files = modules_.files_in(callee->directory);
      const std::string main = source::join_path(callee->directory, "main.tf");
      const auto preferred = std::find(files.begin(), files.end(), main);
      const auto chosen = preferred != files.end() ? preferred : files.begin();
      if (const source::Artifact* file = chosen == files.end() ? nullptr : modules_.artifact(*chosen)) {
        found_.push_back({{file->id(), 0, 0}, {file->id(), 0, 0}});
      }
    } else if (at_.on_name) {
      if (const auto declared = callee->variable(at_.attribute->name)) {
        add(*callee->variables[*declared].block);
      }
    }
  }

  /// The header of a variable leads to where it gets its value.
  void header(const hcl::Block& block) {
    if (block.type == "variable" && block.labels.size() == 1) {
      given(module_, block.labels.front().text());
    }
  }

  ModuleView& modules_;
  const Module& module_;
  const SyntaxAt& at_;
  std::uint32_t offset_;
  std::vector<Origin> found_;
};

}  // namespace

Json definition(ModuleView& modules, const source::Artifact& artifact, std::uint32_t offset, ClientView& view,
                bool links) {
  const hcl::Body* tree = modules.tree(artifact);
  const Module* module = modules.ready() ? modules.workspace().module(source::directory_of(artifact.path())) : nullptr;
  if (tree == nullptr || module == nullptr) {
    return nullptr;
  }
  Json result = Json::array();
  for (const Origin& origin : Search(modules, *module, syntax_at(*tree, offset), offset).run()) {
    if (!links) {
      result.push_back(view.location(origin.name));
      continue;
    }
    result.push_back({{"targetUri", view.uri(view.artifacts().get(origin.name.artifact).path())},
                      {"targetRange", to_json(view.range(origin.whole))},
                      {"targetSelectionRange", to_json(view.range(origin.name))}});
  }
  return result.empty() ? Json() : result;
}

}  // namespace gabion::lsp
