#include "engine/fix_tree.h"

#include <algorithm>

#include "engine/fix_text.h"
#include "source/file_system.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/walk.h"
#include "syntax/json/parser.h"
#include "terraform/json_configuration.h"
#include "terraform/outlines.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
namespace json = syntax::json;
using hcl::ExpressionKind;

constexpr int kMaxDepth = 200;

/// Converts one file's expressions to trees.
class Reader {
 public:
  using Trees = std::vector<std::pair<Notation, FixNode>>;
  Reader(const source::Artifact& artifact, source::Arena& arena, const source::Limits& limits, Trees& trees)
      : artifact_(artifact), arena_(arena), limits_(limits), trees_(trees) {}

  void body(const hcl::Body& body, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    for (const hcl::Attribute& attribute : body.attributes) {
      top(*attribute.expression, depth + 1);
    }
    for (const hcl::Block& block : body.blocks) {
      this->body(*block.body, depth + 1);
    }
  }

  /// The value of the file, as far as it is JSON; null when there is none.
  const json::Value* json_file() {
    const json::Parsed parsed = json::parse(artifact_.bytes(), artifact_.whole(), arena_, limits_);
    if (parsed.ok()) {
      trees_.emplace_back(Notation::kJson, from_json(*parsed.value, 0));
      return parsed.value;
    }
    const auto bare = hcl::parse_template(artifact_, artifact_.whole(), arena_, limits_);
    if (bare.ok() && bare.expression->kind == ExpressionKind::kTemplate) {
      json_template(hcl::as<hcl::TemplateExpression>(*bare.expression), artifact_.whole());
    }
    return parsed.value;
  }

 private:
  /// Data starts here: an object, a list, a scalar, or something inside.
  void top(const hcl::Expression& expression, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    switch (expression.kind) {
      case ExpressionKind::kObject:
      case ExpressionKind::kTuple:
      case ExpressionKind::kBool:
      case ExpressionKind::kNumber:
      case ExpressionKind::kNull:
        trees_.emplace_back(Notation::kHcl, from_hcl(expression, depth));
        return;
      case ExpressionKind::kTemplate: {
        const auto& text = hcl::as<hcl::TemplateExpression>(expression);
        if (text.form != hcl::TemplateKind::kQuoted) {
          json_template(text, text.content());
        }
        trees_.emplace_back(Notation::kHcl, from_hcl(expression, depth));
        hcl::for_each_child(expression, [&](const hcl::Expression& child) { top(child, depth + 1); });
        return;
      }
      case ExpressionKind::kFunctionCall: {
        const auto& call = hcl::as<hcl::FunctionCall>(expression);
        for (const hcl::Expression* argument : call.arguments) {
          top(*argument, depth + 1);
        }
        return;
      }
      default:
        hcl::for_each_child(expression, [&](const hcl::Expression& child) { top(child, depth + 1); });
    }
  }

  FixNode from_hcl(const hcl::Expression& expression, int depth) {
    FixNode node;
    node.region = expression.region;
    if (depth > kMaxDepth) {
      return node;
    }
    switch (expression.kind) {
      case ExpressionKind::kObject:
        node.kind = FixNode::Kind::kObject;
        for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(expression).items) {
          FixItem made;
          made.key = hcl::literal_key(item).value_or("");
          made.key_region = item.key->region;
          made.region = source::cover(item.key->region, item.value->region);
          made.value = std::make_shared<FixNode>(from_hcl(*item.value, depth + 1));
          node.items.push_back(std::move(made));
        }
        break;
      case ExpressionKind::kTuple:
        node.kind = FixNode::Kind::kList;
        for (const hcl::Expression* element : hcl::as<hcl::TupleExpression>(expression).elements) {
          node.elements.push_back(from_hcl(*element, depth + 1));
        }
        break;
      case ExpressionKind::kTemplate: {
        const auto& text = hcl::as<hcl::TemplateExpression>(expression);
        if (text.is_literal()) {
          node.kind = FixNode::Kind::kText;
          node.text = text.literal();
        }
        break;
      }
      case ExpressionKind::kBool:
      case ExpressionKind::kNumber:
      case ExpressionKind::kNull:
        node.kind = FixNode::Kind::kPlain;
        node.text = artifact_.text(expression.region);
        break;
      default:
        // Data may be inside: conditionals, concat(...), for expressions.
        hcl::for_each_child(expression, [&](const hcl::Expression& child) { top(child, depth + 1); });
    }
    return node;
  }

  /// JSON in a template. Its bytes are read as they stand: white space that a heredoc strips means nothing in JSON.
  void json_template(const hcl::TemplateExpression& text, source::Region content) {
    std::vector<json::Piece> pieces;
    std::size_t at = content.begin;
    std::int32_t holes = 0;
    const auto literal = [&](std::size_t begin, std::size_t end) {
      if (begin < end) {
        const source::Region region{content.artifact, static_cast<std::uint32_t>(begin),
                                    static_cast<std::uint32_t>(end)};
        pieces.push_back({.text = artifact_.text(region), .hole = -1, .region = region, .exact = true});
      }
    };
    for (const hcl::TemplatePart& part : text.parts) {
      if (part.kind == hcl::TemplatePartKind::kLiteral) {
        continue;
      }
      literal(at, part.region.begin);
      pieces.push_back({.text = {}, .hole = holes++, .region = part.region, .exact = false});
      at = part.region.end;
    }
    literal(at, content.end);
    const json::Parsed parsed = json::parse(pieces, arena_, limits_);
    if (parsed.ok() && (parsed.value->kind == json::Kind::kObject || parsed.value->kind == json::Kind::kArray)) {
      trees_.emplace_back(Notation::kTemplate, from_json(*parsed.value, 0));
    }
  }

  FixNode from_json(const json::Value& value, int depth) {
    FixNode node;
    node.region = value.region;
    if (depth > kMaxDepth) {
      return node;
    }
    switch (value.kind) {
      case json::Kind::kObject:
        node.kind = FixNode::Kind::kObject;
        for (const json::Member& member : value.members) {
          node.items.push_back({std::string(member.name), member.name_region,
                                source::cover(member.name_region, member.value.region),
                                std::make_shared<FixNode>(from_json(member.value, depth + 1))});
        }
        break;
      case json::Kind::kArray:
        node.kind = FixNode::Kind::kList;
        for (const json::Value& element : value.elements) {
          node.elements.push_back(from_json(element, depth + 1));
        }
        break;
      case json::Kind::kString:
        if (value.parts.empty()) {
          node.kind = FixNode::Kind::kText;
          node.text = value.text;
        }
        break;
      case json::Kind::kNull:
      case json::Kind::kBool:
      case json::Kind::kNumber:
        node.kind = FixNode::Kind::kPlain;
        node.text = artifact_.text(value.region);
        break;
      case json::Kind::kHole:
        break;
    }
    return node;
  }

  const source::Artifact& artifact_;
  source::Arena& arena_;
  const source::Limits& limits_;
  Trees& trees_;
};

/// The path of nodes from a root down to the innermost one that holds the region.
std::vector<const FixNode*> path_to(const FixNode& root, source::Region region) {
  std::vector<const FixNode*> path;
  const FixNode* node = root.region.contains(region) ? &root : nullptr;
  while (node != nullptr) {
    path.push_back(node);
    const FixNode* next = nullptr;
    for (const FixItem& item : node->items) {
      if (item.value->region.contains(region)) {
        next = item.value.get();
      }
    }
    for (const FixNode& element : node->elements) {
      if (element.region.contains(region)) {
        next = &element;
      }
    }
    node = next;
  }
  return path;
}

bool find_block(const hcl::Body& body, source::Region region, std::vector<const hcl::Block*>& path) {
  for (const hcl::Block& block : body.blocks) {
    if (block.header == region || block.region == region) {
      path.push_back(&block);
      return true;
    }
    if (block.region.contains(region)) {
      path.push_back(&block);
      return find_block(*block.body, region, path);
    }
  }
  return false;
}

bool is_outline(const source::Artifact& artifact) {
  return artifact.role() == source::Role::kInternal && artifact.path().starts_with(terraform::kOutlinePrefix);
}

bool is_hcl(std::string_view path) {
  return path.ends_with(".tf") || path.ends_with(".tfvars") || path.ends_with(".hcl") || path.ends_with(".tofu");
}

bool is_declaration(const hcl::Block& block, std::string_view type, std::string_view name, std::string_view kind) {
  const bool resource =
      block.type == kind && block.labels.size() == 2 && block.labels[0].text == type && block.labels[1].text == name;
  return resource || (block.type == type && block.labels.size() == 1 && block.labels[0].text == name);
}

}  // namespace

bool is_json_configuration(std::string_view path) {
  return path.ends_with(".tf.json") || path.ends_with(".tofu.json");
}

const FixItem* FixNode::item(std::string_view key) const {
  const FixItem* found = nullptr;
  for (const FixItem& candidate : items) {
    if (candidate.key == key) {
      found = &candidate;
    }
  }
  return found;
}

const FixSyntax::File& FixSyntax::file(source::ArtifactId id) {
  std::unique_ptr<File>& known = files_[id];
  if (known == nullptr) {
    known = std::make_unique<File>();
    const source::Artifact& artifact = artifacts_.get(id);
    Reader reader(artifact, known->arena, limits_, known->trees);
    if (is_hcl(artifact.path())) {
      known->body = hcl::parse_file(artifact, known->arena, limits_).body;
      reader.body(*known->body, 0);
    } else {
      const json::Value* value = reader.json_file();
      if (value != nullptr && is_json_configuration(artifact.path())) {
        findings::Diagnostics unsaid;
        const terraform::JsonConversion conversion{artifact, known->arena, limits_, known->texts, unsaid};
        known->json_body = terraform::convert_configuration(*value, conversion);
      }
    }
  }
  return *known;
}

const std::vector<source::ArtifactId>& FixSyntax::files_of(std::string_view directory, bool json) {
  // Files come while fixes are made: those since the last time are added.
  for (; sorted_ < artifacts_.read_size(); ++sorted_) {
    const source::Artifact& artifact = artifacts_.added(sorted_);
    const bool in_json = is_json_configuration(artifact.path());
    if ((artifact.role() != source::Role::kInternal || is_outline(artifact)) && (in_json || is_hcl(artifact.path()))) {
      // By name, whoever was first to ask for them.
      std::vector<source::ArtifactId>& files =
          (in_json ? json_by_directory_ : by_directory_)[module_directory(artifact)];
      files.insert(std::upper_bound(files.begin(), files.end(), artifact.path(),
                                    [&](std::string_view path, source::ArtifactId other) {
                                      return path < artifacts_.get(other).path();
                                    }),
                   artifact.id());
    }
  }
  return (json ? json_by_directory_ : by_directory_)[std::string(directory)];
}

std::string FixSyntax::module_directory(const source::Artifact& artifact) {
  const std::string_view path = artifact.path();
  return source::directory_of(is_outline(artifact) ? path.substr(terraform::kOutlinePrefix.size()) : path);
}

std::vector<const hcl::Block*> FixSyntax::blocks(std::string_view directory) {
  std::vector<const hcl::Block*> result;
  for (const source::ArtifactId id : files_of(directory)) {
    for (const hcl::Block& block : file(id).body->blocks) {
      result.push_back(&block);
    }
  }
  return result;
}

const hcl::Block* FixSyntax::declaration(std::string_view directory, std::string_view type, std::string_view name,
                                         std::string_view kind) {
  const std::vector<const hcl::Block*> all = blocks(directory);
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const hcl::Block* block) { return is_declaration(*block, type, name, kind); });
  return found == all.end() ? nullptr : *found;
}

std::vector<const hcl::Block*> FixSyntax::all_blocks(std::string_view directory) {
  std::vector<const hcl::Block*> result = blocks(directory);
  for (const source::ArtifactId id : files_of(directory, true)) {
    if (const hcl::Body* const body = file(id).json_body) {
      for (const hcl::Block& block : body->blocks) {
        result.push_back(&block);
      }
    }
  }
  return result;
}

bool FixSyntax::declares(std::string_view directory, std::string_view type, std::string_view name,
                         std::string_view kind) {
  const std::vector<const hcl::Block*> all = all_blocks(directory);
  return std::ranges::any_of(all, [&](const hcl::Block* block) { return is_declaration(*block, type, name, kind); });
}

std::string FixSyntax::plain_data(std::string_view directory, std::string_view type, std::string_view provider) {
  for (const hcl::Block* block : all_blocks(directory)) {
    const hcl::Attribute* given = block->body->attribute("provider");
    const std::string_view own = given == nullptr ? std::string_view() : artifacts_.text(given->expression->region);
    if (block->type == "data" && block->labels.size() == 2 && block->labels[0].text == type && own == provider &&
        block->body->attributes.size() == (given == nullptr ? 0U : 1U) && block->body->blocks.empty()) {
      return std::string(block->labels[1].text);
    }
  }
  return {};
}

const hcl::Block* FixSyntax::last_block(std::string_view directory, std::string_view type) {
  const hcl::Block* found = nullptr;
  bool in_its_file = false;
  for (const source::ArtifactId id : files_of(directory)) {
    const source::Artifact& artifact = artifacts_.get(id);
    const bool own =
        artifact.path().ends_with("/" + std::string(type) + "s.tf") || artifact.path() == std::string(type) + "s.tf";
    if (artifact.role() != source::Role::kProject || (in_its_file && !own)) {
      continue;
    }
    for (const hcl::Block& block : file(id).body->blocks) {
      found = block.type == type ? &block : found;
    }
    in_its_file = own && found != nullptr;
  }
  return found;
}

bool FixSyntax::editable(source::Region region) const {
  return region.valid() && artifacts_.get(region.artifact).role() == source::Role::kProject;
}

std::optional<FixSpot> FixSyntax::around(source::Region region) {
  if (!editable(region)) {
    return std::nullopt;
  }
  std::optional<FixSpot> best;
  for (const auto& [notation, root] : file(region.artifact).trees) {
    std::vector<const FixNode*> path = path_to(root, region);
    if (path.empty() || (best && best->node->region.size() <= path.back()->region.size())) {
      continue;
    }
    best.emplace();
    best->notation = notation;
    best->root = &root;
    best->node = path.back();
    path.pop_back();
    best->around = std::move(path);
  }
  return best;
}

std::optional<FixSpot> FixSyntax::find(source::Region region) {
  std::optional<FixSpot> spot = around(region);
  return spot && spot->node->region == region ? spot : std::nullopt;
}

std::optional<FixSpot> FixSyntax::within(source::Region region) {
  std::optional<FixSpot> found;
  if (!editable(region)) {
    return found;
  }
  for (const auto& [notation, root] : file(region.artifact).trees) {
    if (!region.contains(root.region)) {
      continue;
    }
    if (found) {
      return std::nullopt;
    }
    found = FixSpot{.notation = notation, .root = &root, .node = &root, .around = {}};
  }
  return found;
}

std::vector<const hcl::Block*> FixSyntax::block(source::Region region) {
  std::vector<const hcl::Block*> path;
  if (editable(region)) {
    const File& known = file(region.artifact);
    if (known.body == nullptr || !find_block(*known.body, region, path)) {
      path.clear();
    }
  }
  return path;
}

}  // namespace gabion::engine
