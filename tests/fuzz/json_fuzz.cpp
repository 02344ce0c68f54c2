// fuzz: syntax
// Any bytes: the JSON parser ends, its regions nest, and it accepts what another parser accepts. The byte 0x7F stands
// for a hole, so that templates are fuzzed too.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input.h"
#include "syntax/json/parser.h"

namespace json = gabion::syntax::json;
using gabion::source::ArtifactId;
using gabion::source::Region;

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

/// The nesting is bounded by the parser's limit, and so is this walk.
void check(const json::Value& value, const Region& within, std::string_view text) {
  require(within.contains(value.region) && value.region.begin <= value.region.end);
  if (value.kind == json::Kind::kNumber) {
    require(value.text == text.substr(value.region.begin, value.region.size()));
  }
  std::uint32_t last = value.region.begin;
  const auto in_order = [&](const Region& region) {
    require(last <= region.begin);
    last = region.end;
  };
  for (const json::Value& element : value.elements) {
    in_order(element.region);
    check(element, value.region, text);
  }
  for (const json::Member& member : value.members) {
    in_order(member.name_region);
    in_order(member.value.region);
    check(member.value, value.region, text);
  }
}

/// What the other parser says; nothing where it gives up since a number is larger than it can hold.
std::optional<bool> accepted(const std::string& text) {
  try {
    return !nlohmann::json::parse(text).is_discarded();
  } catch (const nlohmann::json::out_of_range&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = text_of(data, size);
  const Region whole{ArtifactId{0}, 0, static_cast<std::uint32_t>(size)};
  {
    gabion::source::Arena arena;
    gabion::source::Limits limits;
    limits.nesting = 100;
    const json::Parsed parsed = json::parse(text, whole, arena, limits);
    require(parsed.value != nullptr || !parsed.diagnostics.empty());
    for (const auto& diagnostic : parsed.diagnostics) {
      require(whole.contains(diagnostic.region));
    }
    if (parsed.value != nullptr) {
      check(*parsed.value, whole, text);
    }
    // Where they differ on purpose: the other one takes a byte order mark, ends at NUL, and rejects lone surrogates.
    const bool comparable = text.find('\0') == std::string::npos && !text.starts_with("\xEF");
    if (comparable && (!parsed.ok() || text.find("\\u") == std::string::npos)) {
      require(accepted(text).value_or(parsed.ok()) == parsed.ok() || size > 100);  // deeper than the limit, perhaps
    }
  }
  std::vector<json::Piece> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == '\x7F') {
      const Region region{ArtifactId{0}, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(i)};
      pieces.push_back({std::string_view(text).substr(begin, i - begin), -1, region, i % 3 != 0});
      if (i < text.size()) {
        const Region hole{ArtifactId{0}, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1)};
        pieces.push_back({{}, static_cast<std::int32_t>(i), hole, false});
      }
      begin = i + 1;
    }
  }
  gabion::source::Arena arena;
  const json::Parsed parsed = json::parse(pieces, arena, {});
  require(parsed.value != nullptr || !parsed.diagnostics.empty());
  return 0;
}
