#include "engine/fix.h"

#include <algorithm>
#include <map>
#include <string>

#include "engine/layout.h"
#include "engine/trace.h"

namespace gabion::engine {
namespace {

using eval::Value;
using findings::Edit;
using findings::Safety;
using source::Region;
using syntax::hcl::ExpressionKind;

bool is_literal(const syntax::hcl::Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
      return true;
    case ExpressionKind::kTemplate:
      return syntax::hcl::as<syntax::hcl::TemplateExpression>(expression).is_literal();
    case ExpressionKind::kUnary:
      return is_literal(*syntax::hcl::as<syntax::hcl::UnaryExpression>(expression).operand);
    case ExpressionKind::kTuple: {
      const auto elements = syntax::hcl::as<syntax::hcl::TupleExpression>(expression).elements;
      return std::all_of(elements.begin(), elements.end(), [](const auto* element) { return is_literal(*element); });
    }
    default:
      return false;
  }
}

/// A literal as it stands in text: quoted string without interpolation, number, true, false, null.
bool looks_literal(std::string_view text) {
  if (text == "true" || text == "false" || text == "null") {
    return true;
  }
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    const std::string_view inside = text.substr(1, text.size() - 2);
    return inside.find('"') == std::string_view::npos && inside.find("${") == std::string_view::npos &&
           inside.find("%{") == std::string_view::npos;
  }
  return !text.empty() && text.find_first_not_of("0123456789.-") == std::string_view::npos;
}

bool editable(Region region, const source::ArtifactStore& artifacts) {
  return region.valid() && artifacts.get(region.artifact).role() == source::Role::kProject;
}

/// Does a dynamic block of this block make blocks of that type?
bool made_by_dynamic(const syntax::hcl::Block& block, std::string_view type) {
  return std::any_of(block.body->blocks.begin(), block.body->blocks.end(), [&](const syntax::hcl::Block& nested) {
    return nested.type == "dynamic" && !nested.labels.empty() && nested.labels.front().text == type;
  });
}

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      case '$':
      case '%':
        result += c;
        if (i + 1 < text.size() && text[i + 1] == '{') {
          result += c;
        }
        break;
      default:
        result += c;
    }
  }
  return result + '"';
}

/// Adds an attribute by its dotted path: "data_resource.type" goes into the nested block data_resource.
void add_nested(NewBlock& block, std::string_view path, const std::string& text) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    block.attributes.push_back({std::string(path), text});
    return;
  }
  const std::string_view type = path.substr(0, dot);
  auto nested =
      std::find_if(block.blocks.begin(), block.blocks.end(), [&](const NewBlock& one) { return one.type == type; });
  if (nested == block.blocks.end()) {
    block.blocks.push_back({std::string(type), {}, {}});
    nested = block.blocks.end() - 1;
  }
  add_nested(*nested, path.substr(dot + 1), text);
}

/// Collects the edits of one fix.
class Builder {
 public:
  explicit Builder(const source::ArtifactStore& artifacts) : artifacts_(artifacts) {}

  /// Sets `path` below a body: the attribute, or a block's attribute ("metadata_options.http_tokens").
  bool set(const model::Body& body, const syntax::hcl::Block* block, std::string_view path, const std::string& text) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
      const model::Attribute* written = body.attribute(path);
      return written == nullptr ? insert_attribute(block, path, text) : replace(*written, text);
    }
    const std::string_view type = path.substr(0, dot);
    for (const model::Block& nested : body.blocks) {
      if (nested.type == type && nested.body != nullptr) {
        return set(*nested.body, content_of(nested), path.substr(dot + 1), text);
      }
    }
    if (block == nullptr || !editable(block->region, artifacts_)) {
      return false;
    }
    NewBlock& fresh = new_blocks_[block][std::string(type)];
    fresh.type = std::string(type);
    add_nested(fresh, path.substr(dot + 1), text);
    set_titles_.push_back(std::string(path) + " = " + text);
    return true;
  }

  bool insert(const syntax::hcl::Block* block, NewBlock fresh) {
    // Where a dynamic block makes such blocks, they are given by a value; one more beside it would be added to them.
    if (block == nullptr || !editable(block->region, artifacts_) || made_by_dynamic(*block, fresh.type)) {
      return false;
    }
    titles_.push_back("add a " + fresh.type + " block");
    extra_blocks_[block].push_back(std::move(fresh));
    return true;
  }

  bool remove(const model::Body& body, std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot != std::string_view::npos) {
      for (const model::Block& nested : body.blocks) {
        if (nested.type == path.substr(0, dot) && nested.body != nullptr) {
          return remove(*nested.body, path.substr(dot + 1));
        }
      }
      return false;
    }
    if (const model::Attribute* written = body.attribute(path);
        written != nullptr && written->syntax != nullptr && editable(written->region, artifacts_)) {
      edits_.push_back({removal_region(artifacts_.get(written->region.artifact), written->region), ""});
      titles_.push_back("remove " + std::string(path));
      return true;
    }
    bool any = false;
    for (const model::Block& nested : body.blocks) {
      if (nested.type == path && nested.syntax != nullptr && editable(nested.syntax->region, artifacts_)) {
        edits_.push_back({removal_region(artifacts_.get(nested.syntax->region.artifact), nested.syntax->region), ""});
        any = true;
      }
    }
    if (any) {
      titles_.push_back("remove " + std::string(path));
    }
    return any;
  }

  std::vector<Edit> finish() {
    for (auto& [block, attributes] : new_attributes_) {
      blocks_to_edit_.push_back(block);
    }
    for (auto& [block, blocks] : new_blocks_) {
      blocks_to_edit_.push_back(block);
    }
    for (auto& [block, blocks] : extra_blocks_) {
      blocks_to_edit_.push_back(block);
    }
    std::sort(blocks_to_edit_.begin(), blocks_to_edit_.end(),
              [](const auto* a, const auto* b) { return a->region < b->region; });
    blocks_to_edit_.erase(std::unique(blocks_to_edit_.begin(), blocks_to_edit_.end()), blocks_to_edit_.end());
    for (const syntax::hcl::Block* block : blocks_to_edit_) {
      BodyEditor editor(artifacts_.get(block->region.artifact), *block);
      editor.insert_attributes(new_attributes_[block]);
      for (auto& [type, fresh] : new_blocks_[block]) {
        editor.insert_blocks({fresh});
      }
      editor.insert_blocks(extra_blocks_[block]);
      for (Edit& edit : editor.finish()) {
        edits_.push_back(std::move(edit));
      }
    }
    std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.region < b.region; });
    for (std::size_t i = 1; i < edits_.size(); ++i) {
      if (edits_[i].region.artifact == edits_[i - 1].region.artifact &&
          edits_[i].region.begin < edits_[i - 1].region.end) {
        return {};
      }
    }
    return std::move(edits_);
  }

  [[nodiscard]] Safety safety() const { return safety_; }
  [[nodiscard]] std::string title() const {
    std::string result;
    for (const std::string& text : set_titles_) {
      result += (result.empty() ? "set " : ", ") + text;
    }
    for (const std::string& text : titles_) {
      result += (result.empty() ? "" : ", ") + text;
    }
    return result;
  }

 private:
  bool insert_attribute(const syntax::hcl::Block* block, std::string_view name, const std::string& text) {
    if (block == nullptr || !editable(block->region, artifacts_) || !block->close_brace.valid() ||
        block->close_brace.size() == 0) {
      return false;
    }
    new_attributes_[block].push_back({std::string(name), text});
    set_titles_.push_back(std::string(name) + " = " + text);
    return true;
  }

  bool replace(const model::Attribute& attribute, const std::string& text) {
    if (attribute.syntax == nullptr) {
      return false;
    }
    const std::string title = std::string(attribute.name) + " = " + text;
    const syntax::hcl::Expression& expression = *attribute.syntax->expression;
    if (is_literal(expression)) {
      if (!editable(expression.region, artifacts_)) {
        return false;
      }
      edits_.push_back({expression.region, text});
      set_titles_.push_back(title);
      return true;
    }
    // The value was written elsewhere: at the call, as a default, in a variables file. Changing it there may change
    // other things as well, so it is never called safe.
    safety_ = std::max(safety_, Safety::kUnsafe);
    const eval::Origin* source = last_written(attribute.value.origin(), artifacts_);
    if (source != nullptr && editable(source->region, artifacts_) && looks_literal(artifacts_.text(source->region))) {
      edits_.push_back({source->region, text});
      const source::Position at = artifacts_.begin_of(source->region);
      titles_.push_back("set the value that " + std::string(attribute.name) + " comes from to " + text + " (" +
                        std::string(artifacts_.get(source->region.artifact).path()) + ":" + std::to_string(at.line) +
                        ")");
      return true;
    }
    if (!editable(expression.region, artifacts_)) {
      return false;
    }
    edits_.push_back({expression.region, text});
    set_titles_.push_back(title);
    return true;
  }

  const source::ArtifactStore& artifacts_;
  std::map<const syntax::hcl::Block*, std::vector<NewAttribute>> new_attributes_;
  std::map<const syntax::hcl::Block*, std::map<std::string, NewBlock>> new_blocks_;
  std::map<const syntax::hcl::Block*, std::vector<NewBlock>> extra_blocks_;
  std::vector<const syntax::hcl::Block*> blocks_to_edit_;
  std::vector<Edit> edits_;
  std::vector<std::string> titles_;
  std::vector<std::string> set_titles_;
  Safety safety_ = Safety::kSafe;
};

}  // namespace

std::optional<std::string> hcl_text(const Value& value) {
  switch (value.kind()) {
    case eval::Kind::kNull:
      return "null";
    case eval::Kind::kBool:
      return value.boolean() ? "true" : "false";
    case eval::Kind::kNumber:
      return value.number().to_string();
    case eval::Kind::kString:
      return quote(value.text());
    case eval::Kind::kTuple:
    case eval::Kind::kList:
    case eval::Kind::kSet: {
      std::string result = "[";
      for (const Value& element : value.elements()) {
        const std::optional<std::string> text = hcl_text(element);
        if (!text) {
          return std::nullopt;
        }
        result += (result.size() > 1 ? ", " : "") + *text;
      }
      return result + "]";
    }
    case eval::Kind::kMap:
    case eval::Kind::kObject: {
      std::string result = "{";
      for (const eval::Member& member : value.members()) {
        const std::optional<std::string> text = hcl_text(member.value);
        if (!text) {
          return std::nullopt;
        }
        result += (result.size() > 1 ? ", " : " ") + quote(member.name) + " = " + *text;
      }
      return result + (result.size() > 1 ? " }" : "}");
    }
    case eval::Kind::kUnknown:
    case eval::Kind::kError:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<findings::Fix> make_fix(const PreparedFix& fix, const model::Resource& resource, const Value* item,
                                      const Views& views, const eval::Scope& scope, eval::Context& context,
                                      const source::ArtifactStore& artifacts) {
  Builder builder(artifacts);
  const model::Body* body = &resource.body;
  const syntax::hcl::Block* block = resource.syntax;
  if (item != nullptr) {
    if (const model::Body* judged = views.body_of(*item); judged != nullptr) {
      body = judged;
      block = views.block_of(*item);
    }
  }
  const auto text_of = [&](const syntax::hcl::Expression& expression) {
    return hcl_text(eval::evaluate(expression, scope, context));
  };
  for (const PreparedName& set : fix.set) {
    const bool on_self = set.name.starts_with("self.");
    const std::optional<std::string> text = text_of(*set.expression);
    if (!text || !builder.set(on_self ? resource.body : *body, on_self ? resource.syntax : block,
                              on_self ? set.name.substr(5) : set.name, *text)) {
      return std::nullopt;
    }
  }
  for (const PreparedInsert& insert : fix.insert) {
    NewBlock fresh;
    fresh.type = std::string(insert.type);
    for (const PreparedName& set : insert.set) {
      const std::optional<std::string> text = text_of(*set.expression);
      if (!text) {
        return std::nullopt;
      }
      add_nested(fresh, set.name, *text);
    }
    if (!builder.insert(block, std::move(fresh))) {
      return std::nullopt;
    }
  }
  for (const std::string_view path : fix.remove) {
    if (!builder.remove(*body, path)) {
      return std::nullopt;
    }
  }
  findings::Fix result;
  result.title = builder.title();
  if (fix.title != nullptr) {
    const Value title = eval::evaluate(*fix.title, scope, context);
    if (title.is_string()) {
      result.title = std::string(title.text());
    }
  }
  result.safety = std::max(fix.safety, builder.safety());
  result.edits = builder.finish();
  if (result.edits.empty()) {
    return std::nullopt;
  }
  return result;
}

}  // namespace gabion::engine
