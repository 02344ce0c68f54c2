#include "engine/loop_names.h"

#include <charconv>
#include <cstddef>

#include "eval/loop_places.h"

namespace gabion::engine {
namespace {

/// Path, text of the line, how many there are of it before, and column.
std::string name_at(const source::Artifact& artifact, std::size_t offset) {
  const std::string_view bytes = artifact.bytes();
  const std::size_t begin = offset == 0 ? 0 : bytes.rfind('\n', offset - 1) + 1;
  const std::string_view line = bytes.substr(begin, bytes.find('\n', offset) - begin);
  std::size_t before = 0;
  for (std::size_t at = 0; at < begin; at = bytes.find('\n', at) + 1) {
    before += bytes.substr(at, bytes.find('\n', at) - at) == line ? 1U : 0U;
  }
  return std::string(artifact.path()) + ":" + std::string(line) + ":" + std::to_string(before) + ":" +
         std::to_string(offset - begin);
}

}  // namespace

std::string LoopNames::named(std::string_view text) {
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = eval::find_loop_place(text, 0, 0); at != std::string_view::npos;) {
    const std::size_t end = eval::end_of_loop_place(text, at);
    if (const std::string* name = name_of(text.substr(at + 1, end - at - 1))) {
      result.append(text.substr(copied, at + 1 - copied)).append(*name);
      copied = end;
    }
    at = eval::find_loop_place(text, end, end);
  }
  return result.append(text.substr(copied));
}

const std::string* LoopNames::name_of(std::string_view digits) {
  std::uint64_t place = 0;
  if (digits.empty() || std::from_chars(digits.data(), digits.data() + digits.size(), place).ec != std::errc()) {
    return nullptr;
  }
  const auto [known, fresh] = names_.try_emplace(place);
  if (fresh) {
    if (read_.empty()) {
      for (std::size_t i = 0; i < artifacts_.size(); ++i) {
        read_.emplace(static_cast<std::uint64_t>(artifacts_.added(i).id()), &artifacts_.added(i));
      }
    }
    const auto artifact = read_.find(place >> 32U);
    const std::size_t offset = place & 0xffffffffU;
    if (artifact != read_.end() && offset < artifact->second->bytes().size()) {
      known->second = name_at(*artifact->second, offset);
    }
  }
  return known->second.empty() ? nullptr : &known->second;
}

}  // namespace gabion::engine
