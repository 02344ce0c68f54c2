#include "engine/suppression.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/comments.h"
#include "engine/date.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using source::Region;

constexpr std::array<std::string_view, 7> kNames = {"gabion", "checkov", "tfsec",    "trivy",
                                                    "kics",   "tflint",  "terrascan"};

/// How a comment's place says what it is about.
enum class Reach : std::uint8_t {
  kItem,   ///< what begins on its line, or, alone on its lines, what comes next
  kLines,  ///< its line and the next
  kNext,   ///< the next line
  kBlock,  ///< the top-level block around it
  kFile,   ///< the file
  kHead,   ///< the file, when nothing but comments comes before it
};

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// A reason as people write it behind ids: without the colon, dash or quotes around it.
std::string reason_of(std::string_view text) {
  text = trimmed(text);
  while (!text.empty() && (text.front() == ':' || text.front() == '-' || text.front() == '#' || text.front() == '/' ||
                           is_space(text.front()))) {
    text.remove_prefix(1);
  }
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(trimmed(text));
}

/// Takes a word from the front: up to a blank outside of quotes and square brackets.
std::string_view take_word(std::string_view& rest) {
  rest = trimmed(rest);
  bool quoted = false;
  std::uint32_t brackets = 0;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    const char c = rest[end];
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '[') {
      ++brackets;
    } else if (!quoted && c == ']' && brackets > 0) {
      --brackets;
    } else if (!quoted && brackets == 0 && is_space(c)) {
      break;
    }
  }
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

/// Reads the comments of one file.
class Reader {
 public:
  Reader(const source::Artifact& artifact, const source::Limits& limits, const KnownTree& known_tree)
      : artifact_(artifact), text_(artifact.bytes()), limits_(limits), known_tree_(known_tree) {}

  std::vector<Suppression> run() {
    for (const CommentLine& line : comment_lines(text_)) {
      read(line);
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::uint32_t line_of(std::uint32_t offset) const { return artifact_.lines().line(offset); }

  [[nodiscard]] const hcl::Body& tree() {
    if (tree_ == nullptr) {
      tree_ = known_tree_ ? known_tree_(artifact_) : nullptr;
      tree_ = tree_ == nullptr ? hcl::parse_file(artifact_, arena_, limits_).body : tree_;
    }
    return *tree_;
  }

  [[nodiscard]] Region region(std::uint32_t begin, std::uint32_t end) const { return {artifact_.id(), begin, end}; }

  /// Of a part of the artifact's own bytes.
  [[nodiscard]] Region region_of(std::string_view part) const {
    const auto begin = static_cast<std::uint32_t>(part.data() - text_.data());
    return region(begin, begin + static_cast<std::uint32_t>(part.size()));
  }

  void read(const CommentLine& line) {
    std::string_view text = line.text;
    const auto starts = [&](std::string_view mark) {
      if (!text.starts_with(mark)) {
        return false;
      }
      text.remove_prefix(mark.size());
      return true;
    };
    if (starts("gabion:ignore-file")) {
      own(line, text, Reach::kFile);
    } else if (starts("gabion:ignore")) {
      own(line, text, Reach::kItem);
    } else if (starts("checkov:skip=") || starts("bridgecrew:skip=") || starts("cortex:skip=")) {
      const std::size_t colon = text.find(':');
      add(line, CommentStyle::kCheckov, text.substr(0, colon),
          colon == std::string_view::npos ? std::string_view{} : text.substr(colon), Reach::kBlock);
    } else if (text.starts_with("tfsec:ignore:") || text.starts_with("trivy:ignore:")) {
      aqua(line, text);
    } else if (starts("kics-scan")) {
      kics(line, trimmed(text));
    } else if (starts("tflint-ignore-file:")) {
      tflint(line, text, Reach::kHead);
    } else if (starts("tflint-ignore:")) {
      tflint(line, text, Reach::kLines);
    } else if (starts("ts:skip=")) {
      const std::string_view id = take_word(text);
      add(line, CommentStyle::kTerrascan, id, text, Reach::kBlock);
    }
  }

  /// RULE[,RULE] [until=DATE] [owner=NAME] [instance=ADDRESS] reason, the options anywhere behind the rules.
  void own(const CommentLine& line, std::string_view rest, Reach reach) {
    if (!rest.empty() && !is_space(rest.front()) && rest.front() != ':') {
      return;  // another word that begins alike
    }
    if (rest.starts_with(':')) {
      rest.remove_prefix(1);
    }
    Suppression result;
    while (true) {
      std::string_view word = take_word(rest);
      const bool more = word.ends_with(',');
      while (!word.empty()) {
        const std::size_t comma = word.find(',');
        std::string_view rule = word.substr(0, comma);
        word.remove_prefix(comma == std::string_view::npos ? word.size() : comma + 1);
        while (rule.ends_with(':')) {
          rule.remove_suffix(1);
        }
        if (!rule.empty()) {
          result.rules.emplace_back(rule == "all" ? "*" : rule);
          result.rule_regions.push_back(region_of(rule));
        }
      }
      if (!more) {
        break;
      }
    }
    std::string reason;
    while (!trimmed(rest).empty()) {
      const std::string_view word = take_word(rest);
      if (word.starts_with("until=")) {
        result.until = unquoted(word.substr(6));
      } else if (word.starts_with("owner=")) {
        result.owner = unquoted(word.substr(6));
      } else if (word.starts_with("instance=")) {
        result.instances.emplace_back(word.substr(9));
      } else {
        reason += (reason.empty() ? "" : " ") + std::string(word);
      }
    }
    result.reason = reason_of(reason);
    if (result.rules.empty() || result.rules.front().find('=') != std::string::npos) {
      result.problem = "it names no rule";
    } else if (!result.until.empty() && !is_date(result.until)) {
      result.problem = "\"" + result.until + "\" is no date (YYYY-MM-DD)";
    }
    finish(line, std::move(result), reach);
  }

  /// (tfsec|trivy):ignore:ID[attribute=value]:exp:DATE:ws:NAME, several in a row.
  void aqua(const CommentLine& line, std::string_view rest) {
    std::vector<Suppression> several;
    std::string reason;
    while (!trimmed(rest).empty()) {
      std::string_view word = take_word(rest);
      const bool trivy = word.starts_with("trivy:ignore:");
      if (!trivy && !word.starts_with("tfsec:ignore:")) {
        reason += (reason.empty() ? "" : " ") + std::string(word);
        continue;
      }
      Suppression one;
      one.style = trivy ? CommentStyle::kTrivy : CommentStyle::kTfsec;
      word.remove_prefix(std::string_view("trivy:ignore:").size());
      const std::size_t bracket = word.find('[');
      const std::size_t close = bracket == std::string_view::npos ? bracket : word.find(']', bracket);
      if (close != std::string_view::npos) {
        attributes(word.substr(bracket + 1, close - bracket - 1), one);
      }
      const std::size_t colon = word.find(':', close == std::string_view::npos ? 0 : close);
      const std::string_view id = word.substr(0, std::min(bracket, colon));
      one.rules.emplace_back(id);
      one.rule_regions.push_back(region_of(id));
      if (colon != std::string_view::npos) {
        aqua_options(word.substr(colon + 1), one);
      }
      several.push_back(std::move(one));
    }
    for (Suppression& one : several) {
      one.reason = reason_of(reason);
      finish(line, std::move(one), Reach::kItem);
    }
  }

  static void attributes(std::string_view text, Suppression& result) {
    while (!text.empty()) {
      const std::size_t comma = text.find(',');
      const std::string_view pair = trimmed(text.substr(0, comma));
      text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos) {
        result.attributes.emplace_back(trimmed(pair.substr(0, equals)), unquoted(trimmed(pair.substr(equals + 1))));
      }
    }
  }

  static void aqua_options(std::string_view text, Suppression& result) {
    while (!text.empty()) {
      const std::size_t colon = text.find(':');
      const std::string_view key = text.substr(0, colon);
      text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
      const std::size_t next = text.find(':');
      const std::string_view value = text.substr(0, next);
      text.remove_prefix(next == std::string_view::npos ? text.size() : next + 1);
      if (key == "exp") {
        result.until = std::string(value);
        if (!is_date(value)) {
          result.problem = "\"" + result.until + "\" is no date (YYYY-MM-DD)";
        }
      } else if (key == "ws") {
        result.workspace = std::string(value);
      }
    }
  }

  void kics(const CommentLine& line, std::string_view command) {
    const std::string_view word = command.substr(0, command.find_first_of(" \t:"));
    const std::string_view reason = command.substr(word.size());
    if (word == "ignore") {
      add_all(line, word, reason, Reach::kHead);
    } else if (word == "ignore-line") {
      add_all(line, word, reason, Reach::kNext);
    } else if (word == "ignore-block") {
      add_all(line, word, reason, Reach::kItem);
    } else if (word.starts_with("disable=")) {
      add(line, CommentStyle::kKics, word.substr(8), reason, Reach::kHead);
    } else if (word.starts_with("enable=")) {
      add_all(line, word, reason, Reach::kHead, list_of_ids(word.substr(7)));
    }
  }

  /// A command of KICS that is about all rules without naming them.
  void add_all(const CommentLine& line, std::string_view word, std::string_view reason, Reach reach,
               const std::vector<std::string_view>& except = {}) {
    Suppression result;
    result.style = CommentStyle::kKics;
    result.reason = reason_of(reason);
    result.except.assign(except.begin(), except.end());
    result.rules.emplace_back("*");
    result.rule_regions.push_back(region_of(word));
    finish(line, std::move(result), reach);
  }

  static std::vector<std::string_view> list_of_ids(std::string_view text) {
    std::vector<std::string_view> result;
    while (!text.empty()) {
      const std::size_t comma = text.find(',');
      const std::string_view id = trimmed(text.substr(0, comma));
      text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
      if (!id.empty()) {
        result.push_back(id);
      }
    }
    return result;
  }

  /// Ids up to another comment mark, which begins the reason.
  void tflint(const CommentLine& line, std::string_view text, Reach reach) {
    const std::size_t mark = std::min(text.find('#'), text.find("//"));
    add(line, CommentStyle::kTflint, text.substr(0, mark),
        mark == std::string_view::npos ? std::string_view{} : text.substr(mark), reach);
  }

  void add(const CommentLine& line, CommentStyle style, std::string_view ids, std::string_view reason, Reach reach) {
    Suppression result;
    result.style = style;
    result.reason = reason_of(reason);
    for (const std::string_view id : list_of_ids(ids)) {
      result.rules.emplace_back(id == "all" ? "*" : id);
      result.rule_regions.push_back(region_of(id));
    }
    finish(line, std::move(result), reach);
  }

  void finish(const CommentLine& line, Suppression result, Reach reach) {
    result.written = region(line.begin, line.end);
    result.removal = removal(line);
    result.scope = scope(line, reach, result.subject);
    if (!result.scope.valid() && result.problem.empty() && result.style == CommentStyle::kGabion) {
      result.problem = "nothing follows that it could be about";
    }
    if (result.scope.valid() || result.style == CommentStyle::kGabion) {
      found_.push_back(std::move(result));
    }
  }

  /// The comment's lines when it is alone on them, else the comment with the blanks before it.
  [[nodiscard]] Region removal(const CommentLine& line) const {
    std::uint32_t begin = line.begin;
    std::uint32_t end = line.end;
    while (begin > 0 && is_space(text_[begin - 1])) {
      --begin;
    }
    if (line.alone) {
      while (end < text_.size() && (is_space(text_[end]) || text_[end] == '\r')) {
        ++end;
      }
      if (end < text_.size() && text_[end] == '\n') {
        ++end;
      }
    }
    return region(begin, end);
  }

  /// "aws_kms_key.a", "data.aws_x.b", "module.m" ...
  static std::string address_of(const hcl::Block& block) {
    std::string result = block.type == "resource" ? "" : std::string(block.type);
    for (const hcl::Label& label : block.labels) {
      result += (result.empty() ? "" : ".") + std::string(label.text());
    }
    return result;
  }

  Region lines(std::uint32_t first, std::uint32_t last) const {
    return region(artifact_.lines().begin_of_line(first), artifact_.lines().begin_of_line(last + 1));
  }

  Region scope(const CommentLine& comment, Reach reach, std::string& subject) {
    const hcl::Body& file = tree();
    const std::uint32_t first = line_of(comment.begin);
    const std::uint32_t last = line_of(comment.end);
    // The bodies around the comment, the file's first.
    std::vector<const hcl::Body*> bodies{&file};
    std::vector<const hcl::Block*> blocks;
    while (true) {
      const hcl::Body& body = *bodies.back();
      const auto inside = std::find_if(body.blocks.begin(), body.blocks.end(), [&](const hcl::Block& block) {
        return block.region.begin < comment.begin && comment.begin < block.region.end;
      });
      if (inside == body.blocks.end()) {
        break;
      }
      blocks.push_back(&*inside);
      bodies.push_back(inside->body);
    }
    if (!blocks.empty()) {
      subject = address_of(*blocks.front());
    }
    switch (reach) {
      case Reach::kFile:
        subject.clear();
        return artifact_.whole();
      case Reach::kHead: {
        const bool at_head = std::none_of(file.attributes.begin(), file.attributes.end(),
                                          [&](const auto& item) { return item.region.begin < comment.begin; }) &&
                             std::none_of(file.blocks.begin(), file.blocks.end(),
                                          [&](const auto& item) { return item.region.begin < comment.begin; });
        subject.clear();
        return at_head ? artifact_.whole() : Region{};
      }
      case Reach::kBlock:
        return blocks.empty() ? Region{} : blocks.front()->region;
      case Reach::kLines:
        return lines(first, last + 1);
      case Reach::kNext:
        return lines(last + 1, last + 1);
      case Reach::kItem:
        break;
    }
    if (!comment.alone) {
      return on_line(bodies, blocks, first, subject);
    }
    const hcl::Body& body = *bodies.back();
    for (const hcl::Attribute& attribute : body.attributes) {
      if (attribute.region.begin < comment.begin && comment.begin < attribute.region.end) {
        return next_element(*attribute.expression, comment.end);
      }
    }
    const hcl::Attribute* attribute = nullptr;
    for (const hcl::Attribute& candidate : body.attributes) {
      if (candidate.region.begin >= comment.end && attribute == nullptr) {
        attribute = &candidate;
      }
    }
    const hcl::Block* block = nullptr;
    for (const hcl::Block& candidate : body.blocks) {
      if (candidate.region.begin >= comment.end && block == nullptr) {
        block = &candidate;
      }
    }
    if (attribute != nullptr && (block == nullptr || attribute->region.begin < block->region.begin)) {
      return attribute->region;
    }
    if (block != nullptr) {
      if (blocks.empty()) {
        subject = address_of(*block);
      }
      return block->region;
    }
    return blocks.empty() ? Region{} : blocks.back()->region;
  }

  /// What begins on the line: a block around the comment, an attribute, a block, a part of an expression; else the
  /// line.
  Region on_line(const std::vector<const hcl::Body*>& bodies, const std::vector<const hcl::Block*>& blocks,
                 std::uint32_t line, std::string& subject) const {
    for (const hcl::Block* block : blocks) {
      if (line_of(block->region.begin) == line) {
        return block->region;
      }
    }
    const hcl::Body& body = *bodies.back();
    for (const hcl::Block& block : body.blocks) {
      if (line_of(block.region.begin) == line) {
        if (blocks.empty()) {
          subject = address_of(block);
        }
        return block.region;
      }
    }
    for (const hcl::Attribute& attribute : body.attributes) {
      const std::uint32_t begin = line_of(attribute.region.begin);
      if (begin == line) {
        return attribute.region;
      }
      if (begin < line && line <= line_of(attribute.region.end)) {
        return element_on(*attribute.expression, line);
      }
    }
    return lines(line, line);
  }

  /// Parts of an expression in which comments can stand.
  static std::vector<const hcl::Expression*> parts_of(const hcl::Expression& expression) {
    switch (expression.kind) {
      case hcl::ExpressionKind::kTuple: {
        const auto& tuple = hcl::as<hcl::TupleExpression>(expression);
        return {tuple.elements.begin(), tuple.elements.end()};
      }
      case hcl::ExpressionKind::kFunctionCall: {
        const auto& call = hcl::as<hcl::FunctionCall>(expression);
        return {call.arguments.begin(), call.arguments.end()};
      }
      case hcl::ExpressionKind::kParentheses:
        return {hcl::as<hcl::ParenthesesExpression>(expression).inner};
      case hcl::ExpressionKind::kConditional: {
        const auto& choice = hcl::as<hcl::ConditionalExpression>(expression);
        return {choice.condition, choice.true_result, choice.false_result};
      }
      default:
        return {};
    }
  }

  /// A part with the region that it is written in: an item of an object includes its key.
  struct Part {
    const hcl::Expression* expression;
    Region region;
  };
  static std::vector<Part> regions_of(const hcl::Expression& expression) {
    std::vector<Part> result;
    if (expression.kind == hcl::ExpressionKind::kObject) {
      for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(expression).items) {
        result.push_back({item.value, item.region()});
      }
      return result;
    }
    for (const hcl::Expression* part : parts_of(expression)) {
      result.push_back({part, part->region});
    }
    return result;
  }

  /// The element behind a place inside of an expression; the innermost list or object around it when nothing follows.
  static Region next_element(const hcl::Expression& whole, std::uint32_t place) {
    const hcl::Expression* at = &whole;
    while (true) {
      const hcl::Expression* inside = nullptr;
      for (const Part& part : regions_of(*at)) {
        if (part.region.begin >= place) {
          return part.region;
        }
        if (part.region.begin < place && place < part.region.end) {
          inside = part.expression;
          break;
        }
      }
      if (inside == nullptr) {
        return at->region;
      }
      at = inside;
    }
  }

  /// The outermost part of an expression that begins on the line; else the line.
  Region element_on(const hcl::Expression& whole, std::uint32_t line) const {
    const hcl::Expression* at = &whole;
    while (at != nullptr) {
      const hcl::Expression* inside = nullptr;
      for (const Part& part : regions_of(*at)) {
        const std::uint32_t begin = line_of(part.region.begin);
        if (begin == line) {
          return part.region;
        }
        if (begin < line && line <= line_of(part.region.end)) {
          inside = part.expression;
        }
      }
      at = inside;
    }
    return lines(line, line);
  }

  const source::Artifact& artifact_;
  std::string_view text_;
  source::Arena arena_;
  const source::Limits& limits_;
  const KnownTree& known_tree_;
  const hcl::Body* tree_ = nullptr;  ///< once it was asked for
  std::vector<Suppression> found_;
};

/// Whether any of the words by which suppressions begin occurs at all: most files have none and are not read again.
bool may_suppress(std::string_view text) {
  // Letters are everywhere: what is looked for begins with what is rarer in them, and the rest stands around it.
  const auto occurs = [&](char mark, std::initializer_list<std::pair<std::string_view, std::string_view>> around) {
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
      for (const auto& [before, after] : around) {
        if (text.substr(at + 1).starts_with(after) && text.substr(0, at).ends_with(before)) {
          return true;
        }
      }
    }
    return false;
  };
  return occurs(':', {{"", "ignore"}, {"", "skip="}}) || occurs('-', {{"kics", "scan"}, {"tflint", "ignore"}});
}

}  // namespace

std::string_view name(CommentStyle style) {
  return kNames[static_cast<std::size_t>(style)];
}

std::span<const std::string_view> other_comment_styles() {
  return std::span(kNames).subspan(1);
}

std::vector<Suppression> suppressions_of(const source::Artifact& artifact, const source::Limits& limits,
                                         const KnownTree& known_tree) {
  return may_suppress(artifact.bytes()) ? Reader(artifact, limits, known_tree).run() : std::vector<Suppression>{};
}

}  // namespace gabion::engine
