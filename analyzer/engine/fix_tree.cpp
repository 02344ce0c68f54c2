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

/// Is it JSON whose strings Terraform takes for values?
bool holds_values(std::string_view path) {
  return is_json_configuration(path) || path.ends_with(".tfvars.json");
}

/// Converts one file's expressions to trees.
class Reader {
 public:
  Reader(const source::Artifact& artifact, source::Arena& arena, const source::Limits& limits,
         std::vector<FixTree>& trees, std::deque<EscapedText>& escaped)
      : artifact_(artifact), arena_(arena), limits_(limits), trees_(trees), escaped_(escaped) {}

  /// What an attribute says, or a block.
  void item(const hcl::Attribute& attribute, int depth = 0) { top(*attribute.expression, depth + 1); }
  void item(const hcl::Block& block, int depth = 0) {
    if (depth >= kMaxDepth) {
      return;
    }
    for (const hcl::Attribute& attribute : block.body->attributes) {
      item(attribute, depth + 1);
    }
    for (const hcl::Block& nested : block.body->blocks) {
      item(nested, depth + 1);
    }
  }

  /// The value of the file, as far as it is JSON; null when there is none.
  const json::Value* json_file() {
    const json::Parsed parsed = json::parse(artifact_.bytes(), artifact_.whole(), arena_, limits_);
    if (parsed.ok()) {
      trees_.push_back({.notation = Notation::kJson, .root = from_json(*parsed.value, {artifact_.bytes()}, 0)});
      if (holds_values(artifact_.path())) {
        json_strings(*parsed.value, 0);
      }
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
        trees_.push_back({.notation = Notation::kHcl, .root = from_hcl(expression, depth)});
        return;
      case ExpressionKind::kTemplate: {
        trees_.push_back({.notation = Notation::kHcl, .root = from_hcl(expression, depth)});
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
        if (text.form == hcl::TemplateKind::kQuoted) {
          escaped_template(text);
        } else {
          json_template(text, text.content());
        }
        hcl::for_each_child(expression, [&](const hcl::Expression& child) { top(child, depth + 1); });
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

  /// A text with JSON in it: the file, or a string without its escapes.
  struct Text {
    std::string_view bytes;
    const EscapedText* escaped = nullptr;
    bool is_template = false;
  };

  /// JSON in a template. Its bytes are read as they stand: white space that a heredoc strips means nothing in JSON.
  void json_template(const hcl::TemplateExpression& text, source::Region content) {
    std::vector<source::Region> holes;
    for (const hcl::TemplatePart& part : text.parts()) {
      if (part.kind != hcl::TemplatePartKind::kLiteral) {
        holes.push_back(part.region);
      }
    }
    json_text({.bytes = artifact_.bytes(), .escaped = nullptr, .is_template = true}, content, holes);
  }

  /// JSON in a quoted string, where it has escapes.
  void escaped_template(const hcl::TemplateExpression& text) {
    const std::string_view content = artifact_.text(text.content());
    if (!may_be_data(content) || content.find('\\') == std::string_view::npos) {
      return;
    }
    const EscapedText& escaped = escaped_.emplace_back(EscapedText::of_quoted(artifact_, text));
    std::vector<source::Region> holes;
    for (const hcl::TemplatePart& part : text.parts()) {
      if (part.kind != hcl::TemplatePartKind::kLiteral) {
        holes.push_back(escaped.inside(part.region));
      }
    }
    json_text({.bytes = escaped.text(), .escaped = &escaped, .is_template = true}, whole(escaped), holes);
  }

  /// JSON in the strings of a JSON file.
  void json_strings(const json::Value& value, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    for (const json::Member& member : value.members) {
      json_strings(member.value, depth + 1);
    }
    for (const json::Value& element : value.elements) {
      json_strings(element, depth + 1);
    }
    if (value.kind != json::Kind::kString || !may_be_data(value.text)) {
      return;
    }
    const EscapedText& escaped = escaped_.emplace_back(EscapedText::of_json(artifact_, value.region));
    std::vector<source::Region> holes;
    const bool is_template = is_json_configuration(artifact_.path());
    if (is_template) {
      source::ArtifactStore artifacts;
      const source::Artifact& text = artifacts.add("text", std::string(escaped.text()));
      source::Arena arena;
      const hcl::ParsedExpression parsed = hcl::parse_template(text, text.whole(), arena, limits_);
      if (!parsed.ok() || parsed.expression->kind != ExpressionKind::kTemplate) {
        return;
      }
      for (const hcl::TemplatePart& part : hcl::as<hcl::TemplateExpression>(*parsed.expression).parts()) {
        if (part.kind != hcl::TemplatePartKind::kLiteral) {
          holes.push_back({artifact_.id(), part.region.begin, part.region.end});
        }
      }
    }
    json_text({.bytes = escaped.text(), .escaped = &escaped, .is_template = is_template}, whole(escaped), holes);
  }

  static bool may_be_data(std::string_view text) {
    // White space may be escaped.
    const std::size_t first = text.find_first_not_of(" \t\r\n\\nrt");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  }

  /// What a template writes as "$${" or "%%{".
  static std::string without_markers(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool marker = (text[i] == '$' || text[i] == '%') && text.substr(i + 1, 2) == std::string{text[i], '{'};
      i += marker ? 1 : 0;
      result += text[i];
    }
    return result;
  }

  [[nodiscard]] source::Region whole(const EscapedText& escaped) const {
    return {artifact_.id(), 0, static_cast<std::uint32_t>(escaped.text().size())};
  }

  /// The data in a stretch of a text with holes.
  void json_text(const Text& text, source::Region content, const std::vector<source::Region>& holes) {
    std::vector<json::Piece> pieces;
    std::size_t at = content.begin;
    const auto literal = [&](std::size_t begin, std::size_t end) {
      if (begin < end) {
        const source::Region region{content.artifact, static_cast<std::uint32_t>(begin),
                                    static_cast<std::uint32_t>(end)};
        pieces.push_back({.text = text.bytes.substr(begin, end - begin), .hole = -1, .region = region, .exact = true});
      }
    };
    for (std::size_t i = 0; i < holes.size(); ++i) {
      literal(at, holes[i].begin);
      pieces.push_back({.text = {}, .hole = static_cast<std::int32_t>(i), .region = holes[i], .exact = false});
      at = holes[i].end;
    }
    literal(at, content.end);
    const json::Parsed parsed = json::parse(pieces, arena_, limits_);
    if (parsed.ok() && (parsed.value->kind == json::Kind::kObject || parsed.value->kind == json::Kind::kArray)) {
      trees_.push_back({.notation = text.is_template ? Notation::kTemplate : Notation::kJson,
                        .root = from_json(*parsed.value, text, 0),
                        .escaped = text.escaped});
    }
  }

  FixNode from_json(const json::Value& value, const Text& text, int depth) {
    const auto place = [&](source::Region region) {
      return text.escaped == nullptr ? region : text.escaped->written(region.begin, region.end);
    };
    FixNode node;
    node.region = place(value.region);
    if (depth > kMaxDepth) {
      return node;
    }
    switch (value.kind) {
      case json::Kind::kObject:
        node.kind = FixNode::Kind::kObject;
        for (const json::Member& member : value.members) {
          node.items.push_back({std::string(member.name), place(member.name_region),
                                place(source::cover(member.name_region, member.value.region)),
                                std::make_shared<FixNode>(from_json(member.value, text, depth + 1))});
        }
        break;
      case json::Kind::kArray:
        node.kind = FixNode::Kind::kList;
        for (const json::Value& element : value.elements) {
          node.elements.push_back(from_json(element, text, depth + 1));
        }
        break;
      case json::Kind::kString:
        if (value.parts.empty()) {
          node.kind = FixNode::Kind::kText;
          node.text = text.is_template ? without_markers(value.text) : std::string(value.text);
        }
        break;
      case json::Kind::kNull:
      case json::Kind::kBool:
      case json::Kind::kNumber:
        node.kind = FixNode::Kind::kPlain;
        node.text = text.bytes.substr(value.region.begin, value.region.size());
        break;
      case json::Kind::kHole:
        break;
    }
    return node;
  }

  const source::Artifact& artifact_;
  source::Arena& arena_;
  const source::Limits& limits_;
  std::vector<FixTree>& trees_;
  std::deque<EscapedText>& escaped_;
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
  return path.ends_with(".tf") || path.ends_with(".tfvars") || path.ends_with(".hcl") || path.ends_with(".tofu") ||
         path.ends_with(".tfbackend");
}

bool is_declaration(const hcl::Block& block, std::string_view type, std::string_view name, std::string_view kind) {
  if (block.labels.empty() || block.labels.back().text() != name) {
    return false;  // most are told by their names
  }
  return block.labels.size() == 2 ? block.type == kind && block.labels[0].text() == type
                                  : block.labels.size() == 1 && block.type == type;
}

const hcl::Block* find_declaration(const hcl::Body& body, std::string_view type, std::string_view name,
                                   std::string_view kind) {
  const auto found = std::ranges::find_if(
      body.blocks, [&](const hcl::Block& block) { return is_declaration(block, type, name, kind); });
  return found == body.blocks.end() ? nullptr : &*found;
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

FixSyntax::File& FixSyntax::file(source::ArtifactId id) {
  const source::Artifact& artifact = artifacts_.get(id);
  // Put down when it is whole: memory may run out while it is made, and others go on.
  std::unique_ptr<File> made;
  const auto known = files_.find(id);
  if (known == files_.end()) {
    made = std::make_unique<File>();
  }
  File& file = made == nullptr ? *known->second : *made;
  if (is_hcl(artifact.path())) {
    if (file.body == nullptr) {
      file.body = known_tree_ ? known_tree_(artifact) : nullptr;
      file.borrowed = file.whole = file.body != nullptr;
    }
    if (file.body == nullptr) {
      const hcl::ParsedBody parsed = hcl::parse_file(artifact, file.arena, limits_);
      file.body = parsed.body;
      file.whole = parsed.ok();
    }
  } else if (made != nullptr) {
    Reader reader(artifact, file.arena, limits_, file.data[0], file.escaped);
    const json::Value* value = reader.json_file();
    if (value != nullptr && is_json_configuration(artifact.path())) {
      findings::Diagnostics unsaid;
      const terraform::JsonConversion conversion{artifact, file.arena, limits_, file.texts, unsaid};
      file.json_body = terraform::convert_configuration(*value, conversion);
    }
  }
  if (made != nullptr) {
    files_.emplace(id, std::move(made));
  }
  return file;
}

std::vector<const FixTree*> FixSyntax::data_at(source::Region region) {
  File& file = this->file(region.artifact);
  std::vector<const FixTree*> result;
  const auto give = [&](const std::vector<FixTree>& trees) {
    for (const FixTree& tree : trees) {
      result.push_back(&tree);
    }
  };
  if (file.body == nullptr) {
    give(file.data.at(0));
    return result;
  }
  const auto read = [&](const auto& item) {
    auto known = file.data.find(item.region.begin);
    if (known == file.data.end()) {
      std::vector<FixTree> trees;
      Reader(artifacts_.get(region.artifact), file.arena, limits_, trees, file.escaped).item(item);
      known = file.data.emplace(item.region.begin, std::move(trees)).first;
    }
    give(known->second);
  };
  const auto read_around = [&](const auto& items) {
    const auto around = std::ranges::find_if(items, [&](const auto& item) { return item.region.contains(region); });
    if (around != items.end()) {
      read(*around);
    }
    return around != items.end();
  };
  if (!read_around(file.body->attributes) && !read_around(file.body->blocks)) {
    std::ranges::for_each(file.body->attributes, read);
    std::ranges::for_each(file.body->blocks, read);
  }
  return result;
}

const hcl::Body* FixSyntax::whole_tree(source::ArtifactId id) {
  const File& known = file(id);
  return known.whole ? known.body : nullptr;
}

void FixSyntax::make_room() {
  constexpr std::size_t kMany = 64;
  if (files_.size() > kMany) {
    files_.clear();
  }
  if (modules_.size() > kMany) {
    modules_.clear();
  }
  for (const auto& [id, file] : files_) {
    if (file->borrowed) {
      file->body = nullptr;
    }
  }
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
  static const std::vector<source::ArtifactId> kNone;
  const auto& lists = json ? json_by_directory_ : by_directory_;
  const auto known = lists.find(directory);
  return known == lists.end() ? kNone : known->second;
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

ModuleFacts& FixSyntax::facts(std::string_view directory) {
  // None is ever taken away.
  const std::size_t files = files_of(directory).size() + files_of(directory, true).size();
  auto known = modules_.find(directory);
  if (known == modules_.end()) {
    known = modules_.emplace(std::string(directory), KnownModule()).first;
  }
  KnownModule& module = known->second;
  if (module.facts == nullptr || module.files != files) {
    module = {files, std::make_unique<ModuleFacts>()};
  }
  return *module.facts;
}

const hcl::Block* FixSyntax::declaration(std::string_view directory, std::string_view type, std::string_view name,
                                         std::string_view kind) {
  for (const source::ArtifactId id : files_of(directory)) {
    if (const hcl::Block* const found = find_declaration(*file(id).body, type, name, kind)) {
      return found;
    }
  }
  return nullptr;
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
  return facts(directory).declares(kind, type, name, [&] { return all_blocks(directory); });
}

const std::string& FixSyntax::plain_data(std::string_view directory, std::string_view type,
                                         const std::vector<NewAttribute>& arguments) {
  std::string key(type);
  for (const NewAttribute& argument : arguments) {
    key += '\n' + argument.name + '=' + argument.value;
  }
  return facts(directory).plain_data(key, [&] { return find_plain_data(directory, type, arguments); });
}

std::string FixSyntax::find_plain_data(std::string_view directory, std::string_view type,
                                       const std::vector<NewAttribute>& arguments) {
  for (const hcl::Block* block : all_blocks(directory)) {
    const auto has = [&](const NewAttribute& argument) {
      const hcl::Attribute* given = block->body->attribute(argument.name);
      return given != nullptr && artifacts_.text(given->expression->region) == argument.value;
    };
    if (block->type == "data" && block->labels.size() == 2 && block->labels[0].text() == type &&
        block->body->attributes.size() == arguments.size() && block->body->blocks.empty() &&
        std::ranges::all_of(arguments, has)) {
      return std::string(block->labels[1].text());
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
  for (const FixTree* const at : data_at(region)) {
    const FixTree& tree = *at;
    std::vector<const FixNode*> path = path_to(tree.root, region);
    if (path.empty() || (best && best->node->region.size() <= path.back()->region.size())) {
      continue;
    }
    best.emplace();
    best->notation = tree.notation;
    best->escaped = tree.escaped;
    best->root = &tree.root;
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
  if (!editable(region)) {
    return std::nullopt;
  }
  std::vector<const FixTree*> found;
  for (const FixTree* const tree : data_at(region)) {
    const bool data = tree->root.kind == FixNode::Kind::kObject || tree->root.kind == FixNode::Kind::kList;
    if (data && region.contains(tree->root.region)) {
      found.push_back(tree);
    }
  }
  // What an interpolation holds is inside of the text around it.
  const auto outermost =
      std::ranges::max_element(found, {}, [](const FixTree* tree) { return tree->root.region.size(); });
  const bool is_one = outermost != found.end() && std::ranges::all_of(found, [&](const FixTree* tree) {
                        return (*outermost)->root.region.contains(tree->root.region);
                      });
  if (!is_one) {
    return std::nullopt;
  }
  const FixTree& tree = **outermost;
  return FixSpot{
      .notation = tree.notation, .escaped = tree.escaped, .root = &tree.root, .node = &tree.root, .around = {}};
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
