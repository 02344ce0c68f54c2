#include "engine/yaml_check.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace gabion::engine {
namespace {

/// Values of a document when every alias is replaced by what it stands for.
constexpr std::uint64_t kMostValues = 100'000;

/// Weighs a document without making it.
class Scale final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (begin_ == mark.pos) {
      fail(mark, "not YAML: no value begins like this", "quote texts that begin with one of YAML's own characters");
    }
    begin_ = mark.pos;
    anchors_.clear();
    total_ = 0;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t anchor) override { add(anchor, 1); }
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& /*value*/) override {
    add(anchor, 1);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      fail(mark, "an alias stands inside of what it is an alias of", kWriteOut);
      return;
    }
    behind_ += known->second;
    if (behind_ > kMostValues) {
      fail(mark, "there are too many values behind aliases", kWriteOut);
    }
    add(0, known->second);
  }
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open_.push_back({anchor, 1});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open_.push_back({anchor, 1});
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] const std::optional<source::Error>& error() const { return error_; }

 private:
  struct Open {
    YAML::anchor_t anchor = 0;
    std::uint64_t weight = 0;
  };

  void add(YAML::anchor_t anchor, std::uint64_t weight) {
    if (anchor != 0) {
      anchors_[anchor] = weight;
    }
    std::uint64_t& sum = open_.empty() ? total_ : open_.back().weight;
    sum = std::min(sum + weight, kMostValues + 1);
  }

  void close() {
    const Open done = open_.back();
    open_.pop_back();
    add(done.anchor, done.weight);
  }

  void fail(const YAML::Mark& mark, std::string message, std::string_view hint) {
    if (!error_) {
      error_ = source::Error{.message = std::move(message),
                             .path = {},
                             .line = static_cast<std::uint32_t>(mark.line + 1),
                             .column = static_cast<std::uint32_t>(mark.column + 1),
                             .hint = std::string(hint)};
    }
  }

  static constexpr std::string_view kWriteOut = "write the values out";

  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::uint64_t> anchors_;
  std::uint64_t total_ = 0;
  std::uint64_t behind_ = 0;
  std::optional<int> begin_;  ///< of the document, in characters
  std::optional<source::Error> error_;
};

}  // namespace

std::optional<source::Error> check_yaml(std::string_view path, std::string_view text) {
  Scale scale;
  // yaml-cpp throws on malformed text; whoever reads it says so.
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (!scale.error() && parser.HandleNextDocument(scale)) {
    }
  } catch (const YAML::Exception&) {
    return std::nullopt;
  }
  std::optional<source::Error> error = scale.error();
  if (error) {
    error->path = path;
  }
  return error;
}

}  // namespace gabion::engine
