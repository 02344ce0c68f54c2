#include <algorithm>
#include <utility>

#include "aws/provider_schema.h"
#include "engine/fix_maker.h"
#include "engine/fix_text.h"
#include "source/file_system.h"

namespace gabion::engine {

using eval::Value;

bool FixMaker::declare_data(FixBuilder& builder) {
  for (const auto& [type, name] : data_.added()) {
    if (!builder.writes("data." + type + "." + name)) {
      continue;  // an alternative that was not taken
    }
    // A data source is read once, wherever the instances of the judged resource are.
    if (const syntax::hcl::Attribute* region = own_region(resource_);
        region != nullptr && aws::takes_region(type) && names_instance(*region->expression)) {
      problem_ = "each instance says for itself in which Region it is";
      return false;
    }
    NewBlock body;
    body.type = "data \"" + type + "\" \"" + name + "\"";
    body.attributes = data_.arguments(type);
    if (!builder.declare("data", std::move(body))) {
      problem_ = builder.problem();
      return false;
    }
    changes_.push_back({"data." + type, "", true, {}, {}});
  }
  return true;
}

std::vector<std::string> FixMaker::declared(const FixBuilder& builder) const {
  std::vector<std::string> result;
  for (const std::string& name : builder.declared()) {
    result.push_back(std::string(module_.directory) + ": " + name);
  }
  return result;
}

bool FixMaker::declare(const PreparedDeclaration& given, FixBuilder& builder) {
  const bool variable = given.block == "variable";
  if (variable && module_.call_syntax != nullptr) {
    problem_ = "the module is called, so that every call would have to give the new variable a value";
    return false;
  }
  NewBlock body;
  body.type = std::string(given.block) + " \"" + name_of(given) + "\"";
  if (!attributes(given.set, fix_scope_, style_inside(), body) || !builder.declare(given.block, std::move(body))) {
    problem_ = problem_.empty() ? builder.problem() : problem_;
    return false;
  }
  changes_.push_back({std::string(given.block), "", true, {}, {}});
  return true;
}

bool FixMaker::attributes(const std::vector<PreparedName>& given, const eval::Scope& scope, const FixStyle& style,
                          NewBlock& body) {
  for (const PreparedName& set : given) {
    bool left_out = false;
    const auto value = value_of(*set.expression, scope, left_out);
    if (value && set.name.ends_with("[]")) {
      if (!add_nested_list(body, set.name.substr(0, set.name.size() - 2), *value, style)) {
        return false;
      }
      continue;
    }
    const auto printed = value ? print(*value, style) : std::nullopt;
    if (!printed) {
      return false;
    }
    if (!left_out) {
      add_nested(body, set.name, *printed);
    }
  }
  return true;
}

bool FixMaker::documents(const std::vector<PreparedName>& given, const FixScope& scope, const FixStyle& style,
                         NewBlock& body) {
  FixDocuments& known = syntax_.documents();
  for (const PreparedName& json : given) {
    const std::optional<FixDocuments::References> references = references_in(*json.expression, scope);
    const FixDocuments::Text* text = references ? known.find(*json.expression, *references, style) : nullptr;
    std::optional<FixDocuments::Text> made;
    if (text == nullptr) {
      made = document(*json.expression, scope, style);
      if (!made) {
        return false;
      }
      text = &*made;
    }
    manual_ = manual_ || text->has_hole;
    if (!text->text.empty()) {
      add_nested(body, json.name, text->text);
    }
    if (made && references) {
      known.keep(*json.expression, *references, style, std::move(*made));
    }
  }
  return true;
}

std::optional<FixDocuments::References> FixMaker::references_in(const syntax::hcl::Expression& document,
                                                                const FixScope& scope) {
  const std::vector<std::string_view>* const referred = syntax_.documents().referred(document);
  if (referred == nullptr) {
    return std::nullopt;
  }
  FixDocuments::References result;
  for (const std::string_view one : *referred) {
    std::optional<std::string> code = scope.code_of(one);
    if (!code) {
      return std::nullopt;
    }
    result.push_back(std::move(*code));
  }
  return result;
}

std::optional<FixDocuments::Text> FixMaker::document(const syntax::hcl::Expression& expression, const FixScope& scope,
                                                     const FixStyle& style) {
  bool left_out = false;
  const bool manual = std::exchange(manual_, false);
  auto value = value_of(expression, scope, left_out);
  FixDocuments::Text result{.text = {}, .has_hole = manual_};
  manual_ = manual_ || manual;
  if (!value) {
    return std::nullopt;
  }
  if (left_out) {
    return result;
  }
  order_statement(*value);
  for (auto& [name, member] : value->members) {
    if (name == "Statement" && member.kind == FixValue::Kind::kList) {
      std::for_each(member.elements.begin(), member.elements.end(), order_statement);
    }
  }
  const auto printed = print(*value, style);
  if (!printed) {
    return std::nullopt;
  }
  result.text = "jsonencode(" + *printed + ")";
  return result;
}

FixStyle FixMaker::style_inside() const {
  return resource_.syntax == nullptr ? FixStyle{} : style_in(*resource_.syntax);
}

FixStyle FixMaker::style_in(const syntax::hcl::Block& block) const {
  const source::Artifact& artifact = rule_.artifacts.get(block.region.artifact);
  FixStyle style;
  style.step = indentation_step(artifact.bytes());
  style.newline = newline_near(artifact.bytes(), block.region.begin);
  style.indent = std::string(indentation_at(artifact.bytes(), block.region.begin)) + style.step;
  // Inside of a JSON string a line end is an escape.
  style.multi_line = !artifact.path().ends_with(".json");
  return style;
}

bool FixMaker::line(const PreparedLine& given, FixBuilder& builder) {
  const Value file = eval::evaluate(*given.file, fix_scope_, context_);
  const Value text = eval::evaluate(*given.text, fix_scope_, context_);
  if (!file.is_string() || !text.is_string()) {
    return false;
  }
  if (builder.append_line(source::join_path(module_.directory, file.text()), text.text())) {
    return true;
  }
  problem_ = builder.problem();
  // A judged file belongs to no module: where that cannot be, its own directory does as well.
  return resource_.syntax == nullptr && resource_.header.valid() &&
         builder.append_line(
             source::join_path(source::directory_of(rule_.artifacts.get(resource_.header.artifact).path()),
                               file.text()),
             text.text());
}

bool FixMaker::is_needed(const PreparedCompanion& given) {
  if (given.when == nullptr) {
    return true;
  }
  const Value value = eval::evaluate(*given.when, scope_, context_);
  return !value.is_bool() || value.boolean();
}

bool FixMaker::companion(const PreparedCompanion& given, FixBuilder& builder) {
  NewBlock body;
  if (resource_.syntax == nullptr) {
    return false;
  }
  if (!wanted(given)) {
    return true;
  }
  const FixStyle style = style_inside();
  for (const NamedText& refer : given.data->refer) {
    const std::string reference =
        std::string(resource_.type) + "." + std::string(resource_.name) + std::string(instance_suffix(resource_));
    add_nested(body, refer.name, reference + "." + std::string(refer.value.text));
  }
  if (!attributes(given.set, fix_scope_, style, body) || !documents(given.json, fix_scope_, style, body)) {
    return false;
  }
  if (!builder.companion(given.data->type, wanted_.at(&given), std::move(body), given.data->once)) {
    problem_ = builder.problem();
    return false;
  }
  changes_.push_back({std::string(given.data->type), "", true, {}, {}});
  return true;
}

std::string FixMaker::name_of(const PreparedCompanion& given) {
  std::string wanted(resource_.name);
  if (given.name != nullptr) {
    const Value value = eval::evaluate(*given.name, scope_, context_);
    wanted = value.is_string() ? std::string(value.text()) : wanted;
  }
  return free_name(module_.directory, given.data->type, wanted);
}

std::string FixMaker::name_of(const PreparedDeclaration& given) {
  const Value value = eval::evaluate(*given.name, scope_, context_);
  const std::string wanted = value.is_string() ? std::string(value.text()) : std::string(resource_.name);
  return given.block == "variable" ? free_name(module_.directory, given.block, wanted) : wanted;
}

std::string FixMaker::free_name(std::string_view directory, std::string_view type, const std::string& wanted) const {
  std::string name = wanted;
  for (int i = 2; syntax_.declares(directory, type, name); ++i) {
    name = wanted + "_" + std::to_string(i);
  }
  return name;
}

std::optional<std::string> FixMaker::switched_off(std::string_view type) const {
  if (resource_.syntax == nullptr) {
    return std::nullopt;  // a file, which has nothing beside it
  }
  const auto all = rule_.configuration.of_type(type);
  const auto off = [&](std::string_view name) {
    return std::none_of(all.begin(), all.end(), [&](model::ResourceId id) {
      const model::Resource& other = rule_.configuration.resource(id);
      return other.module == resource_.module && other.name == name;
    });
  };
  if (syntax_.declares(module_.directory, type, resource_.name) && off(resource_.name)) {
    return std::string(resource_.name);
  }
  // Where nothing can be added, one of another name will do.
  if (syntax_.editable(resource_.syntax->region)) {
    return std::nullopt;
  }
  for (const syntax::hcl::Block* block : syntax_.blocks(module_.directory)) {
    if (block->type == "resource" && block->labels.size() == 2 && block->labels[0].text() == type &&
        off(block->labels[1].text())) {
      return std::string(block->labels[1].text());
    }
  }
  return std::nullopt;
}

}  // namespace gabion::engine
