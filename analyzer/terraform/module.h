// A module as it is written: the files of one directory, overrides merged, every declaration by name. Made once by
// Library and shared by all instances of the module in all root modules; holds no values but those that cannot differ.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/type.h"
#include "eval/value.h"
#include "findings/diagnostic.h"
#include "model/model.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/hash.h"
#include "source/hash_index.h"
#include "syntax/hcl/ast.h"
#include "terraform/narrowing.h"

namespace gabion::terraform {

namespace hcl = syntax::hcl;

/// variable "name" { ... }
struct VariableDeclaration {
  std::string_view name;
  const hcl::Block* block = nullptr;
  const hcl::Attribute* type_attribute = nullptr;
  const hcl::Attribute* fallback_attribute = nullptr;  ///< `default`
  const eval::Type* type = &eval::kDynamicType;
  bool literal = true;  ///< texts from the command line are strings rather than expressions
  bool nullable = true;
  bool sensitive = false;
  bool ephemeral = false;
  std::optional<eval::Value> fallback;  ///< default after conversion, if there is one
  bool default_holds = false;           ///< its conditions surely let the default pass
  Narrowing narrowing;                  ///< what its validation conditions leave
};

/// One name of a locals block.
struct LocalDeclaration {
  std::string_view name;
  const hcl::Attribute* attribute = nullptr;
};

/// output "name" { ... }
struct OutputDeclaration {
  std::string_view name;
  const hcl::Block* block = nullptr;
  const hcl::Attribute* value = nullptr;
  bool sensitive = false;
};

/// resource, data or ephemeral "type" "name" { ... }
struct ResourceDeclaration {
  const hcl::Block* block = nullptr;  ///< never null, with two labels
  const char* provider_text = nullptr;
  std::uint32_t provider_size = 0;
  model::Mode mode = model::Mode::kManaged;
  bool ephemeral = false;  ///< seen by expressions, but no part of what is planned

  [[nodiscard]] std::string_view type() const { return block->labels[0].text(); }
  [[nodiscard]] std::string_view name() const { return block->labels[1].text(); }
  [[nodiscard]] const hcl::Attribute* count() const { return block->body->attribute("count"); }
  [[nodiscard]] const hcl::Attribute* for_each() const { return block->body->attribute("for_each"); }
  /// "aws", "aws.east"
  [[nodiscard]] std::string_view provider() const { return {provider_text, provider_size}; }
};
static_assert(sizeof(ResourceDeclaration) == 24);

/// module "name" { ... }
struct CallDeclaration {
  std::string_view name;
  const hcl::Block* block = nullptr;
  const hcl::Attribute* count = nullptr;
  const hcl::Attribute* for_each = nullptr;
  std::string_view source;   ///< empty when it is not a literal
  std::string_view version;  ///< likewise
  std::string directory;     ///< of a local source, as printed; else empty
};

/// Everything that one directory declares. Lists are in the order of the files' names and of the lines in them.
class Module {
 public:
  std::string directory;
  source::Role role = source::Role::kProject;
  bool outline = false;  ///< stands for a module that is not here: of that, it declares what rules ask about
  std::vector<VariableDeclaration> variables;
  std::vector<LocalDeclaration> locals;
  std::vector<OutputDeclaration> outputs;
  std::vector<ResourceDeclaration> resources;
  std::vector<CallDeclaration> calls;
  std::vector<const hcl::Block*> other_blocks;  ///< provider, terraform, moved, import, check ...
  /// Blocks of variables: the same for all instances.
  std::vector<model::ConfigurationBlock> variable_blocks;

  /// Index into the list, or nothing.
  [[nodiscard]] std::optional<std::uint32_t> variable(std::string_view name) const {
    return find(variable_index_, variables, name);
  }
  [[nodiscard]] std::optional<std::uint32_t> local(std::string_view name) const {
    return find(local_index_, locals, name);
  }
  [[nodiscard]] std::optional<std::uint32_t> output(std::string_view name) const {
    return find(output_index_, outputs, name);
  }
  [[nodiscard]] std::optional<std::uint32_t> call(std::string_view name) const {
    return find(call_index_, calls, name);
  }
  [[nodiscard]] std::optional<std::uint32_t> resource(model::Mode mode, std::string_view type,
                                                      std::string_view name) const;
  [[nodiscard]] std::optional<std::uint32_t> ephemeral(std::string_view type, std::string_view name) const;

  /// Adds the declarations of merged top-level blocks. What Terraform would refuse (duplicates, missing labels) becomes
  /// a warning; of duplicates expressions see the first.
  void declare(const std::vector<const hcl::Block*>& blocks, source::Arena& arena, findings::Diagnostics& diagnostics);
  /// Forgets its resources, of which there may be very many: nobody will evaluate it again.
  void end_evaluations();

 private:
  [[nodiscard]] static std::uint64_t hash_of_resource(std::string_view type, std::string_view name) {
    return source::hash_of(type) * 31 + source::hash_of(name);
  }
  [[nodiscard]] std::optional<std::uint32_t> find_resource(model::Mode mode, bool ephemeral, std::string_view type,
                                                           std::string_view name) const;
  template <class Declarations>
  [[nodiscard]] static std::optional<std::uint32_t> find(const source::HashIndex& index,
                                                         const Declarations& declarations, std::string_view name) {
    return index.find(source::hash_of(name), [&](std::uint32_t number) { return declarations[number].name == name; });
  }

  void declare_resource(const hcl::Block& block, source::Arena& arena, findings::Diagnostics& diagnostics);
  void declare_call(const hcl::Block& block, findings::Diagnostics& diagnostics);

  source::HashIndex variable_index_;
  source::HashIndex local_index_;
  source::HashIndex output_index_;
  source::HashIndex call_index_;
  source::HashIndex resource_index_;
};

/// The text of an expression that is a plain string or a bare word; nothing for anything else.
[[nodiscard]] std::optional<std::string_view> literal_text(const hcl::Expression& expression);
/// The value of an attribute that is the literal true (or "true"); `otherwise` when it is absent or not literal.
[[nodiscard]] bool literal_flag(const hcl::Body& body, std::string_view name, bool otherwise);
/// True for "./x", "../x", "." and "..".
[[nodiscard]] bool is_local_source(std::string_view source);

}  // namespace gabion::terraform
