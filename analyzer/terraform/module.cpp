#include "terraform/module.h"

#include <utility>

#include "source/file_system.h"

namespace gabion::terraform {
namespace {

using findings::Diagnostic;
using findings::Diagnostics;
using findings::DiagnosticSeverity;

void warn(Diagnostics& diagnostics, std::string code, std::string message, source::Region region, std::string hint) {
  diagnostics.push_back(
      {DiagnosticSeverity::kWarning, std::move(code), std::move(message), std::move(hint), region, {}});
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

void warn_of_duplicate(std::string_view what, std::string_view name, source::Region region, Diagnostics& diagnostics) {
  warn(diagnostics, "duplicate-declaration", std::string(what) + " " + quoted(name) + " is declared more than once",
       region, "rename or remove one of them; expressions see the first");
}

/// Remembers the first declaration of a name, of which `known` says whether there is one, and warns of the others.
void remember(source::HashIndex& index, bool known, std::size_t position, std::string_view what, std::string_view name,
              source::Region region, Diagnostics& diagnostics) {
  if (known) {
    warn_of_duplicate(what, name, region, diagnostics);
  } else {
    index.add(source::hash_of(name), static_cast<std::uint32_t>(position));
  }
}

bool has_labels(const hcl::Block& block, std::size_t count, Diagnostics& diagnostics) {
  if (block.labels.size() >= count) {
    return true;
  }
  diagnostics.push_back(
      {DiagnosticSeverity::kError,
       "missing-label",
       std::string(block.type) + " block has " + std::to_string(block.labels.size()) + " labels, needs " +
           std::to_string(count),
       "name the block: " + std::string(block.type) + (count == 2 ? " \"type\" \"name\"" : " \"name\""),
       block.header,
       {}});
  return false;
}

/// "aws" or "aws.east" of a provider argument, written as a reference or (in JSON) as a string.
std::string_view provider_name(std::string_view type, const hcl::Attribute* argument, source::Arena& arena) {
  if (argument != nullptr) {
    if (const auto text = literal_text(*argument->expression)) {
      return *text;
    }
    if (argument->expression->kind == hcl::ExpressionKind::kTraversal) {
      const auto& reference = hcl::as<hcl::Traversal>(*argument->expression);
      return arena.copy(std::string(reference.root) + "." + std::string(reference.steps.front().name));
    }
  }
  return type.substr(0, type.find('_'));
}

}  // namespace

std::optional<std::string_view> literal_text(const hcl::Expression& expression) {
  if (expression.kind == hcl::ExpressionKind::kTemplate) {
    const auto& text = hcl::as<hcl::TemplateExpression>(expression);
    if (text.is_literal()) {
      return text.literal();
    }
  }
  if (expression.kind == hcl::ExpressionKind::kTraversal) {
    const auto& word = hcl::as<hcl::Traversal>(expression);
    if (word.steps.empty() && !word.root.empty()) {
      return word.root;
    }
  }
  return std::nullopt;
}

bool literal_flag(const hcl::Body& body, std::string_view name, bool otherwise) {
  const hcl::Attribute* attribute = body.attribute(name);
  if (attribute == nullptr) {
    return otherwise;
  }
  if (attribute->expression->kind == hcl::ExpressionKind::kBool) {
    return hcl::as<hcl::BoolLiteral>(*attribute->expression).value;
  }
  const auto text = literal_text(*attribute->expression);
  return text ? *text == "true" : otherwise;
}

bool is_local_source(std::string_view source) {
  return source == "." || source == ".." || source.starts_with("./") || source.starts_with("../") ||
         source.starts_with(".\\") || source.starts_with("..\\");
}

std::optional<std::uint32_t> Module::resource(model::Mode mode, std::string_view type, std::string_view name) const {
  return find_resource(mode, false, type, name);
}

std::optional<std::uint32_t> Module::ephemeral(std::string_view type, std::string_view name) const {
  return find_resource(model::Mode::kData, true, type, name);
}

std::optional<std::uint32_t> Module::find_resource(model::Mode mode, bool ephemeral, std::string_view type,
                                                   std::string_view name) const {
  return resource_index_.find(hash_of_resource(type, name), [&](std::uint32_t number) {
    const ResourceDeclaration& known = resources[number];
    return known.mode == mode && known.ephemeral == ephemeral && known.type() == type && known.name() == name;
  });
}

void Module::end_evaluations() {
  resources = {};
  resource_index_ = {};
}

void Module::declare_resource(const hcl::Block& block, source::Arena& arena, Diagnostics& diagnostics) {
  if (!has_labels(block, 2, diagnostics)) {
    return;
  }
  ResourceDeclaration declaration;
  declaration.mode = block.type == "resource" ? model::Mode::kManaged : model::Mode::kData;
  declaration.ephemeral = block.type == "ephemeral";
  declaration.block = &block;
  const std::string_view provider = provider_name(declaration.type(), block.body->attribute("provider"), arena);
  declaration.provider_text = provider.data();
  declaration.provider_size = static_cast<std::uint32_t>(provider.size());
  if (find_resource(declaration.mode, declaration.ephemeral, declaration.type(), declaration.name())) {
    warn_of_duplicate(block.type == "data" ? "data source" : block.type,
                      std::string(declaration.type()) + "." + std::string(declaration.name()), block.header,
                      diagnostics);
  } else {
    resource_index_.add(hash_of_resource(declaration.type(), declaration.name()),
                        static_cast<std::uint32_t>(resources.size()));
  }
  resources.push_back(declaration);
}

void Module::declare_call(const hcl::Block& block, Diagnostics& diagnostics) {
  if (!has_labels(block, 1, diagnostics)) {
    return;
  }
  CallDeclaration declaration;
  declaration.name = block.labels[0].text();
  declaration.block = &block;
  declaration.count = block.body->attribute("count");
  declaration.for_each = block.body->attribute("for_each");
  if (const hcl::Attribute* source = block.body->attribute("source")) {
    declaration.source = literal_text(*source->expression).value_or(std::string_view{});
  }
  if (const hcl::Attribute* version = block.body->attribute("version")) {
    declaration.version = literal_text(*version->expression).value_or(std::string_view{});
  }
  if (is_local_source(declaration.source)) {
    declaration.directory = source::join_path(directory, declaration.source);
  }
  remember(call_index_, call(declaration.name).has_value(), calls.size(), "module", declaration.name, block.header,
           diagnostics);
  calls.push_back(std::move(declaration));
}

void Module::declare(const std::vector<const hcl::Block*>& blocks, source::Arena& arena, Diagnostics& diagnostics) {
  const auto count = [&](std::string_view type) {
    return static_cast<std::size_t>(
        std::ranges::count_if(blocks, [&](const hcl::Block* block) { return block->type == type; }));
  };
  variables.reserve(variables.size() + count("variable"));
  resources.reserve(resources.size() + count("resource") + count("data"));
  for (const hcl::Block* block : blocks) {
    if (block->type == "resource" || block->type == "data" || block->type == "ephemeral") {
      declare_resource(*block, arena, diagnostics);
    } else if (block->type == "module") {
      declare_call(*block, diagnostics);
    } else if (block->type == "variable") {
      if (has_labels(*block, 1, diagnostics)) {
        VariableDeclaration declaration;
        declaration.name = block->labels[0].text();
        declaration.block = block;
        declaration.type_attribute = block->body->attribute("type");
        declaration.fallback_attribute = block->body->attribute("default");
        declaration.nullable = literal_flag(*block->body, "nullable", true);
        declaration.sensitive = literal_flag(*block->body, "sensitive", false);
        declaration.ephemeral = literal_flag(*block->body, "ephemeral", false);
        remember(variable_index_, variable(declaration.name).has_value(), variables.size(), "variable",
                 declaration.name, block->header, diagnostics);
        variables.push_back(declaration);
      }
    } else if (block->type == "output") {
      if (has_labels(*block, 1, diagnostics)) {
        OutputDeclaration declaration;
        declaration.name = block->labels[0].text();
        declaration.block = block;
        declaration.value = block->body->attribute("value");
        declaration.sensitive = literal_flag(*block->body, "sensitive", false);
        remember(output_index_, output(declaration.name).has_value(), outputs.size(), "output", declaration.name,
                 block->header, diagnostics);
        outputs.push_back(declaration);
      }
    } else if (block->type == "locals") {
      for (const hcl::Attribute& attribute : block->body->attributes) {
        remember(local_index_, local(attribute.name).has_value(), locals.size(), "local", attribute.name,
                 attribute.name_region(), diagnostics);
        locals.push_back({attribute.name, &attribute});
      }
    } else {
      if (block->type == "check") {
        // Data sources of a check are read like others; only its own assertions may refer to them.
        for (const hcl::Block& nested : block->body->blocks) {
          if (nested.type == "data") {
            declare_resource(nested, arena, diagnostics);
          }
        }
      }
      other_blocks.push_back(block);
    }
  }
}

}  // namespace gabion::terraform
